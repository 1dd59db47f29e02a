import { execFile } from 'node:child_process'

import { type Attach, findProgram } from './configuration.js'
import { readVerdict, type Verdict } from './verdict.js'

/** How the command is run. */
export interface Command {
  /** The program and its first arguments. */
  readonly line: readonly [string, ...string[]]
  readonly env: NodeJS.ProcessEnv
}

/** Longer than any verdict takes; then the attach goes on without one. */
const limitMs = 20_000

/**
 * May the program that will attach do so? What this process starts is asked about, so it has to be the
 * one that starts the debugger.
 *
 * @param adapter - the PID of the adapter, if it runs: what it started descends from it alone
 * @throws Error with one sentence if there is no verdict
 */
export async function ask(
  { pid, tracers }: Attach,
  command: Command,
  adapter: number | null,
): Promise<Verdict> {
  const found = tracers.flatMap((name) => findProgram(name, command.env['PATH'] ?? '') ?? [])
  const tracer = found[0] === undefined ? 'child' : `program:${found[0]}`
  const verdict = await check(pid, tracer, command)
  if (verdict.cause !== 'yama-restricted' || adapter === null) return verdict
  const own = await check(pid, `pid:${adapter}`, command)
  return own.verdict === 'allowed' ? own : verdict
}

function check(pid: number, tracer: string, { line, env }: Command): Promise<Verdict> {
  const [program, ...first] = line
  const args = [...first, 'check', '--json', '--tracer', tracer, String(pid)]
  return new Promise((done, fail) => {
    execFile(program, args, { env, timeout: limitMs }, (error, stdout, stderr) => {
      try {
        done(readVerdict(stdout))
      } catch {
        const said = stderr.trim().split('\n')[0]
        fail(new Error(said || error?.message.split('\n')[0] || 'check printed no verdict'))
      }
    })
  })
}
