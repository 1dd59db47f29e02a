/** The folders for hosts without Node are tried where there is nothing else. */

import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { cli } from '../helpers/cli.js'
import { needs } from '../helpers/needs.js'
import { root } from '../helpers/node.js'
import { withArchive } from '../kernels/archive.js'
import { entry, temporary } from '../kernels/host.js'
import { execute } from './project.js'

const directory = temporary(tmpdir(), 'ptrace-probe-portable-')

/** Makes the tarballs for x64 in a directory of that name; their hashes by their names. */
async function make(name: string): Promise<Readonly<Record<string, string>>> {
  const out = join(directory, name)
  const script = join(root, 'scripts/portable.mjs')
  const options = ['--arch', 'x64', '--fast', '--out', out]
  const { code, stderr } = await execute([process.execPath, script, ...options], { cwd: root })
  if (code !== 0) throw new Error(stderr)
  return Object.fromEntries(
    readdirSync(out).map((file) => {
      return [
        file,
        createHash('sha256')
          .update(readFileSync(join(out, file)))
          .digest('hex'),
      ]
    }),
  )
}

async function unpacked(tarball: string): Promise<string> {
  const place = join(directory, `${tarball}.d`)
  mkdirSync(place)
  await execute(['tar', 'xf', join(directory, 'first', tarball), '-C', place], { cwd: directory })
  return join(place, 'ptrace-probe')
}

const first = await make('first')
const whole = await unpacked('ptrace-probe-linux-x64.tar.xz')
const light = await unpacked('ptrace-probe-linux.tar.xz')

t.test('the same sources give the same bytes', async (t) => {
  t.strictSame(Object.keys(first), ['ptrace-probe-linux-x64.tar.xz', 'ptrace-probe-linux.tar.xz'])
  t.strictSame(await make('second'), first)
})

t.test('the folder has a Node, the command and the addon, and little else', async (t) => {
  const files = readdirSync(whole, { recursive: true, encoding: 'utf8' })
  t.strictSame(files.filter((name) => !statSync(join(whole, name)).isDirectory()).sort(), [
    'LICENSE',
    'LICENSE-node',
    'LICENSE-valibot.md',
    'lib/ptrace-probe.cjs',
    'node',
    'package.json',
    'prebuilds/linux-x64/ptrace-probe.node',
    'ptrace-probe',
  ])
  t.ok(statSync(join(directory, 'first/ptrace-probe-linux.tar.xz')).size < 170_000)
})

t.test('the launcher runs the Node beside it, or else that of the host', async (t) => {
  const version = cli(['--version']).stdout
  for (const folder of [whole, light]) {
    const { code, stdout } = await execute([join(folder, 'ptrace-probe'), '--version'], {
      cwd: '/',
      // The folder without Node has to find one, and the other one must not.
      env: {
        PATH: folder === light ? `${dirname(process.execPath)}:/usr/bin:/bin` : '/usr/bin:/bin',
      },
    })
    t.match({ code, stdout }, { code: 0, stdout: version })
  }
  const { stdout } = await execute([join(light, 'ptrace-probe'), 'collect'], { cwd: '/' })
  t.match(JSON.parse(stdout), { report: { schemaVersion: 1 } })
})

/** Copies what of this machine Node loads. */
async function ownLibraries(place: string): Promise<void> {
  const { stdout: libraries } = await execute(['ldd', join(whole, 'node')], { cwd: '/' })
  for (const [, path = ''] of libraries.matchAll(/(\/\S+)/g)) {
    mkdirSync(join(place, dirname(path)), { recursive: true })
    cpSync(path, join(place, path), { dereference: true })
  }
}

/** Those of Debian 11: its glibc 2.31 has libpthread in a file of its own, as all before 2.34 have. */
async function oldLibraries(place: string): Promise<void> {
  const kept = await entry('roots/bullseye-amd64-libraries', (draft) =>
    withArchive({ suite: 'bullseye', arch: 'amd64' }, (archive) =>
      archive.unpackAll(['libstdc++6'], draft),
    ),
  )
  cpSync(kept, place, { recursive: true, verbatimSymlinks: true })
}

for (const [whose, copy] of [
  ['this machine', ownLibraries],
  ['Debian 11', oldLibraries],
] as const) {
  t.test(
    `it measures in a root with only the libraries of ${whose}, read-only, with noexec, as an ordinary user`,
    needs.root(),
    async (t) => {
      const empty = mkdtempSync(join(directory, 'empty-'))
      chmodSync(empty, 0o755)
      await copy(empty)
      for (const name of ['proc', 'tmp', 'opt']) mkdirSync(join(empty, name), { recursive: true })
      cpSync(whole, join(empty, 'opt'), { recursive: true })
      const script = `mount --bind '${empty}' '${empty}'
      mount -t tmpfs -o noexec tmpfs '${empty}/tmp'
      mount -t proc proc '${empty}/proc'
      mount -o remount,bind,ro '${empty}'
      exec env -i /usr/sbin/chroot --userspec 65534:65534 '${empty}' /opt/node /opt/lib/ptrace-probe.cjs --json`
      const { code, stdout, stderr } = await execute(
        ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-ec', script],
        { cwd: '/' },
      )
      t.equal(code, 0, { stderr })
      const { caller, scope } = JSON.parse(stdout)
      t.match(caller, { uid: 65534, capSysPtrace: { effective: false } })
      t.ok(scope.enforced.name)
      t.not(scope.enforced.name, 'undetermined')
    },
  )
}
