import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import t from 'tap'
import { root } from '../helpers/node.js'

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
  'machine/bytes.ts',
  'model/limits.ts',
  'model/vocabulary.ts',
  'model/index.ts',
  'model/errors.ts',
  'model/errno.ts',
  'probe/scenarios.ts',
  'model/remedies.ts',
  'probe/evidence.ts',
  'model/yama.ts',
  'policy/expectation.ts',
  'model/sentences.ts',
  'policy/table.ts',
  'probe/operations.ts',
]

for (const path of [
  'probe/scenarios.ts',
  'probe/observations.ts',
  'probe/scope.ts',
  'probe/findings.ts',
  'model/remedies.ts',
  'probe/evidence.ts',
  'model/yama.ts',
  'policy/expectation.ts',
  'model/sentences.ts',
  'policy/table.ts',
  'policy/check.ts',
  'policy/remedies.ts',
  'probe/operations.ts',
  'tools/outcomes.ts',
  'tools/table.ts',
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
    find('policy/evaluate.ts').imports.filter((imported) => {
      return ![...vocabulary, 'policy/check.ts', 'policy/remedies.ts'].includes(imported)
    }),
    [],
  )
  t.strictSame(find('policy/evaluate.ts').builtins, [])
})

/** From the lines of files to the answer of `settings`. */
const sysctl = [
  'report',
  'sysctl-d/glob',
  'sysctl-d/grammars',
  'sysctl-d/lines',
  'remedies',
  'sysctl-d/writes',
  'sysctl-d/value',
].map((name) => `settings/${name}.ts`)

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
  ['loads the addon', /node-gyp-build|dlopen/, ['engine/engine.ts']],
  ['reads /proc', /readFileSync\(join\(root/, ['machine/facts.ts']],
  [
    'touches the process',
    // To load a module of Node's is no more than to import it.
    /\bprocess\.(?!on\b|getBuiltinModule\b)[a-z]/,
    [
      'cli/bin.ts',
      'engine/engine.ts',
      'attach/question.ts',
      'engine/platform.ts',
      'probe/probe.ts',
      'skip/skip-reason.ts',
      'tools/tools.ts',
    ],
  ],
  ['starts programs', /child_process/, ['machine/packages/rpm.ts']],
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
    const knowing = readdirSync(native, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(cc|h)$/.test(name))
      .filter((name) => /napi/i.test(readFileSync(join(native, name), 'utf8')))
    t.strictSame(knowing.sort(), [
      'addon/addon.cc',
      'addon/convert.cc',
      'addon/objects.cc',
      'addon/objects.h',
      'addon/values.cc',
      'addon/values.h',
    ])
  },
)

t.test('the words of the engine and of lib/ are the same', async (t) => {
  const addon = readFileSync(join(root, 'native/addon/convert.cc'), 'utf8')
  const words = (list: string): string[] => {
    const [, body = ''] = new RegExp(`${list}\\[\\] = \\{([^}]*)\\}`).exec(addon) ?? []
    return [...body.matchAll(/"([^"]+)"/g)].map(([, word = '']) => word)
  }
  const { consents, methods, steps } = await import('../../lib/model/vocabulary.js')
  const { controls, landlockControl } = await import('../../lib/probe/scenarios.js')
  t.strictSame(words('kConsents'), [...consents])
  t.strictSame(words('kMethods'), [...methods, 'read', ...controls, landlockControl])
  t.strictSame(
    words('kSteps').filter((step) => step !== 'done'),
    [...steps],
  )
})
