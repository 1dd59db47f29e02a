// Builds what the chaos lane needs into build/chaos, and starts it there.

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'

const here = import.meta.dirname
const root = join(here, '../..')
const out = join(root, 'build/chaos')
const require = createRequire(import.meta.url)

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })

/** A copy of the package whose addon has the faults. */
const copy = join(out, 'package')
for (const name of ['package.json', 'binding.gyp', 'native', 'dist', 'scripts/build-native.mjs']) {
  cpSync(join(root, name), join(copy, name), { recursive: true })
}
const faults = `-DPTRACE_PROBE_FAULTS='"${join(here, 'native/faults.h')}"'`
const env = { ...process.env, CXXFLAGS: faults }
execFileSync(process.execPath, [join(copy, 'scripts/build-native.mjs')], { stdio: 'inherit', env })

/** Every system call that the engine names, and what libc calls for it. */
const native = join(root, 'native')
const named = readdirSync(native, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(cc|h)$/.test(name))
  .flatMap((name) => [...readFileSync(join(native, name), 'utf8').matchAll(/\bSYS_(\w+)/g)])
  .map(([, name]) => name)
const libc = ['mmap', 'munmap', 'madvise', 'statfs', 'getxattr', 'rt_sigreturn', 'futex']
const calls = [...new Set([...named, ...libc])].sort()
writeFileSync(join(out, 'calls.json'), JSON.stringify(calls))
writeFileSync(
  join(out, 'calls.h'),
  calls.map((name) => `#ifdef SYS_${name}\n{"${name}", SYS_${name}},\n#endif\n`).join(''),
)
const headers = require('node-api-headers').include_dir
const flags = ['-std=gnu11', '-O1', '-Wall', '-Wextra', '-Werror', `-I${out}`]
const compile = (...args) => execFileSync('cc', [...flags, ...args], { stdio: 'inherit' })
compile('-o', join(out, 'cage'), join(here, 'native/cage.c'))
compile(
  ...['-shared', '-fPIC', '-pthread', `-I${headers}`, '-o', join(out, 'meddle.node')],
  join(here, 'native/meddle.c'),
)

await build({
  entryPoints: ['main', 'agent', 'subject'].map((name) => join(here, `${name}.ts`)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  logLevel: 'warning',
})

await import(join(out, 'main.mjs'))
