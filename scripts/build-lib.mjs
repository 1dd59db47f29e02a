// Compiles lib/ into dist/: declarations by tsc, code by esbuild; from the types of lib/model the JSON
// Schemas, and from the tables of the command line the manual page and the completions of the shells.
//
// Library and command share these files. They are CommonJS, because Node pays for each ES module that
// it loads, most of all for the first. The door of each folder is a file, and so is each module that an
// `import()` loads: a run reads and compiles only what it needs. dist/bin.cjs is the exception. It
// holds all of `check`, because to open a file takes longer than to read what is in it. The files lie
// flat (lib/cli/commands/assert.ts is dist/commands-assert.cjs), one level below the root of the
// package. Nothing is minified: for an uncaught error Node prints the line that threw it, and that
// line and the stack below it have to be readable. A run takes no longer for that.

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { completions } from './completions.mjs'
import { keepPublicDeclarations } from './declarations.mjs'
import { commonModule, commonTypes, libraryModule } from './library.mjs'
import { manual } from './manual.mjs'
import { schemas } from './schemas.mjs'
import { loadTables } from './tables.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const lib = join(root, 'lib')
const dist = join(root, 'dist')
const { version, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

rmSync(dist, { recursive: true, force: true })
execFileSync(process.execPath, [tsc, '-p', root, '--emitDeclarationOnly'], { stdio: 'inherit' })
keepPublicDeclarations(dist)

/** The start of the command; its file holds all that `check` needs. */
const command = 'cli/bin'

/** The doors of the folders. */
const doors = readdirSync(lib, { withFileTypes: true })
  .filter((each) => each.isDirectory() && each.name !== 'cli')
  .map(({ name }) => `${name}/index`)
const entries = new Set([command, ...doors])
const file = (entry) => `${entry.replace(/^cli\/|\/index$/, '').replaceAll('/', '-')}.cjs`

/** Keeps out of the file of `entry` what becomes a file of its own. */
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
    platform: 'node',
    target: 'node20.19',
    // What is installed beside this package stays outside; other libraries become part of the file.
    external: Object.keys(dependencies),
    // The comment above each module has its path: the same also where node_modules is a link.
    preserveSymlinks: true,
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
writeFileSync(join(dist, 'index.cjs'), commonModule(root, dist))
writeFileSync(join(dist, 'index.d.cts'), commonTypes(root, dist))
chmodSync(join(dist, 'bin.cjs'), 0o755)

mkdirSync(join(dist, 'schema'))
for (const [name, text] of Object.entries(schemas())) {
  writeFileSync(join(dist, 'schema', name), text)
}

const tables = await loadTables()
mkdirSync(join(dist, 'man'))
writeFileSync(join(dist, 'man/ptrace-probe.1'), manual(tables, version))
mkdirSync(join(dist, 'completions'))
for (const [name, text] of Object.entries(completions(tables))) {
  writeFileSync(join(dist, 'completions', name), text)
}
