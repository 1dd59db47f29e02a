import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const lib = join(dirname(fileURLToPath(import.meta.url)), '../lib')

/**
 * Loads TypeScript of `lib/` as it is, for scripts that make documents from it.
 *
 * @param contents - a module of its own, as if it stood in `lib/`
 */
export async function loadModule(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: lib, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  })
  const code = Buffer.from(outputFiles[0].contents).toString('base64')
  return import(`data:text/javascript;base64,${code}`)
}

/**
 * The tables of the command line and of words, as `lib/` has them: what the manual and the shell
 * completions are made from, so that these say what `--help` says.
 */
export function loadTables() {
  return loadModule(`export { commands } from './cli/commands.js'
    export { optionRows } from './cli/options.js'
    export { isWordList, wordLists, wordsOf } from './cli/words.js'
    export { formats } from './format/index.js'
    export { causeRows, findingRows } from './model/index.js'
    export { remedies } from './model/remedies.js'
    export { profileRows } from './model/profiles.js'
    export { scenariosFor } from './probe/scenarios.js'
    export { toolRows } from './tools/table.js'`)
}
