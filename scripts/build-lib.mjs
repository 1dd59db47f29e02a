// Compiles lib/ into dist/: declarations by tsc, code by esbuild; and from the tables of the command
// line the manual page and the completions of the shells. The library becomes one ES module
// and the command one CommonJS file, because Node pays for every module that it loads, most of all
// for the first ES module, and the command should start at once.

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { completions } from './completions.mjs'
import { keepPublicDeclarations } from './declarations.mjs'
import { manual } from './manual.mjs'
import { loadTables } from './tables.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
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
await build({
  ...common,
  entryPoints: ['lib/bin.ts'],
  format: 'cjs',
  outfile: 'dist/bin.cjs',
  // CommonJS knows its own place as __filename.
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href" },
})
chmodSync(join(dist, 'bin.cjs'), 0o755)

const tables = await loadTables()
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
mkdirSync(join(dist, 'man'))
writeFileSync(join(dist, 'man/ptrace-probe.1'), manual(tables, version))
mkdirSync(join(dist, 'completions'))
for (const [name, text] of Object.entries(completions(tables))) {
  writeFileSync(join(dist, 'completions', name), text)
}
