import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import t from 'tap'
import { pack } from '../../scripts/pack.mjs'
import { prebuilds } from '../../scripts/targets.mjs'
import { root } from '../helpers/node.js'
import { temporary } from '../kernels/host.js'
import { execute, install, installedTools } from './project.js'

const tools = await installedTools()
const directory = temporary(tmpdir(), 'ptrace-probe-package-')
const tarball = pack(directory)
const project = join(directory, 'project')
mkdirSync(project)
await install(tarball, project)
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const files = execFileSync('tar', ['tzf', tarball], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .map((path) => path.replace(/^package\//, ''))

t.test('the package consists of these files', async (t) => {
  const expected = readFileSync(join(import.meta.dirname, 'files.txt'), 'utf8')
    .trim()
    .split('\n')
  t.strictSame([...files].sort(), expected)
})

t.test('the package is small', async (t) => {
  // Half of it is code, which can be read, and the binaries of two processors; 70 kB are pictures,
  // 60 kB the pages.
  t.ok(statSync(tarball).size < 540_000)
})

t.test('an uncaught error shows a line and a stack that can be read', async (t) => {
  for (const [type, load] of [
    ['module', "import { canAttach } from 'ptrace-probe'"],
    ['commonjs', "const { canAttach } = require('ptrace-probe')"],
  ] as const) {
    const { stderr } = spawnSync(
      process.execPath,
      [`--input-type=${type}`, '--eval', `${load}; canAttach('123')`],
      { cwd: project, encoding: 'utf8' },
    )
    t.match(stderr, /^TypeError: Expected pid to be a number, got '123'$/m)
    t.match(stderr, /^ +at checkPid \(.*attach\.cjs:\d+:\d+\)$/m)
    t.ok(stderr.length < 2000, stderr)
  }
})

t.test(
  'the package has no file that only developers need, and no path of this machine',
  async (t) => {
    const foreign = /(^|\/)(test|\.github|\.ci|node_modules|build)\/|\.[cm]?js\.map$|(?<!\.d)\.ts$/
    t.strictSame(
      files.filter((path) => foreign.test(path)),
      [],
    )
    const unpacked = join(project, 'node_modules/ptrace-probe')
    for (const path of files) {
      t.notOk(readFileSync(join(unpacked, path)).includes(root.replace(/\/$/, '')), path)
    }
  },
)

/** For those who change the package, or take a wrapper. */
const inTheCheckout = /^(ARCHITECTURE|CONTRIBUTING)\.md$|^contrib(\/|$)/

t.test('a link of a page leads to a file of the package, or into the checkout', async (t) => {
  const pages = files.filter((path) => /^([A-Z]+|docs\/.*)\.md$/.test(path))
  t.ok(pages.includes('README.md') && pages.includes('docs/guide/check.md'))
  for (const page of pages) {
    const text = readFileSync(join(project, 'node_modules/ptrace-probe', page), 'utf8')
    const links = [...text.matchAll(/\]\(([^)\s#]+)/g)].map(([, link = '']) => link)
    const dead = links
      .filter((link) => !/^https?:/.test(link))
      .map((link) => posix.join(posix.dirname(page), link))
      .filter((path) => !inTheCheckout.test(path) && !files.some((file) => file.startsWith(path)))
    t.strictSame(dead, [], page)
  }
})

t.test('everything that the manifest names is there', async (t) => {
  const named = JSON.stringify([manifest.main, manifest.types, manifest.bin, manifest.exports])
  const paths = [...named.matchAll(/"(?:\.\/)?((?:dist|package)[^"]+)"/g)].map(
    ([, path = '']) => path,
  )
  t.ok(paths.length > 5)
  for (const path of [...paths, ...prebuilds.map(({ path }) => path)]) {
    const [start = '', end = ''] = path.split('*')
    t.ok(
      files.some((file) => file.startsWith(start) && file.endsWith(end)),
      path,
    )
  }
})

t.test('the manifest says what registries and bundlers ask for', async (t) => {
  t.match(manifest, { license: 'MIT', type: 'module', sideEffects: false, gypfile: false })
  t.equal(manifest.engines.node, '>=20.19')
  for (const entry of Object.values(manifest.exports['.'])) {
    t.equal(Object.keys(Object(entry))[0], 'types')
  }
  t.match(manifest.publishConfig, { access: 'public', provenance: true })
  for (const script of ['preinstall', 'install', 'postinstall']) t.notHas(manifest.scripts, script)
  // With "os", npm would refuse to install the package elsewhere, and what depends on it.
  for (const field of ['os', 'cpu', 'libc']) t.notHas(manifest, field)
  t.ok(files.includes('LICENSE'))
})

t.test('publint finds nothing', async (t) => {
  const publint = [process.execPath, join(tools, 'publint/src/cli.js'), 'run', tarball, '--strict']
  const { code, stdout, stderr } = await execute(publint, { cwd: directory })
  t.equal(code, 0, { stdout, stderr })
  t.match(stdout, /All good!/)
})

t.test('"Are the types wrong?" finds nothing', async (t) => {
  const attw = join(tools, '@arethetypeswrong/cli/dist/index.js')
  const { code, stdout, stderr } = await execute(
    // Versions of Node that do not read "exports" are not supported.
    [process.execPath, attw, tarball, '--profile', 'node16', '--no-emoji', '--no-color'],
    { cwd: directory },
  )
  t.equal(code, 0, { stdout, stderr })
})

for (const [moduleResolution, module, type] of [
  ['nodenext', 'nodenext', 'module'],
  ['bundler', 'esnext', 'module'],
  ['node16', 'node16', 'module'],
  ['node16', 'node16', 'commonjs'],
  ['node16', 'node18', 'commonjs'],
  ['nodenext', 'nodenext', 'commonjs'],
]) {
  t.test(`a strict consumer in TypeScript compiles as ${type} with ${module}`, async (t) => {
    cpSync(join(import.meta.dirname, 'consumer'), project, { recursive: true })
    const compilerOptions = {
      ...{ module, moduleResolution, target: 'es2022', lib: ['es2022'], types: [], noEmit: true },
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
      ...{ noUnusedLocals: true, verbatimModuleSyntax: type === 'module', skipLibCheck: false },
    }
    const config = { compilerOptions, files: ['consumer.ts'] }
    writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type }))
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { code, stdout } = await execute([process.execPath, tsc, '-p', '.'], { cwd: project })
    t.equal(code, 0, { stdout })
  })
}

t.test('help and version need neither addon nor library', async (t) => {
  const installed = join(project, 'node_modules/ptrace-probe')
  for (const { path } of prebuilds) writeFileSync(join(installed, path), 'no binary')
  for (const args of [['--version'], ['--help'], ['check', '--help']]) {
    const trace = join(directory, 'trace')
    const strace = ['strace', '-f', '-e', 'trace=open,openat', '-o', trace]
    const run = await execute(
      [...strace, process.execPath, join(installed, 'dist/bin.cjs'), ...args],
      { cwd: project },
    )
    t.match(run, { code: 0, stderr: '' }, args.join(' '))
    t.notMatch(
      readFileSync(trace, 'utf8'),
      /\.node"|dist\/index\.js|node-gyp-build/,
      args.join(' '),
    )
  }
})
