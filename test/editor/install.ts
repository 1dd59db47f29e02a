/** Installs code-server, VS Code for a browser, from npm alone. */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { entry, run } from '../kernels/host.js'

const tools = fileURLToPath(new URL('tools', import.meta.url))
const gyp = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js')

/** Its addons that the server loads when it starts; all others are for a terminal or for Windows. */
const addons = [
  'argon2',
  'code-server/lib/vscode/node_modules/@vscode/spdlog',
  'code-server/lib/vscode/node_modules/native-watchdog',
] as const

/** What argon2's own builder tells node-gyp. */
const argon2 = ['--module_name=argon2', '--napi_build_version=3']

/**
 * Its own installer would also fetch programs from elsewhere. No script of a package runs.
 *
 * @returns the directory of the packages
 */
export async function installEditor(): Promise<string> {
  const lock = readFileSync(join(tools, 'package-lock.json'))
  const id = createHash('sha256').update(lock).update(process.versions.modules).digest('hex')
  const directory = await entry(`editor-${id.slice(0, 16)}`, async (draft) => {
    await cp(tools, draft, { recursive: true })
    const ci = ['ci', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund']
    await run('npm', ci, { cwd: draft })
    const packages = join(draft, 'node_modules')
    const editor = join(packages, 'code-server/lib/vscode')
    // Its lock leaves out a peer, which only its telemetry would need.
    await run('npm', [...ci, '--legacy-peer-deps'], { cwd: editor })
    const headers = join(dirname(process.execPath), '..')
    const place = join(packages, 'argon2/lib/binding/napi-v3')
    const options = [`--nodedir=${headers}`, ...argon2, `--module_path=${place}`]
    for (const addon of addons) {
      const build = [gyp, 'rebuild', '--silent', ...options]
      await run(process.execPath, build, { cwd: join(packages, addon) })
    }
    execFileSync('ln', ['-s', 'node_modules', join(editor, 'node_modules.asar')])
  })
  return join(directory, 'node_modules')
}
