/** A server of VS Code, with extensions, for an ordinary user. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { run } from '../kernels/host.js'

/** The user of the editor. */
export const asUser = ['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups', '--'] as const

const settings = {
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
}

export interface Server {
  readonly address: string
  /** The file of the user's settings. */
  readonly settings: string
}

/**
 * @param packages - where code-server is installed, perhaps in a place that only root may enter
 * @param configurations - of `launch.json`
 */
export async function startServer(
  t: Test,
  packages: string,
  extensions: readonly string[],
  configurations: readonly object[],
): Promise<Server> {
  // Not below the checkout, which may be in root's home.
  const home = mkdtempSync(join(tmpdir(), 'ptrace-probe-editor-'))
  t.teardown(() => rmSync(home, { recursive: true, force: true }))
  chmodSync(home, 0o755)
  for (const name of ['node_modules', 'project/.vscode', 'data/User']) {
    mkdirSync(join(home, name), { recursive: true })
  }
  const userSettings = join(home, 'data/User/settings.json')
  writeFileSync(userSettings, JSON.stringify(settings))
  writeFileSync(
    join(home, 'project/.vscode/launch.json'),
    JSON.stringify({ version: '0.2.0', configurations }),
  )
  await run('chown', ['-R', '1000:1000', home])
  const places = [
    '--user-data-dir',
    join(home, 'data'),
    '--extensions-dir',
    join(home, 'extensions'),
  ]
  const entry = join(home, 'node_modules/code-server/out/node/entry.js')
  const start = [
    ...['unshare', '--mount', 'sh', '-ec', 'mount --bind "$1" "$2"; shift 2; exec "$@"', 'sh'],
    ...[packages, join(home, 'node_modules'), ...asUser],
    ...['env', '-i', `HOME=${home}`, `PATH=${process.env['PATH']}`, process.execPath, entry],
    ...places,
  ]
  const [program = '', ...args] = start
  await run(program, [...args, ...extensions.flatMap((file) => ['--install-extension', file])])
  const options = ['--auth=none', '--bind-addr=127.0.0.1:0', '--disable-workspace-trust']
  const server = spawn(program, [...args, ...options, join(home, 'project')], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const closed = once(server, 'close') // and so has everything that it started
  t.teardown(async () => {
    // Without a number nothing was started, and 0 would be this process's own group.
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGTERM')
    await closed
  })
  const lines = createInterface({ input: server.stdout })
  for await (const line of lines) {
    const [, address] = /listening on (http:\S+)/.exec(line) ?? []
    if (address === undefined) continue
    server.stdout.resume()
    return { address: `${address}?folder=${join(home, 'project')}`, settings: userSettings }
  }
  throw new Error('code-server ended')
}
