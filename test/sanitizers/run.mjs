// Makes what npm run test:sanitizers consists of, in build/sanitizers, and starts it in a PID
// namespace of its own: the engine forks, traces and kills, and is full of errors here.

import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const here = import.meta.dirname
const root = join(here, '../..')
const out = join(root, 'build/sanitizers')

rmSync(out, { recursive: true, force: true })
mkdirSync(join(out, 'test'), { recursive: true })
await build({
  entryPoints: ['main', 'subject'].map((name) => join(here, `${name}.ts`)),
  outdir: join(out, 'test'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  logLevel: 'warning',
})

const main = join(out, 'test/main.mjs')
// The shell stays PID 1, which adopts what is left behind.
const line = '"$@"; exit $?'
const { status } = spawnSync(
  'unshare',
  [
    ...['--pid', '--fork', '--mount-proc', '--kill-child', '--', 'sh', '-c', line, 'sh'],
    ...[process.execPath, main, root, ...process.argv.slice(2)],
  ],
  { stdio: 'inherit' },
)
process.exitCode = status ?? 1
