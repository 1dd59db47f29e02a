import { setImmediate as turn } from 'node:timers/promises'

import type { Verdict } from '../../../lib/model/index.js'
import { debuggers, sessions } from '../judges/debuggers.js'
import type { Command, CommandRun, Confronted, SetScope } from '../results.js'
import { type Judgement, judge, judgeAll } from './judges/judge.js'
import { processes } from './processes.js'
import { converse } from './programs.js'

/** Those that show which rule refuses. */
const wanted = ['plain', 'naming-any', 'not-dumpable', 'other-user'] as const

/** Who asks and then attaches, and what starts a debugger as that user. */
const people = [
  { as: 'root', starter: 'child' },
  { as: 'user', starter: 'user' },
] as const

type RunCommand = (scope: SetScope, command: Command) => Promise<CommandRun>

/** What the command says of each target, and what gdb and strace then do. */
async function confront(
  scope: SetScope,
  targets: Readonly<Record<string, number>>,
  runCommand: RunCommand,
): Promise<Confronted[]> {
  const confronted: Confronted[] = []
  const pids = wanted.map((name) => targets[name] ?? 0)
  for (const { as, starter } of people) {
    const args = ['check', '--json', ...pids.map(String)]
    const { stdout } = await runCommand(scope, { as, args })
    const verdicts: readonly Verdict[] = JSON.parse(stdout)
    const write = (id: string, judgements: readonly Judgement[]) => {
      for (const [i, { outcome, said }] of judgements.entries()) {
        const [target, foretold] = [wanted[i], verdicts[i]]
        if (target === undefined || foretold === undefined) continue
        const { verdict, message } = foretold
        confronted.push({ scope, as, target, judge: id, verdict, message, outcome, said })
      }
    }
    for (const found of sessions.filter(({ id }) => id === 'gdb-each')) {
      write('gdb', await judgeAll(found, pids, { as: starter, path: null }))
    }
    for (const found of debuggers.filter(({ id }) => id === 'strace')) {
      const judgements: Judgement[] = []
      for (const pid of pids) {
        judgements.push(await judge(found, pid, { as: starter, path: null, mayWait: false }))
      }
      write('strace', judgements)
    }
  }
  return confronted
}

/** The same with targets that live only as long. */
export async function confrontTargets(
  scope: SetScope,
  runCommand: RunCommand,
): Promise<Confronted[]> {
  const maker = converse('./targets', [])
  try {
    return await confront(scope, JSON.parse(await maker.ready), runCommand)
  } finally {
    process.kill(maker.pid, 'SIGKILL')
    while (processes().some(({ name }) => name === 'targets')) await turn()
  }
}
