// Makes what npm run test:fuzz consists of, in build/fuzz, and starts it in a PID namespace of its own.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const here = import.meta.dirname
const root = join(here, '../..')
const out = join(root, 'build/fuzz')

rmSync(out, { recursive: true, force: true })
mkdirSync(join(out, 'test'), { recursive: true })
// Where lib/ looks for the package that it belongs to.
cpSync(join(root, 'package.json'), join(out, 'package.json'))
await build({
  entryPoints: ['main', 'runner', 'arguments'].map((name) => join(here, `${name}.ts`)),
  outdir: join(out, 'test'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  logLevel: 'warning',
})

// The shell stays PID 1, which adopts what is left behind.
const line = '"$@"; exit $?'
const { status } = spawnSync(
  'unshare',
  [
    ...['--pid', '--fork', '--mount-proc', '--kill-child', '--', 'sh', '-c', line, 'sh'],
    ...[process.execPath, join(out, 'test/main.mjs'), root, ...process.argv.slice(2)],
  ],
  { stdio: 'inherit' },
)
process.exitCode = status ?? 1
