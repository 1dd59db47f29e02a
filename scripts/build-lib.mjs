// Compiles lib/ into dist/: declarations by tsc, code by esbuild; and from the tables of the command
// line the manual page and the completions of the shells. The library becomes one ES module,
// because Node pays for every module that it loads, most of all for the first ES module. The command
// should start at once, so it becomes CommonJS, and each `import()` of its own a file of its own:
// one run reads and compiles what it needs and no more. There lib/commands/check.ts is
// dist/commands-check.cjs, for then all of them are one level below the root of the package.

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { completions } from './completions.mjs'
import { keepPublicDeclarations } from './declarations.mjs'
import { manual } from './manual.mjs'
import { loadTables } from './tables.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const lib = join(root, 'lib')
const dist = join(root, 'dist')
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

rmSync(dist, { recursive: true, force: true })
execFileSync(process.execPath, [tsc, '-p', root, '--emitDeclarationOnly'], { stdio: 'inherit' })
keepPublicDeclarations(dist)
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
  // Names stay, for stack traces.
  minifySyntax: true,
  minifyWhitespace: true,
}
await build({ ...common, entryPoints: ['lib/index.ts'], format: 'esm', outfile: 'dist/index.js' })

const entries = new Set(['bin.ts'])
const file = (entry) => entry.replaceAll('/', '-').replace(/\.ts$/, '.cjs')

/** Large modules that several files of the command need: files of their own as well. */
const shared = new Set(['attach', 'calibrate', 'expectation', 'grant', 'packages', 'probe', 'root'])

/** Makes a file of what is imported by a call, and of what is shared. */
const apart = {
  name: 'apart',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      const entry = relative(lib, resolve(resolveDir, path)).replace(/\.js$/, '.ts')
      const isApart = kind === 'dynamic-import' || shared.has(entry.replace(/\.ts$/, ''))
      if (!isApart || kind === 'entry-point') return undefined
      entries.add(entry)
      return { path: `./${file(entry)}`, external: true }
    })
  },
}

// The set grows while it is walked through.
for (const entry of entries) {
  await build({
    ...common,
    entryPoints: [join('lib', entry)],
    format: 'cjs',
    outfile: join('dist', file(entry)),
    // CommonJS has require(), and knows its own place under another name.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__filename' },
    plugins: [apart],
  })
}
chmodSync(join(dist, 'bin.cjs'), 0o755)

const tables = await loadTables()
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
mkdirSync(join(dist, 'man'))
writeFileSync(join(dist, 'man/ptrace-probe.1'), manual(tables, version))
mkdirSync(join(dist, 'completions'))
for (const [name, text] of Object.entries(completions(tables))) {
  writeFileSync(join(dist, 'completions', name), text)
}
