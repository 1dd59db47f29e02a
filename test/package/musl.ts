/**
 * Runtimes that were made for Alpine, with musl as their libc, run here: Debian has musl itself, and
 * Debian's libstdc++ will do for them with what glibc and a later libstdc++ would add (musl/shim.c).
 */

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../kernels/host.js'

const shim = fileURLToPath(new URL('musl/shim.c', import.meta.url))

/** Makes both runtimes in a directory, from the packages of `tools/package.json`. */
export async function muslRuntimes(
  tools: string,
  directory: string,
): Promise<{ node: string; bun: string }> {
  const libraries = join(directory, 'lib')
  mkdirSync(libraries)
  await run('musl-gcc', ['-shared', '-fPIC', '-O2', '-o', join(libraries, 'shim.so'), shim])
  for (const name of ['libstdc++.so.6', 'libgcc_s.so.1']) {
    const [source] = String(await run('gcc', [`-print-file-name=${name}`])).split('\n')
    const copy = join(libraries, name)
    copyFileSync(source ?? '', copy)
    await run('patchelf', ['--remove-needed', 'ld-linux-x86-64.so.2', copy])
    await run('patchelf', ['--add-needed', 'shim.so', '--set-rpath', '$ORIGIN', copy])
  }
  const node = join(directory, 'node')
  const bun = join(directory, 'bun')
  writeFileSync(node, plainNode(readFileSync(join(tools, 'node-musl/pnpm'))), { mode: 0o755 })
  copyFileSync(join(tools, 'bun-musl/bin/bun'), bun)
  for (const program of [node, bun]) {
    await run('patchelf', ['--set-rpath', '$ORIGIN/lib', program])
  }
  return { node, bun }
}

/** pnpm's program for Alpine is a Node with pnpm inside, and this switch says so: off it goes. */
function plainNode(program: Buffer): Buffer {
  const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:'
  const at = program.indexOf(`${fuse}1`)
  if (at < 0) throw new Error('This Node has no program inside')
  program.write('0', at + fuse.length, 'latin1')
  return program
}
