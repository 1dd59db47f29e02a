// Compiles lib/ into dist/: declarations by tsc, code by esbuild; and from the tables of the command
// line the manual page and the completions of the shells.
//
// Library and command are made of the same files, CommonJS, because Node pays for every ES module
// that it loads, most of all for the first. What several need, and what the command imports by a
// call, is a file of its own: one run reads and compiles what it needs and no more. The command
// begins alone, in dist/bin.cjs, which holds all of `check`: to load a file takes longer than to read
// what it holds. lib/cli/commands/assert.ts is dist/commands-assert.cjs, for then all of them are one level
// below the root of the package.

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { completions } from './completions.mjs'
import { keepPublicDeclarations } from './declarations.mjs'
import { libraryModule } from './library.mjs'
import { manual } from './manual.mjs'
import { loadTables } from './tables.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const lib = join(root, 'lib')
const dist = join(root, 'dist')
const { version, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

rmSync(dist, { recursive: true, force: true })
execFileSync(process.execPath, [tsc, '-p', root, '--emitDeclarationOnly'], { stdio: 'inherit' })
keepPublicDeclarations(dist)

/** Where the command begins, which takes along all that `check` needs: a file more costs time. */
const command = 'cli/bin'

/** The door of each folder becomes a file, and so does what is imported by a call. */
const doors = readdirSync(lib, { withFileTypes: true })
  .filter((each) => each.isDirectory() && each.name !== 'cli')
  .map(({ name }) => `${name}/index`)
const entries = new Set([command, ...doors])
const file = (entry) => `${entry.replace(/^cli\/|\/index$/, '').replaceAll('/', '-')}.cjs`

/** Keeps what is a file of its own out of the file that is made from `entry`. */
const apart = (entry) => ({
  name: 'apart',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      const other = relative(lib, resolve(resolveDir, path)).replace(/\.js$/, '')
      const isApart = kind === 'dynamic-import' || (doors.includes(other) && entry !== command)
      if (!isApart || kind === 'entry-point') return undefined
      entries.add(other)
      return { path: `./${file(other)}`, external: true }
    })
  },
})

// The set grows while it is walked through.
for (const entry of entries) {
  await build({
    absWorkingDir: root,
    entryPoints: [join('lib', `${entry}.ts`)],
    outfile: join('dist', file(entry)),
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: true,
    // Elsewhere names stay, for stack traces. Nobody sees one of the command.
    minifyIdentifiers: entry === command,
    platform: 'node',
    target: 'node20.19',
    // What is installed beside this package stays outside; other libraries become part of the file.
    external: Object.keys(dependencies),
    logLevel: 'warning',
    plugins: [apart(entry)],
    format: 'cjs',
    // CommonJS has require(), and knows its own place under another name.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__filename' },
  })
}

// Its license asks for its text beside every copy.
const valibot = join(root, 'node_modules/valibot/LICENSE.md')
writeFileSync(join(dist, 'LICENSE-valibot.md'), readFileSync(valibot))

writeFileSync(join(dist, 'index.js'), libraryModule(root, dist))
chmodSync(join(dist, 'bin.cjs'), 0o755)

const tables = await loadTables()
mkdirSync(join(dist, 'man'))
writeFileSync(join(dist, 'man/ptrace-probe.1'), manual(tables, version))
mkdirSync(join(dist, 'completions'))
for (const [name, text] of Object.entries(completions(tables))) {
  writeFileSync(join(dist, 'completions', name), text)
}
