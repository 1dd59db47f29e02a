import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'
import { arrowsOf, house } from '../../scripts/house.mjs'
import { root } from '../helpers/node.js'

interface Module {
  /** Below lib/. */
  readonly path: string
  /** The folder of lib/ that it is in; empty for the door of the package. */
  readonly folder: string
  readonly text: string
  /** Modules of lib/ that it imports, also when only for their types. */
  readonly imports: readonly string[]
  readonly builtins: readonly string[]
}

const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')

/** Each folder of lib/, and the folders that it may import. The door of the package may do that, too. */
const drawn = arrowsOf(architecture, 'lib')
const arrows: Readonly<Record<string, readonly string[]>> = { ...drawn, '': Object.keys(drawn) }

const lib = join(root, 'lib')

const folderOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : '')

const modules: readonly Module[] = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(lib, path), 'utf8')
    const specifiers = [...text.matchAll(/^(?:import|export) [^']*from '([^']+)'/gm)]
      .concat([...text.matchAll(/\bimport\('([^']+)'\)/g)])
      .map(([, specifier = '']) => specifier)
    return {
      path,
      folder: folderOf(path),
      text,
      imports: specifiers
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => normalize(join(dirname(path), specifier)).replace(/\.js$/, '.ts')),
      builtins: specifiers.filter((specifier) => !specifier.startsWith('.')),
    }
  })

t.test('lib/ holds the door of the package and folders that are drawn', async (t) => {
  const flat = modules.filter(({ folder }) => folder === '').map(({ path }) => path)
  t.strictSame(flat, ['index.ts'])
  t.strictSame([...new Set(modules.map(({ folder }) => folder))].sort(), Object.keys(arrows).sort())
})

for (const [folder, allowed] of Object.entries(arrows)) {
  const own = modules.filter((module) => module.folder === folder)

  t.test(`${folder || 'index.ts'} imports only what lies below it, and by the door`, async (t) => {
    const abroad = own.flatMap(({ path, imports }) =>
      imports
        .filter((imported) => folderOf(imported) !== folder)
        .map((imported) => ({ path, imported })),
    )
    t.strictSame(
      abroad.filter(({ imported }) => !allowed.includes(folderOf(imported))),
      [],
    )
    t.strictSame(
      abroad.filter(({ imported }) => imported !== `${folderOf(imported)}/index.ts`),
      [],
    )
  })

  const door = own.find(({ path }) => path === join(folder, 'index.ts'))
  if (door === undefined) continue
  t.test(`the door of ${folder || 'the package'} only re-exports`, async (t) => {
    const rest = door.text.replace(/^export (type )?(\{[^}]*\}|\*) from '[^']+'\n/gm, '')
    t.equal(rest.trim(), '')
  })
}

t.test('the picture of the house is drawn from the tables', async (t) => {
  t.equal(readFileSync(join(root, 'docs/house.svg'), 'utf8'), house(architecture))
})

t.test('the folders lie on at most seven floors', async (t) => {
  const floor = (folder: string): number =>
    1 + Math.max(0, ...(arrows[folder] ?? []).map((below) => floor(below)))
  t.ok(Math.max(...Object.keys(arrows).map(floor)) <= 7)
})

t.test('no module imports itself over others', async (t) => {
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) t.fail([...trail, path].join(' -> '))
    if (trail.includes(path) || done.has(path)) return
    const found = modules.find((module) => module.path === path)
    for (const imported of found?.imports ?? []) walk(imported, [...trail, path])
    done.add(path)
  }
  for (const { path } of modules) walk(path, [])
  t.equal(done.size, modules.length)
})

for (const folder of ['model', 'format'] as const) {
  t.test(`${folder} is pure: it looks at nothing but its arguments`, async (t) => {
    for (const { path, folder: at, builtins } of modules) {
      if (at !== folder) continue
      // A hash is a function of its argument, too.
      const allowed = ['node:util', 'node:os', 'node:crypto']
      t.strictSame(
        builtins.filter((name) => !allowed.includes(name)),
        [],
        path,
      )
    }
  })
}

