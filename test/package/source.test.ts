import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { pack } from '../../scripts/pack.mjs'
import { root } from '../helpers/node.js'
import { run, temporary } from '../kernels/host.js'
import { execute, install, installedTools } from './project.js'

const tools = await installedTools()
const directory = temporary(tmpdir(), 'ptrace-probe-package-')
const project = join(directory, 'project')
mkdirSync(project)
const tarball = pack(directory)
const installed = await install(tarball, project)
cpSync(join(import.meta.dirname, 'programs'), project, { recursive: true })
const command = join(installed, 'dist/bin.cjs')
const pretend = (machine: string) => ({
  PRETEND: machine,
  NODE_OPTIONS: `--require ${join(project, 'pretend.cjs')}`,
})

/** Runs a command without network and without headers of Node's, as a Node that has none either. */
function alone(args: readonly string[], cwd: string) {
  const hide = existsSync('/usr/include/node') ? 'mount -t tmpfs none /usr/include/node && ' : ''
  return execute(['unshare', '-rnm', 'sh', '-c', `${hide}exec "$@"`, 'sh', ...args], {
    cwd,
    env: { PATH: `${join(tools, 'node-24/bin')}:${process.env['PATH']}`, HOME: directory },
  })
}

for (const arch of ['riscv64', 'ppc64', 's390x']) {
  t.test(`on ${arch} a call says what was tried, and the command that builds`, async (t) => {
    const { code, stdout } = await execute([process.execPath, 'elsewhere.mjs'], {
      cwd: project,
      env: pretend(`linux-${arch}`),
    })
    t.equal(code, 0)
    const { supported, thrown } = JSON.parse(stdout)
    t.equal(supported, true)
    for (const [name, error] of Object.entries<{ code: string; message: string }>(thrown)) {
      t.equal(error?.code, 'ERR_PTRACE_PROBE_ADDON', name)
      t.match(error.message, `linux-${arch}`)
      t.match(error.message, `node ${join(installed, 'scripts/build-native.mjs')}`)
    }
  })
}

t.test(
  'on macOS and Windows the import works, and each call says that it is for Linux',
  async (t) => {
    for (const platform of ['darwin', 'win32']) {
      const env = pretend(platform)
      const calls = await execute([process.execPath, 'elsewhere.mjs'], { cwd: project, env })
      t.equal(calls.code, 0, calls)
      const { supported, skip, thrown } = JSON.parse(calls.stdout)
      const sentence = `ptrace-probe works on Linux only, this is ${platform}`
      t.equal(supported, false)
      t.match(skip, 'needs Linux')
      for (const name of Object.keys(thrown)) {
        const expected = { code: 'ERR_PTRACE_PROBE_PLATFORM', message: sentence }
        t.strictSame(thrown[name], expected, name)
      }
      for (const args of [[], ['check', '1'], ['survey']]) {
        const run = await execute([process.execPath, command, ...args], { cwd: project, env })
        t.match(run, { code: 3, stdout: '', stderr: `ptrace-probe: ${sentence}\n` }, args.join(' '))
      }
      for (const option of ['--help', '--version']) {
        const run = await execute([process.execPath, command, option], { cwd: project, env })
        t.match(run, { code: 0, stderr: '' }, option)
      }
    }
  },
)

t.test('on macOS and Windows it can be installed', async (t) => {
  for (const os of ['darwin', 'win32']) {
    const elsewhere = join(directory, os)
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'package.json'), '{ "private": true }')
    const options = ['--ignore-scripts', '--no-audit', `--os=${os}`, '--cpu=arm64']
    const { code, stderr } = await execute(['npm', 'install', ...options, tarball], {
      cwd: elsewhere,
    })
    t.equal(code, 0, { stderr })
  }
})

t.test('the command that is named builds, without network and without Node headers', async (t) => {
  rmSync(join(installed, 'prebuilds'), { recursive: true })
  const build = join(installed, 'scripts/build-native.mjs')
  const built = await alone(['node', build], project)
  t.match(built, { code: 0, stderr: '' }, built)
  const run = await execute([process.execPath, command, '--json'], { cwd: project })
  t.equal(run.code, 0, run)
})

t.test('where it cannot be built, it says what building needs', async (t) => {
  const build = [process.execPath, join(installed, 'scripts/build-native.mjs')]
  const env = { CXX: '/nonexistent/c++' }
  const { code, stderr } = await execute(build, { cwd: project, env })
  t.equal(code, 1)
  t.match(stderr, /ptrace-probe: building failed; it needs python3, make and a C\+\+17 compiler\n$/)
})

t.test('a checkout is built and run without network and without Node headers', async (t) => {
  const checkout = join(directory, 'checkout')
  const files = await run('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root })
  for (const file of String(files)
    .split('\0')
    .filter((file) => existsSync(join(root, file)) && file !== '')) {
    cpSync(join(root, file), join(checkout, file))
  }
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'))
  const prepared = await alone(['npm', 'run', 'prepare'], checkout)
  t.equal(prepared.code, 0, prepared)
  const { code, stdout, stderr } = await alone(['npx', 'ptrace-probe', '--json'], checkout)
  t.equal(code, 0, { stderr })
  t.equal(JSON.parse(stdout).schemaVersion, 1)
})
