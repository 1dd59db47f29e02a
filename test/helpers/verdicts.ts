/** Verdicts as the library gives them, and a command that runs in a world of the test's own. */

import type { Outside, SurveyOptions } from '../../lib/cli/context.js'
import { main } from '../../lib/cli/main.js'
import { difference } from '../../lib/fleet/diff.js'
import { mergeSources } from '../../lib/fleet/merge.js'
import { readMeasured } from '../../lib/fleet/read.js'
import { sourcesOf } from '../../lib/fleet/sources.js'
import { answerTitles, causeRows } from '../../lib/model/causes.js'
import { PtraceProbeError } from '../../lib/model/errors.js'
import type {
  Allowed,
  Cause,
  Denied,
  Remedy,
  Report,
  Undetermined,
  Verdict,
} from '../../lib/model/index.js'
import { bytes, envelope } from './envelopes.js'
import { report } from './report.js'
import { configured } from './systems.js'
import { toolsReport } from './tools.js'

/** A process of uid 1000 that may be attached to, or what the test makes of it. */
export function verdict(differences: Partial<Allowed> = {}): Allowed {
  const { pid = 123, target } = differences
  return {
    schemaVersion: 1,
    pid,
    target: target ?? { pid, name: 'sleep', uid: 1000, state: 'S', parent: 1 },
    tracer: 'self',
    method: 'attach',
    verdict: 'allowed',
    cause: null,
    causes: [],
    certainty: 'proved',
    title: 'Access is allowed',
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
export function denied(differences: Partial<Denied> = {}): Denied {
  const { pid = 123, causes = [restricted] } = differences
  const [first] = causes
  return {
    ...verdict({ pid }),
    verdict: 'denied',
    cause: first?.id ?? 'undetermined',
    causes,
    title: causeRows[first?.id ?? 'undetermined'].title,
    message: `This process may not attach to sleep (${pid}): ${first?.message ?? 'the reason is not known'}.`,
    evidence: [
      { source: 'pidfd_getfd', result: 'EPERM' },
      { source: 'get_robust_list', result: 'success' },
    ],
    remedies,
    ...differences,
  }
}

/** A process whose verdict is undetermined. */
export function undetermined(differences: Partial<Undetermined> = {}): Undetermined {
  return {
    ...verdict(),
    verdict: 'undetermined',
    cause: 'undetermined',
    certainty: 'undetermined',
    title: answerTitles.undetermined,
    message: 'Whether this process may attach to sleep (123) cannot be told: no oracle works here.',
    evidence: [],
    ...differences,
  }
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
  const given: Pick<
    Outside,
    'probe' | 'tools' | 'survey' | 'settings' | 'processesNamed' | 'collect'
  > &
    Answers = {
    probe: async (): Promise<Report> => report(),
    tools: async () => toolsReport(),
    canAttach: async (pid: number, { tracer }: SurveyOptions) =>
      verdict({ pid, tracer: tracer ?? 'self' }),
    survey: async function* () {
      yield verdict()
    },
    settings: async () => configured(),
    collect: async ({ policies }) => envelope({}, policies),
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
    rows: undefined,
    env: {},
    pid: 4242,
    readCache: async () => null,
    writeCache: async () => {},
    fingerprint: async () => 'here',
    now: () => 0,
    version: async () => '1.2.3',
    home: '/usr/lib/node_modules/ptrace-probe',
    uidOf: async () => 1000,
    factsAbout: () => ({}),
    ticks: () => async () => false,
    isWatched: () => false,
    isTyped: () => false,
    merge: async (paths, progress) =>
      mergeSources(
        sourcesOf(paths, () => bytes('')),
        progress,
      ),
    readMeasured: async (path) => readMeasured(path),
    difference: async (...both) => difference(...both),
    findTool: async (name) => ({ path: `/usr/bin/${name}`, by: [['attach']] }),
    readPolicy: async () => {
      throw new Error('This world has no files')
    },
    ...world,
    probe: (options) => {
      asked.push(['probe', options])
      return given.probe(options)
    },
    collect: (options) => {
      asked.push(['collect', options])
      return given.collect(options)
    },
    tools: (options) => {
      asked.push(['tools', options])
      return given.tools(options)
    },
    canAttachEach: (pid, tracers, options) =>
      Promise.all(
        tracers.map(async (tracer) => {
          asked.push(['canAttach', pid, { tracer, ...options }])
          try {
            return { tracer, verdict: await given.canAttach(pid, { tracer, ...options }) }
          } catch (error) {
            if (error instanceof PtraceProbeError) return { tracer, error }
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
