/** Packs the package as it would be published, and installs and runs it as users do. */

import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Ended, ended, plainEnvironment } from '../helpers/node.js'
import { entry, run } from '../kernels/host.js'

const ownTools = fileURLToPath(new URL('tools', import.meta.url))

/**
 * Installs what a `package.json` of the tests names; of this directory these are runtimes and package
 * managers.
 *
 * @returns the directory of the packages
 */
export async function installedTools(tools = ownTools): Promise<string> {
  const lock = join(tools, 'package-lock.json')
  const name = `tools-${createHash('sha256').update(readFileSync(lock)).digest('hex').slice(0, 16)}`
  const directory = await entry(name, async (draft) => {
    await cp(tools, draft, { recursive: true })
    // Forced, for npm sees no use for programs that need musl.
    const args = [
      'ci',
      '--force',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]
    await run('npm', args, { cwd: draft })
  })
  return join(directory, 'node_modules')
}

/** What of this process' environment a user's shell would have. */
function environment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(plainEnvironment()).filter(([name]) => !/^npm_|^NO_COLOR$/.test(name))
  return { ...Object.fromEntries(kept), ...more }
}

/** Runs a program to its end. */
export function execute(
  [command = '', ...args]: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  const child: ChildProcess = spawn(command, args, {
    cwd,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return ended(child)
}

/** A project that has installed the tarball, with scripts off. */
export async function install(tarball: string, project: string): Promise<string> {
  writeFileSync(join(project, 'package.json'), '{ "private": true }')
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', ['install', ...options, tarball], { cwd: project })
  return join(project, 'node_modules/ptrace-probe')
}
