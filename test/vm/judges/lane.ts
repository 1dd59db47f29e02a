import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

import { boot } from '../boot.js'
import { fetchKernel } from '../fetch.js'
import { demand, discard, locate, run, temporary } from '../host.js'
import { makeInitrd } from '../initrd.js'
import { copyBuilt } from '../lane.js'
import type { JudgesPlan, JudgesResults } from './results.js'
import { demandDebuggers } from './tools.js'

const guest = fileURLToPath(new URL('../guest', import.meta.url))
const programs = {
  confine: ['confine.c', '-static'],
  domain: ['judges/domain.c', '-static'],
  targets: ['judges/targets.c', '-static'],
  'seize.node': ['judges/seize.c', '-shared', '-fPIC'],
} as const

/** Boots the newest kernel of Debian's stable release and has everything foretold and tried in it. */
export async function bootAndTry(
  plan: JudgesPlan,
  say: (message: string) => void,
): Promise<{ results: JudgesResults; seconds: number }> {
  demand(['apt-get', 'busybox', 'cc', 'cpio', 'dpkg', 'modinfo', 'qemu-system-x86_64', 'setpriv'])
  await demandDebuggers()
  const kernel = { name: 'judges', suite: 'trixie', arch: 'amd64', yama: true } as const
  const fetched = await fetchKernel(kernel, say)
  const directory = temporary(tmpdir(), 'ptrace-probe-judges-')
  try {
    const [lane, project] = [join(directory, 'lane'), join(directory, 'project')]
    await mkdir(lane)
    await chmod(lane, 0o755)
    await copyBuilt(project)
    await cp(addon, join(project, 'build/Release/ptrace-probe.node'))
    await pack(plan, lane)
    const initrd = join(directory, 'initrd')
    const busybox = locate('busybox') ?? ''
    await makeInitrd({ modules: join(fetched.directory, 'modules'), busybox }, initrd)
    const begin = performance.now()
    await boot({
      arch: 'amd64',
      kernel: join(fetched.directory, 'vmlinux'),
      initrd,
      append: '',
      root: '/',
      node: process.execPath,
      project,
      lane,
    })
    const seconds = (performance.now() - begin) / 1000
    const results: JudgesResults = JSON.parse(await readFile(join(lane, 'results.json'), 'utf8'))
    return { results, seconds }
  } finally {
    await discard(directory)
  }
}

const addon = fileURLToPath(new URL('../../../build/Release/ptrace-probe.node', import.meta.url))

/** Puts the guest's programs and its plan into the directory that it sees as /run/lane. */
async function pack(plan: JudgesPlan, lane: string): Promise<void> {
  for (const [name, [source, ...flags]] of Object.entries(programs)) {
    const file = join(lane, name)
    await run('cc', ['-std=gnu11', '-O2', '-pthread', ...flags, '-o', file, join(guest, source)])
    await chmod(file, 0o755)
  }
  await build({
    entryPoints: ['walk', 'room'].map((name) => join(guest, 'judges', `${name}.ts`)),
    outdir: lane,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  await writeFile(join(lane, 'plan.json'), JSON.stringify(plan))
  await writeFile(join(lane, 'package.json'), '{"type":"module"}')
  await cp(join(guest, 'main'), join(lane, 'main'))
  await cp(join(guest, 'judges/profile'), join(lane, 'profile'))
}
