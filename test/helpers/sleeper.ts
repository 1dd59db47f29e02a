import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import type { Test } from 'tap'
import { find } from './processes.js'

/** A process that sleeps until the test is over. */
export async function sleeper(t: Test): Promise<number> {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await once(child, 'spawn')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const pid = child.pid ?? 0
  while (find(pid)?.name !== 'sleep' || find(pid)?.state !== 'S') await turn()
  return pid
}
