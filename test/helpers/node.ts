import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The built library, for programs that tests start. */
export const built = new URL('../../dist/index.js', import.meta.url).href

/** The root of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** An environment without the test runner's hooks, which would run in every Node that it starts. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(NODE_OPTIONS|_?TAP)/.test(name)),
  )
}

/** Starts a program in Node, an ES module given as text, as the leader of a session of its own. */
export function start(
  program: string,
  options: SpawnOptions = {},
  wrapper: string[] = [],
): ChildProcess {
  const [command = '', ...args] = [
    ...wrapper,
    process.execPath,
    '--input-type=module',
    '--eval',
    program,
  ]
  return spawn(command, args, { cwd: root, env: plainEnvironment(), detached: true, ...options })
}

/** What a program wrote and how it ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Waits for the end of a program. */
export async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal, stdout, stderr }
}

/** Runs a program to its end. */
export async function run(
  program: string,
  options?: SpawnOptions,
  wrapper?: string[],
): Promise<Ended> {
  return ended(start(program, options, wrapper))
}
