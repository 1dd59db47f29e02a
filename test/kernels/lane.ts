import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

import { pack as packPackage } from '../../scripts/pack.mjs'
import { boot } from './boot.js'
import {
  assertions,
  changingPairs,
  checksFor,
  commandsFor,
  contextsFor,
  countsLines,
  triesDebuggers,
} from './contexts.js'
import { fetchKernel, fetchRoot } from './fetch.js'
import { demand, discard, exists, locate, run, type Tool, temporary } from './host.js'
import { makeInitrd } from './initrd.js'
import type { Kernel } from './kernels.js'
import type { Plan, Results } from './results.js'

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const addon = 'build/Release/ptrace-probe.node'
const guestPrograms = {
  cells: 'test/reference/cells.c',
  confine: 'test/kernels/guest/confine.c',
  stranger: 'test/kernels/guest/judges/stranger.c',
  targets: 'test/kernels/guest/judges/targets.c',
}
const everywhere: readonly Tool[] = [
  'apt-get',
  'busybox',
  'cpio',
  'dpkg',
  'lz4',
  'modinfo',
  'setpriv',
  'xz',
  'zstd',
]
const toolchains = {
  amd64: { cc: 'cc', tools: ['cc', 'qemu-system-x86_64'] },
  arm64: {
    cc: 'aarch64-linux-gnu-gcc',
    tools: ['aarch64-linux-gnu-gcc', 'qemu-system-aarch64'],
  },
} as const

/** What one boot brought back, and how long it took. */
export interface Booted {
  readonly results: Results
  readonly seconds: number
}

/**
 * Boots the kernel and has everything measured in it.
 *
 * @param say - hears what a reader of the test's output should know
 * @throws Error with one sentence, if a program that this needs is not installed
 */
export async function bootAndMeasure(
  kernel: Kernel,
  say: (message: string) => void,
): Promise<Booted> {
  demand([...everywhere, ...toolchains[kernel.arch].tools])
  const fetched = await fetchKernel(kernel, say)
  const directory = temporary(tmpdir(), 'ptrace-probe-lane-')
  try {
    const lane = join(directory, 'lane')
    await mkdir(lane)
    await chmod(lane, 0o755)
    const guest = await prepare(kernel, directory)
    await pack(kernel, lane)
    const initrd = join(directory, 'initrd')
    const modules = join(fetched.directory, 'modules')
    await makeInitrd({ modules, busybox: guest.busybox }, initrd)
    const begin = performance.now()
    await boot({
      ...guest,
      arch: kernel.arch,
      kernel: join(fetched.directory, 'vmlinux'),
      initrd,
      append: kernel.append,
      lane,
    })
    const seconds = (performance.now() - begin) / 1000
    const results: Results = JSON.parse(await readFile(join(lane, 'results.json'), 'utf8'))
    return { results, seconds }
  } finally {
    await discard(directory)
  }
}

/** The guest's root and project: this machine's own, or those of the other architecture. */
async function prepare(kernel: Kernel, directory: string) {
  const project = join(directory, 'project')
  if (kernel.arch === 'arm64') {
    const root = await fetchRoot(kernel)
    await unpackPackage(project)
    return { root, node: '/usr/bin/node', project, busybox: join(root, 'usr/bin/busybox') }
  }
  await copyBuilt(project)
  await cp(join(checkout, addon), join(project, addon))
  return { root: '/', node: process.execPath, project, busybox: locate('busybox') ?? '' }
}

/** Copies what users load, so that a build in the checkout does not disturb the guest. */
export async function copyBuilt(project: string): Promise<void> {
  if (!(await exists(join(checkout, addon)))) {
    throw new Error('The kernel lane runs what is built: npm run build')
  }
  await mkdir(project)
  await chmod(project, 0o755)
  for (const name of ['package.json', 'dist', 'node_modules/node-gyp-build']) {
    await cp(join(checkout, name), join(project, name), { recursive: true })
  }
}

/** Unpacks what would be published, with its binaries, and without a build of this machine's. */
async function unpackPackage(project: string): Promise<void> {
  await mkdir(project)
  await chmod(project, 0o755)
  await run('tar', ['xzf', packPackage(project), '--strip-components=1'], { cwd: project })
  const loader = 'node_modules/node-gyp-build'
  await cp(join(checkout, loader), join(project, loader), { recursive: true })
}

/** Puts the guest's programs and its plan into the directory that it sees as /run/lane. */
async function pack(kernel: Kernel, lane: string): Promise<void> {
  for (const [name, source] of Object.entries(guestPrograms)) {
    const flags = ['-std=gnu11', '-O2', '-pthread', '-static', '-o', join(lane, name)]
    await run(toolchains[kernel.arch].cc, [...flags, join(checkout, source)])
    await chmod(join(lane, name), 0o755)
  }
  const guest = fileURLToPath(new URL('guest', import.meta.url))
  await build({
    entryPoints: ['walk', 'agent'].map((name) => join(guest, `${name}.ts`)),
    outdir: lane,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  const plan: Plan = {
    scopes: kernel.yama ? [0, 1, 2, 3] : [null],
    contexts: contextsFor(kernel),
    changing: changingPairs(kernel),
    commands: commandsFor(kernel.arch),
    commandsAtEach: [...checksFor(kernel.arch), ...(kernel.policies ? assertions : [])],
    debuggers: triesDebuggers(kernel),
    log: countsLines(kernel),
  }
  await writeFile(join(lane, 'plan.json'), JSON.stringify(plan))
  await writeFile(join(lane, 'package.json'), '{"type":"module"}')
  await cp(join(guest, 'main'), join(lane, 'main'))
}
