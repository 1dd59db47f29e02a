import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * The tables of commands and options, as `lib/usage.ts` and `lib/flags.ts` have them: what the
 * manual and the shell completions are made from, so that these say what `--help` says.
 */
export async function loadTables() {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { commands } from './usage.js'
        export { optionRows } from './flags.js'`,
      resolveDir: join(dirname(fileURLToPath(import.meta.url)), '../lib'),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  })
  const code = Buffer.from(outputFiles[0].contents).toString('base64')
  return import(`data:text/javascript;base64,${code}`)
}
