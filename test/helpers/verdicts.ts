/** Verdicts as the library gives them, and a command that runs in a world of the test's own. */

import type { Outside, SurveyOptions } from '../../lib/cli/context.js'
import { main } from '../../lib/cli/main.js'
import { PtraceProbeError } from '../../lib/model/errors.js'
import type { Cause, Remedy, Report, Verdict } from '../../lib/model/index.js'
import { report } from './report.js'
import { configured } from './systems.js'
import { toolsReport } from './tools.js'

/** A process of uid 1000 that may be attached to, or what the test makes of it. */
export function verdict(differences: Partial<Verdict> = {}): Verdict {
  const { pid = 123, target } = differences
  return {
    schemaVersion: 1,
    pid,
    target: target ?? { pid, name: 'sleep', uid: 1000, state: 'S', parent: 1 },
    tracer: 'self',
    verdict: 'allowed',
    cause: null,
    causes: [],
    certainty: 'proved',
    message: `This process may attach to sleep (${pid}).`,
    evidence: [{ source: 'pidfd_getfd', result: 'EBADF' }],
    remedies: [],
    ...differences,
  }
}

const restricted: Cause = {
  id: 'yama-restricted',
  certainty: 'proved',
  message: 'Yama lets a process attach only to its descendants (scope 1)',
  evidence: [
    { source: '/proc/sys/kernel/yama/ptrace_scope', result: '1' },
    { source: 'ancestors', result: 'bash (100)' },
  ],
}

const remedies: readonly Remedy[] = [
  {
    id: 'start-under-debugger',
    does: 'Start the program under the debugger.',
    command: 'gdb --args sleep',
    needs: 'nothing',
    lasts: 'process',
    weakens: 'nothing',
  },
  {
    id: 'scope-0-now',
    does: 'Lift the restriction for the whole machine until the next boot.',
    command: 'sysctl -w kernel.yama.ptrace_scope=0',
    needs: 'root',
    lasts: 'boot',
    weakens: 'machine',
  },
]

/** The same process refused under scope 1. */
export function denied(differences: Partial<Verdict> = {}): Verdict {
  const { pid = 123, causes = [restricted] } = differences
  const [first] = causes
  return verdict({
    verdict: 'denied',
    cause: first?.id ?? 'undetermined',
    causes,
    message: `This process may not attach to sleep (${pid}): ${first?.message ?? 'nobody knows why'}.`,
    evidence: [
      { source: 'pidfd_getfd', result: 'EPERM' },
      { source: 'get_robust_list', result: 'success' },
    ],
    remedies,
    ...differences,
  })
}

/** A process of which nothing could be told. */
export function undetermined(differences: Partial<Verdict> = {}): Verdict {
  return verdict({
    verdict: 'undetermined',
    cause: 'undetermined',
    certainty: 'undetermined',
    message: 'Whether this process may attach to sleep (123) cannot be told: no oracle works here.',
    evidence: [],
    ...differences,
  })
}

/** What came of a command that ran in this process. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** The pieces in which standard output was written. */
  readonly written: readonly string[]
  /** What the library was asked, in order: the function and its arguments. */
  readonly asked: readonly unknown[][]
}

/** How the test answers for one tracer. */
interface Answers {
  readonly canAttach: (pid: number, options: SurveyOptions) => Promise<Verdict>
}

/** Runs the command with a world that the test controls. */
export async function runCommand(
  argv: readonly string[],
  world: Partial<Outside & Answers> = {},
): Promise<Ran> {
  const written: string[] = []
  const warned: string[] = []
  const asked: unknown[][] = []
  const given: Pick<Outside, 'probe' | 'tools' | 'survey' | 'settings' | 'processesNamed'> &
    Answers = {
    probe: async (): Promise<Report> => report(),
    tools: async () => toolsReport(),
    canAttach: async (pid: number, { tracer }: SurveyOptions) =>
      verdict({ pid, tracer: typeof tracer === 'string' ? tracer : 'self' }),
    survey: async function* () {
      yield verdict()
    },
    settings: async () => configured(),
    processesNamed: async () => [],
    ...world,
  }
  const code = await main(argv, {
    write: async (text) => {
      written.push(text)
    },
    writeFile: async () => {
      throw new Error('This world has no files')
    },
    warn: (text) => warned.push(text),
    isTTY: false,
    columns: undefined,
    env: {},
    pid: 4242,
    version: async () => '1.2.3',
    uidOf: async () => 1000,
    readPolicy: async () => {
      throw new Error('This world has no files')
    },
    ...world,
    probe: (options) => {
      asked.push(['probe', options])
      return given.probe(options)
    },
    tools: (options) => {
      asked.push(['tools', options])
      return given.tools(options)
    },
    canAttachEach: (pid, tracers, options) =>
      Promise.all(
        tracers.map(async (tracer) => {
          asked.push(['canAttach', pid, { tracer, ...options }])
          const name = typeof tracer === 'string' ? tracer : (`user:${tracer.user}` as const)
          try {
            return { tracer: name, verdict: await given.canAttach(pid, { tracer, ...options }) }
          } catch (error) {
            if (error instanceof PtraceProbeError) return { tracer: name, error }
            throw error
          }
        }),
      ),
    survey: (options) => {
      asked.push(['survey', options])
      return given.survey(options)
    },
    settings: (options) => {
      asked.push(['settings', options])
      return given.settings(options)
    },
    processesNamed: (name) => {
      asked.push(['processesNamed', name])
      return given.processesNamed(name)
    },
  })
  return { code, stdout: written.join(''), stderr: warned.join(''), written, asked }
}
