import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import t from 'tap'
import { pack } from '../../scripts/pack.mjs'
import { temporary } from '../kernels/host.js'
import { execute, installedTools } from './project.js'

const tools = await installedTools()
const directory = temporary(tmpdir(), 'ptrace-probe-package-')
const tarball = pack(directory)
/** npm 12 and pnpm do not run on the oldest Node that the package supports. */
const node = join(tools, 'node-24/bin')
const script = (path: string) => [join(node, 'node'), join(tools, path)]
const spec = `ptrace-probe@file:${tarball}`
const linked = 'enableGlobalCache: true\nenableScripts: false\nenableTelemetry: false\n'

interface Manager {
  /** How it installs the tarball into an empty project. */
  readonly install?: readonly string[]
  /** How the command is started then. */
  readonly run?: readonly string[]
  readonly files?: Readonly<Record<string, string>>
}

const managers: Readonly<Record<string, Manager>> = {
  'npm, with scripts off': { install: ['npm', 'install', '--ignore-scripts', tarball] },
  'npm 12': { install: [...script('npm/bin/npm-cli.js'), 'install', tarball] },
  'npx, without installing': { run: ['npx', '--yes', `../${basename(tarball)}`] },
  pnpm: { install: [join(tools, 'pnpm/pnpm'), 'add', tarball] },
  'pnpm, with scripts off': {
    install: [join(tools, 'pnpm/pnpm'), 'add', '--ignore-scripts', tarball],
  },
  'yarn 1, with scripts off': {
    install: [...script('yarn/bin/yarn.js'), 'add', '--ignore-scripts', `file:${tarball}`],
  },
  'yarn 4, with node_modules': {
    install: [...script('yarn-berry/bin/yarn.js'), 'add', spec],
    files: { '.yarnrc.yml': `${linked}nodeLinker: node-modules\n`, 'yarn.lock': '' },
  },
  "yarn 4, with Plug'n'Play": {
    install: [...script('yarn-berry/bin/yarn.js'), 'add', spec],
    run: [...script('yarn-berry/bin/yarn.js'), 'run', 'ptrace-probe'],
    files: { '.yarnrc.yml': `${linked}nodeLinker: pnp\n`, 'yarn.lock': '' },
  },
  bun: { install: [join(tools, 'bun/bin/bun'), 'add', tarball] },
  'bun, with scripts off': {
    install: [join(tools, 'bun/bin/bun'), 'add', '--ignore-scripts', tarball],
  },
}

for (const [name, { install, run, files = {} }] of Object.entries(managers)) {
  t.test(`${name}: the command works after installing the tarball`, async (t) => {
    const project = join(directory, name.replace(/\W/g, '-'))
    mkdirSync(project)
    writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true }')
    for (const [path, text] of Object.entries(files)) writeFileSync(join(project, path), text)
    const env = { PATH: `${node}:${process.env['PATH']}` }
    if (install !== undefined) {
      const { code, stdout, stderr } = await execute(install, { cwd: project, env })
      t.equal(code, 0, { stdout, stderr })
      // npm 12 names the script that builds a checkout, though it runs that of no dependency.
      const said = (stdout + stderr).replace(/ptrace-probe@\S+ \(prepare: npm run build\)/, '')
      t.notMatch(said, /ignored build scripts|\((pre|post)?install: /i)
    }
    const command = run ?? [join(project, 'node_modules/.bin/ptrace-probe')]
    const { code, stdout, stderr } = await execute([...command, '--json'], { cwd: project, env })
    t.equal(code, 0, { stderr })
    t.match(JSON.parse(stdout), { schemaVersion: 1, tool: { name: 'ptrace-probe' } })
  })
}

t.test('no package that comes along has an install script', async (t) => {
  const lock = join(directory, 'npm--with-scripts-off/package-lock.json')
  const { packages } = JSON.parse(readFileSync(lock, 'utf8'))
  t.ok('node_modules/ptrace-probe' in packages)
  for (const [path, entry] of Object.entries(packages)) t.notHas(entry, 'hasInstallScript', path)
})