/** What is pure besides, in folders that also look at the machine. */
const pure = [
  'probe/evidence.ts',
  'probe/findings',
  'probe/observations.ts',
  'probe/operations.ts',
  'probe/scenarios.ts',
  'probe/scope.ts',
  'attach/causes.ts',
  'attach/evidence.ts',
  'attach/remedies.ts',
  'attach/rules/',
  'attach/verdict.ts',
  'settings/remedies.ts',
  'settings/report.ts',
  'machine/glob.ts',
  'settings/sysctl-d/grammars.ts',
  'settings/sysctl-d/lines.ts',
  'settings/sysctl-d/value.ts',
  'settings/sysctl-d/writes.ts',
  'policy/compare.ts',
  'policy/evaluate.ts',
  'policy/expectation.ts',
  'policy/message.ts',
  'policy/observed.ts',
  'policy/remedies.ts',
  'policy/table.ts',
  'tools/outcomes.ts',
  'tools/table.ts',
]
t.test('what judges is told what was seen: it imports nothing of Node’s', async (t) => {
  for (const path of pure) {
    const judges = modules.filter((module) => module.path.startsWith(path))
    t.ok(judges.length > 0, path)
    t.strictSame(
      judges.flatMap(({ builtins }) => builtins),
      [],
      path,
    )
  }
})

for (const [what, pattern, owners] of [
  ['loads the addon', /node-gyp-build|dlopen/, ['engine/']],
  ['starts programs', /child_process/, ['machine/packages/rpm.ts']],
  [
    'touches the process',
    // To load a module of Node's is no more than to import it.
    /^(?! \*).*\bprocess\.(?!on\b|getBuiltinModule\b)[a-z]/m,
    [
      ...['cli/bin.ts', 'engine/', 'attach/question.ts', 'probe/probe.ts'],
      ...['skip/skip-reason.ts', 'tools/tools.ts', 'machine/packages/temporary.ts'],
    ],
  ],
] as const) {
  t.test(`only ${owners.join(', ')} ${what}`, async (t) => {
    t.strictSame(
      modules
        // An example in a comment is not the module's own code.
        .filter(({ text }) => pattern.test(text.replace(/\/\*\*.*?\*\//gs, '')))
        .map(({ path }) => path)
        .filter((path) => !owners.some((owner) => path.startsWith(owner))),
      [],
    )
  })
}

/** Each folder of native/, and the folders whose headers it may include. */
const nativeArrows: Readonly<Record<string, readonly string[]>> = arrowsOf(architecture, 'native')

const native = join(root, 'native')
const units = readdirSync(native, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(cc|h)$/.test(path))
  .map((path) => ({
    path,
    folder: folderOf(path),
    text: readFileSync(join(native, path), 'utf8'),
  }))

t.test('native/ holds only folders that are drawn', async (t) => {
  const folders = [...new Set(units.map(({ folder }) => folder))]
  t.strictSame(folders.sort(), Object.keys(nativeArrows).sort())
})

for (const [folder, allowed] of Object.entries(nativeArrows)) {
  t.test(`native/${folder} includes only what lies below it`, async (t) => {
    const included = units
      .filter((unit) => unit.folder === folder)
      .flatMap(({ path, text }) =>
        [...text.matchAll(/^\s*#\s*include "([^"]+)"/gm)].map(([, header = '']) => ({
          path,
          header,
        })),
      )
    t.strictSame(
      included.filter(({ header }) => ![folder, ...allowed].includes(folderOf(header))),
      [],
    )
    t.strictSame(
      included.filter(({ header }) => !units.some(({ path }) => path === header)),
      [],
    )
  })
}

t.test('only native/addon knows Node-API: nothing else in native/ knows JavaScript', async (t) => {
  t.strictSame(
    units.filter(({ text }) => /napi/i.test(text)).filter(({ folder }) => folder !== 'addon'),
    [],
  )
})
