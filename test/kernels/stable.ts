import { chmod, cp, mkdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { boot } from './boot.js'
import { fetchKernel } from './fetch.js'
import { demand, discard, locate, temporary } from './host.js'
import { makeInitrd } from './initrd.js'
import { copyBuilt } from './lane.js'

const addon = fileURLToPath(new URL('../../build/Release/ptrace-probe.node', import.meta.url))

/**
 * Boots the newest kernel of Debian's stable release with this machine's root, for what is not
 * about kernels.
 *
 * @param pack - puts the guest's `main`, and what that needs, into what it sees as /run/lane
 * @param say - hears what a reader of the test's output should know
 * @param append - more words for the kernel's command line
 * @param port - the port of 127.0.0.1 that leads to the guest's port 22; without it there is no network
 * @returns the guest's `results.json`, and how long it ran
 * @throws Error with one sentence, if a program that this needs is not installed
 */
export async function bootStable<Results>(
  pack: (lane: string) => Promise<void>,
  say: (message: string) => void,
  append = '',
  port?: number,
): Promise<{ results: Results; seconds: number }> {
  demand(['apt-get', 'busybox', 'cc', 'cpio', 'dpkg', 'modinfo', 'qemu-system-x86_64', 'setpriv'])
  const fetched = await fetchKernel({ suite: 'trixie', arch: 'amd64' }, say)
  const directory = temporary(tmpdir(), 'ptrace-probe-stable-')
  try {
    const [lane, project] = [join(directory, 'lane'), join(directory, 'project')]
    await mkdir(lane)
    await chmod(lane, 0o755)
    await copyBuilt(project)
    await cp(addon, join(project, 'build/Release/ptrace-probe.node'))
    await pack(lane)
    const initrd = join(directory, 'initrd')
    const busybox = locate('busybox') ?? ''
    await makeInitrd({ modules: join(fetched.directory, 'modules'), busybox }, initrd)
    const begin = performance.now()
    await boot({
      arch: 'amd64',
      kernel: join(fetched.directory, 'vmlinux'),
      initrd,
      append,
      root: '/',
      node: process.execPath,
      project,
      lane,
      port,
    })
    const seconds = (performance.now() - begin) / 1000
    const results: Results = JSON.parse(await readFile(join(lane, 'results.json'), 'utf8'))
    return { results, seconds }
  } finally {
    await discard(directory)
  }
}
