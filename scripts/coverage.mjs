// The second half of npm test: judges the coverage that the tests left behind. Of each module of lib/,
// 90 % of the lines have to run in the tests of its own folder (test/coverage-map.mjs).

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const floor = 90

/** Modules for which less is enough. CONTRIBUTING.md gives the reason of each. */
const exceptions = {
  'lib/attach/program.ts': 85,
  'lib/attach/question.ts': 75,
  'lib/attach/scope.ts': 75,
  'lib/cli/bin.ts': 0,
  'lib/cli/output-file.ts': 0,
  'lib/engine/engine.ts': 80,
  'lib/machine/selinux.ts': 80,
}

const measured = new Map(
  Object.entries(
    JSON.parse(readFileSync(join(root, '.tap/report/coverage-summary.json'), 'utf8')),
  ).map(([path, { lines }]) => [relative(root, path), lines]),
)

/** Whether a module has code of its own: one of types only has none, and neither has a door. */
const isCode = (path) =>
  transformSync(readFileSync(join(root, path), 'utf8'), { loader: 'ts' })
    .code.replace(/^export (\*|\{[^}]*\}) from ".*";$/gm, '')
    .trim() !== ''

const modules = readdirSync(join(root, 'lib'), { recursive: true })
  .map((name) => `lib/${name}`)
  .filter((path) => path.endsWith('.ts') && isCode(path))
  .sort()
  .map((path) => {
    const { total, covered } = measured.get(path) ?? { total: 1, covered: 0 }
    return { path, folder: path.split('/').length > 2 ? path.split('/')[1] : '.', total, covered }
  })

const percent = (some) => {
  const sum = (key) => some.reduce((before, each) => before + each[key], 0)
  return Math.floor((1000 * sum('covered')) / sum('total')) / 10
}
const line = (number, name) => console.log(`${String(number).padStart(6)} % ${name}`)

console.log('Lines of lib/ that run in the tests of their own folder:')
for (const folder of new Set(modules.map(({ folder }) => folder))) {
  const inside = modules.filter((each) => each.folder === folder)
  line(percent(inside), `lib/${folder}`)
  for (const each of inside) if (each.covered < each.total) line(percent([each]), `  ${each.path}`)
}

const wrong = [
  ...modules
    .filter((each) => percent([each]) < (exceptions[each.path] ?? floor))
    .map(({ path }) => `${path} has less than ${exceptions[path] ?? floor} %`),
  ...Object.keys(exceptions)
    .filter((path) => modules.every((each) => each.path !== path || percent([each]) >= floor))
    .map((path) => `${path} is no exception any more`),
]
for (const each of wrong) console.error(`coverage: ${each}`)
process.exitCode = wrong.length === 0 ? 0 : 1
