import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'
import { root } from './helpers/node.js'

interface Module {
  readonly path: string
  readonly text: string
  /** Modules of lib/ that are needed when the program runs, not only for their types. */
  readonly imports: readonly string[]
  readonly builtins: readonly string[]
}

const lib = join(root, 'lib')
const modules: Module[] = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(lib, path), 'utf8')
    const specifiers = [...text.matchAll(/^(?:import|export) (?!type\b)[^']*from '([^']+)'/gm)]
      .concat([...text.matchAll(/\bimport\('([^']+)'\)/g)])
      .map(([, specifier = '']) => specifier)
    return {
      path,
      text,
      imports: specifiers
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => normalize(join(dirname(path), specifier)).replace(/\.js$/, '.ts')),
      builtins: specifiers.filter((specifier) => !specifier.startsWith('.')),
    }
  })

const find = (path: string): Module => {
  const found = modules.find((module) => module.path === path)
  if (found === undefined) throw new Error(`There is no lib/${path}`)
  return found
}

/** Modules of words and tables, which every pure module may use. */
const vocabulary = [
  'bytes.ts',
  'limits.ts',
  'vocabulary.ts',
  'types.ts',
  'errors.ts',
  'names.ts',
  'scenarios.ts',
  'remedies.ts',
  'access.ts',
  'yama.ts',
  'expectation.ts',
  'phrases.ts',
  'policies.ts',
  'uses.ts',
]

for (const path of [
  'scenarios.ts',
  'observe.ts',
  'verdict.ts',
  'explain.ts',
  'remedies.ts',
  'access.ts',
  'yama.ts',
  'expectation.ts',
  'phrases.ts',
  'policies.ts',
  'policy.ts',
  'satisfy.ts',
  'uses.ts',
  'effects.ts',
  'tools-table.ts',
]) {
  t.test(`${path} is pure: it imports words and tables only`, async (t) => {
    t.strictSame(
      find(path).imports.filter((imported) => !vocabulary.includes(imported)),
      [],
    )
    t.strictSame(find(path).builtins, [])
  })
}

t.test('evaluate.ts is pure: it imports words, tables and pure functions only', async (t) => {
  t.strictSame(
    find('evaluate.ts').imports.filter((imported) => {
      return ![...vocabulary, 'policy.ts', 'satisfy.ts'].includes(imported)
    }),
    [],
  )
  t.strictSame(find('evaluate.ts').builtins, [])
})

/** From the lines of files to the answer of `settings`. */
const sysctl = ['answer', 'glob', 'grammar', 'lines', 'remedies', 'resolve', 'value'].map(
  (name) => `sysctl/${name}.ts`,
)

t.test('what lines of sysctl.d mean is pure: it is told them', async (t) => {
  for (const path of sysctl) {
    const { imports, builtins } = find(path)
    t.strictSame(
      imports.filter((imported) => !sysctl.includes(imported) && !vocabulary.includes(imported)),
      [],
      path,
    )
    t.strictSame(builtins, [], path)
  }
})

t.test('formats are pure: they import one another, words and tables', async (t) => {
  for (const { path, imports, builtins } of modules) {
    if (!path.startsWith('format/')) continue
    t.strictSame(
      imports.filter(
        (imported) => !imported.startsWith('format/') && !vocabulary.includes(imported),
      ),
      [],
      path,
    )
    t.strictSame(
      builtins.filter((name) => name !== 'node:util'),
      [],
      path,
    )
  }
})

for (const [what, pattern, owners] of [
  ['loads the addon', /node-gyp-build|dlopen/, ['engine.ts']],
  ['reads /proc', /readFileSync\(join\(root/, ['facts.ts']],
  [
    'touches the process',
    // To load a module of Node's is no more than to import it.
    /\bprocess\.(?!on\b|getBuiltinModule\b)[a-z]/,
    [
      'bin.ts',
      'engine.ts',
      'inquiry.ts',
      'main.ts',
      'platform.ts',
      'probe.ts',
      'quick-grant.ts',
      'skip.ts',
      'tools.ts',
    ],
  ],
  ['starts programs', /child_process/, ['packages/rpm.ts']],
] as const) {
  t.test(`only ${owners.join(' and ') || 'nobody'} ${what}`, async (t) => {
    t.strictSame(
      modules
        .filter(({ text }) => pattern.test(text))
        .map(({ path }) => path)
        .sort(),
      [...owners].sort(),
    )
  })
}

t.test('no module imports itself over others', async (t) => {
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) t.fail([...trail, path].join(' -> '))
    else for (const imported of find(path).imports) walk(imported, [...trail, path])
  }
  for (const { path } of modules) walk(path, [])
  t.pass('the imports have no circle')
})

t.test(
  'only addon, objects, convert and values know Node-API: nothing else in native/ knows JavaScript',
  async (t) => {
    const native = join(root, 'native')
    const knowing = readdirSync(native)
      .filter((name) => /\.(cc|h)$/.test(name))
      .filter((name) => /napi/i.test(readFileSync(join(native, name), 'utf8')))
    t.strictSame(knowing.sort(), [
      'addon.cc',
      'convert.cc',
      'objects.cc',
      'objects.h',
      'values.cc',
      'values.h',
    ])
  },
)

t.test('the words of the engine and of lib/ are the same', async (t) => {
  const addon = readFileSync(join(root, 'native/convert.cc'), 'utf8')
  const words = (list: string): string[] => {
    const [, body = ''] = new RegExp(`${list}\\[\\] = \\{([^}]*)\\}`).exec(addon) ?? []
    return [...body.matchAll(/"([^"]+)"/g)].map(([, word = '']) => word)
  }
  const { consents, methods, steps } = await import('../lib/vocabulary.js')
  const { controls, landlockControl } = await import('../lib/scenarios.js')
  t.strictSame(words('kConsents'), [...consents])
  t.strictSame(words('kMethods'), [...methods, 'read', ...controls, landlockControl])
  t.strictSame(
    words('kSteps').filter((step) => step !== 'done'),
    [...steps],
  )
})
