import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { discard, run, temporary } from './host.js'

const init = fileURLToPath(new URL('guest/init', import.meta.url))

/** Writes the guest's first file system: busybox, the kernel's modules and what uses them. */
export async function makeInitrd(
  { modules, busybox }: { modules: string; busybox: string },
  file: string,
): Promise<void> {
  const directory = temporary('/tmp', 'ptrace-probe-initrd-')
  try {
    for (const name of ['bin', 'dev', 'lower', 'mod', 'new', 'proc', 'rw', 'sys']) {
      await mkdir(join(directory, name))
    }
    await copyFile(busybox, join(directory, 'bin/busybox'))
    await copyFile(init, join(directory, 'init'))
    await chmod(join(directory, 'init'), 0o755)
    for (const name of await readdir(modules)) {
      await copyFile(join(modules, name), join(directory, 'mod', name))
    }
    const names = (await readdir(directory, { recursive: true })).sort().join('\n')
    await run('cpio', ['--quiet', '-o', '-H', 'newc', '-F', file], { cwd: directory, input: names })
  } finally {
    await discard(directory)
  }
}
