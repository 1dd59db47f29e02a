import { spawn } from 'node:child_process'
import { once } from 'node:events'

import type { Report } from '../../../lib/model/index.js'
import type { Changed, ChangingPair } from '../results.js'
import { leftovers, processes } from './processes.js'
import type { Conversation } from './programs.js'

/** Reports that are made of each pair of scopes. */
const rounds = 15

/**
 * Has the machine measured while another process sets the scope to the one and the other value all the
 * time, so that some attempts of a report meet the one and some the other.
 */
export async function measureChanging(
  yama: string,
  pair: ChangingPair,
  context: string,
  agent: Conversation,
): Promise<Changed> {
  const [one, other] = pair
  const loop = `echo ready; while echo ${one} > ${yama} && echo ${other} > ${yama}; do :; done`
  // The one of the guest's first file system: the root of another architecture has no shell.
  const changer = spawn('/run/busybox', ['sh', '-c', loop], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(changer.stdout, 'data')
  const before = processes()
  const reports: Report[] = []
  for (let round = 0; round < rounds; round++) {
    const { report }: { report: Report } = JSON.parse(await agent.ask())
    reports.push(report)
  }
  const left = leftovers(before, agent.pid)
  const ended = once(changer, 'exit')
  changer.kill('SIGKILL')
  await ended
  return { pair, context, reports, leftovers: left }
}
