import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import t from 'tap'
import { pack } from '../../scripts/pack.mjs'
import { temporary } from '../kernels/host.js'
import { muslRuntimes } from './musl.js'
import { execute, install, installedTools } from './project.js'

const tools = await installedTools()
const project = temporary(tmpdir(), 'ptrace-probe-package-')
mkdirSync(join(project, 'musl'))
const tarball = pack(project)
const installed = await install(tarball, project)
cpSync(fileURLToPath(new URL('programs', import.meta.url)), project, { recursive: true })
const musl = await muslRuntimes(tools, join(project, 'musl'))

const runtimes: Readonly<Record<string, readonly string[]>> = {
  'Node 20': [join(tools, 'node-20/bin/node')],
  'Node 22': [join(tools, 'node-22/bin/node')],
  'Node 24': [join(tools, 'node-24/bin/node')],
  'Node 26': [join(tools, 'node-26/bin/node')],
  'Node 26 on musl': [musl.node],
  Bun: [join(tools, 'bun/bin/bun')],
  'Bun on musl': [musl.bun],
  Deno: [join(tools, 'deno/deno'), 'run', '--allow-all', '--quiet'],
}

async function json(command: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { code, signal, stdout, stderr } = await execute(command, { cwd: project, env })
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code ?? signal}: ${stderr}`)
  return JSON.parse(stdout)
}

const command = join(installed, 'dist/bin.cjs')
/** What the Node that runs this test finds with the same binary. */
const expected = await json([process.execPath, command, '--json'])
const scope: string = expected.scope.enforced.name
const allowed = (observations: readonly { status: string; id: string }[]) =>
  observations.filter(({ status }) => status === 'allowed').map(({ id }) => id)

for (const [name, runtime] of Object.entries(runtimes)) {
  t.test(`${name} runs the command`, async (t) => {
    const report = await json([...runtime, command, '--json'])
    t.equal(report.scope.enforced.name, scope)
    t.strictSame(allowed(report.observations), allowed(expected.observations))
  })

  t.test(`${name} tells what each tracer may do to a process`, async (t) => {
    const asked = [command, 'check', String(process.pid)]
    const { code, stdout } = await execute([...runtime, ...asked], { cwd: project })
    const { code: status, stdout: text } = await execute([process.execPath, ...asked], {
      cwd: project,
    })
    t.strictSame([code, stdout], [status, text])
    t.match(stdout, /attach/)
  })

  t.test(`${name} imports the library`, async (t) => {
    const found = await json([...runtime, 'library.mjs'])
    t.match(found, { supported: true, isError: true, scopes: [scope, scope] })
    for (const ids of found.allowed) t.strictSame(ids, allowed(expected.observations))
    t.equal(found.verdicts.length, 2)
  })

  t.test(`${name} requires the library`, async (t) => {
    t.strictSame(await json([...runtime, 'require.cjs']), { supported: true, scopes: [scope] })
  })

  t.test(`${name} measures in Workers, and outlives one that is terminated`, async (t) => {
    t.strictSame(await json([...runtime, 'workers.mjs']), { scopes: [scope, scope] })
  })
}

t.test('a bundled program finds the package where it is', async (t) => {
  const bundle = join(project, 'bundle.mjs')
  await build({
    entryPoints: [join(project, 'library.mjs')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['ptrace-probe'],
  })
  t.match(await json([process.execPath, bundle]), { supported: true, scopes: [scope, scope] })
})

t.test('an Electron application loads the binary from app.asar.unpacked', async (t) => {
  const archive = join(project, 'app.asar')
  const unpacked = join(project, 'app.asar.unpacked/node_modules/ptrace-probe')
  mkdirSync(archive)
  mkdirSync(unpacked, { recursive: true })
  cpSync(join(project, 'node_modules'), join(archive, 'node_modules'), { recursive: true })
  renameSync(join(archive, 'node_modules/ptrace-probe/prebuilds'), join(unpacked, 'prebuilds'))
  for (const name of ['library.mjs', 'require.cjs', 'workers.mjs']) {
    cpSync(join(project, name), join(archive, name))
    const env = { NODE_OPTIONS: `--require ${join(project, 'asar.cjs')}` }
    const found = await json([process.execPath, join(archive, name)], env)
    t.equal(found.scopes[0], scope)
  }
  rmSync(archive, { recursive: true })
})
