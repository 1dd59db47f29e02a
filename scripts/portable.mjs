// npm run portable: writes release/ptrace-probe-linux-x64.tar.xz and -arm64, for hosts without Node: a
// folder with a stripped Node, the command as one file, and the addon. Nothing is unpacked at run time,
// so it also works where /tmp is mounted with noexec. And release/ptrace-probe-linux.tar.xz without
// Node, for hosts that have one. The same commit always gives the same bytes.
//
// --arch ARCH makes only that one; --light only the one without Node; --out DIR writes them there;
// --fast compresses less, for tests.

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { prebuilds, tool } from './targets.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const { values } = parseArgs({
  options: {
    arch: { type: 'string' },
    light: { type: 'boolean' },
    out: { type: 'string' },
    fast: { type: 'boolean' },
  },
})
const release = resolve(values.out ?? join(root, 'release'))

/** Node's own builds, as npm has them, and what their packages have to hash to. */
const nodeVersion = '24.21.0'
const integrity = {
  x64: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  arm64:
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
}

const launcher = `#!/bin/sh
# The Node beside this file, or that of the host.
here=$(dirname "$(readlink -f "$0")")
node=$here/node
[ -x "$node" ] || node=node
exec "$node" "$here/lib/ptrace-probe.cjs" "$@"
`

const run = (command, args, options) =>
  execFileSync(command, args, { encoding: 'utf8', ...options })

/** The command with all that it loads in one file, and what it looks for beside that. */
async function withoutNode(folder, architectures) {
  await build({
    absWorkingDir: root,
    entryPoints: ['lib/cli/bin.ts'],
    outfile: join(folder, 'lib/ptrace-probe.cjs'),
    bundle: true,
    minifyWhitespace: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    logLevel: 'warning',
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__filename' },
  })
  for (const { arch, path } of prebuilds) {
    if (!architectures.includes(arch)) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    copyFileSync(join(root, path), join(folder, path))
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name, version, license })}\n`)
  writeFileSync(join(folder, 'ptrace-probe'), launcher)
  chmodSync(join(folder, 'ptrace-probe'), 0o755)
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  const valibot = join(root, 'node_modules/valibot/LICENSE.md')
  copyFileSync(valibot, join(folder, 'LICENSE-valibot.md'))
}

function addNode(folder, arch, directory) {
  const wanted = `node-linux-${arch}@${nodeVersion}`
  const args = ['pack', wanted, '--silent', '--pack-destination', directory]
  const tarball = join(directory, run('npm', args, { cwd: directory }).trim())
  const hash = createHash('sha512').update(readFileSync(tarball)).digest('base64')
  if (`sha512-${hash}` !== integrity[arch]) {
    throw new Error(`${wanted} is not the package that is expected: its hash is sha512-${hash}`)
  }
  run('tar', ['xzf', tarball, '-C', directory, 'package/bin/node', 'package/LICENSE'])
  const node = join(folder, 'node')
  copyFileSync(join(directory, 'package/bin/node'), node)
  copyFileSync(join(directory, 'package/LICENSE'), join(folder, 'LICENSE-node'))
  run(tool(arch, 'strip'), [node])
  chmodSync(node, 0o755)
}

/** The same bytes on every machine and at any time. */
function packed(directory, tarball) {
  const same = ['--sort=name', '--mtime=@499162500', '--owner=0', '--group=0', '--numeric-owner']
  const modes = '--mode=u=rwX,go=rX'
  // The blocks do not depend on how many threads there are, as long as it is more than one.
  const xz = values.fast ? 'xz -0 -T2' : 'xz -9 -T2 --block-size=64MiB'
  run('tar', [
    '-cf',
    tarball,
    `--use-compress-program=${xz}`,
    ...same,
    modes,
    '-C',
    directory,
    name,
  ])
}

async function make(tarball, architectures, nodeFor) {
  const directory = mkdtempSync(join(tmpdir(), 'ptrace-probe-portable-'))
  try {
    const folder = join(directory, name)
    mkdirSync(folder)
    await withoutNode(folder, architectures)
    if (nodeFor !== null) addNode(folder, nodeFor, directory)
    packed(directory, join(release, tarball))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  console.log(join(release, tarball))
}

const architectures = prebuilds
  .map(({ arch }) => arch)
  .filter((arch) => values.arch === undefined || values.arch === arch)
if (architectures.length === 0) throw new Error(`no architecture ${values.arch}`)
for (const { arch, path } of prebuilds) {
  if (architectures.includes(arch) && !existsSync(join(root, path)))
    run('npm', ['run', 'prebuilds'], { cwd: root })
}
mkdirSync(release, { recursive: true })
for (const arch of values.light ? [] : architectures) {
  await make(`${name}-linux-${arch}.tar.xz`, [arch], arch)
}
await make(`${name}-linux.tar.xz`, architectures, null)
