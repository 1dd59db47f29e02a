import { chmod, cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

import { demand, exists, run } from '../host.js'
import { demandDebuggers } from '../judges/tools.js'
import { bootStable } from '../stable.js'
import type { SelinuxResults } from './results.js'

const guest = fileURLToPath(new URL('../guest', import.meta.url))
const programs = { confine: ['confine.c'], targets: ['judges/targets.c', '-pthread'] } as const

/** Boots a machine with SELinux and a policy of ours, and switches its boolean deny_ptrace. */
export async function bootAndSwitch(
  say: (message: string) => void,
): Promise<{ results: SelinuxResults; seconds: number }> {
  demand(['secilc'])
  await demandDebuggers()
  if (!(await exists('/usr/sbin/setsebool'))) {
    throw new Error('The kernel lane lacks setsebool: apt-get install policycoreutils')
  }
  return bootStable<SelinuxResults>(pack, say, 'security=selinux selinux=1')
}

async function pack(lane: string): Promise<void> {
  for (const [name, [source, ...flags]] of Object.entries(programs)) {
    const file = join(lane, name)
    await run('cc', ['-std=gnu11', '-O2', '-static', ...flags, '-o', file, join(guest, source)])
    await chmod(file, 0o755)
  }
  await build({
    entryPoints: [join(guest, 'selinux/walk.ts')],
    outdir: lane,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  await writeFile(join(lane, 'package.json'), '{"type":"module"}')
  await cp(join(guest, 'main'), join(lane, 'main'))
  const policy = ['-o', join(lane, 'policy'), '-f', join(lane, 'contexts')]
  await run('secilc', [...policy, join(guest, 'judges/policy.cil')])
}
