/** Runs the built command as a user would. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The built command. */
export const bin = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url))

/** What came of one run. */
export interface Run {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

/** The environment without what the test runner adds to it for its own children. */
export function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const foreign = /^(NODE_|_?TAP|npm_|LC_|LANG$|NO_COLOR$|FORCE_COLOR$|TERM$)/
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name))
  return { ...Object.fromEntries(kept), ...more }
}

/** Runs the command; `node` are options of Node itself. */
export function cli(args: readonly string[], node: readonly string[] = []): Run {
  return run(process.execPath, [...node, bin, ...args])
}

/** Runs a line of shell in which `"$@"` is the command with its arguments. */
export function shell(line: string, args: readonly string[]): Run {
  return run('/bin/sh', ['-c', line, 'sh', process.execPath, bin, ...args])
}

function run(file: string, args: readonly string[]): Run {
  const { status, signal, stdout, stderr } = spawnSync(file, args, {
    encoding: 'utf8',
    env: environment(),
    timeout: 30_000,
  })
  return { code: status, signal, stdout, stderr }
}
