import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

import { exists, run } from '../host.js'
import { demandDebuggers } from '../judges/tools.js'
import { bootStable } from '../stable.js'
import type { FedoraResults } from './results.js'

const guest = fileURLToPath(new URL('../guest', import.meta.url))
const programs = {
  '/usr/bin/rpm': 'rpm',
  '/usr/bin/rpmbuild': 'rpm',
  '/usr/lib/systemd/systemd-sysctl': 'systemd',
} as const

/** Boots a machine and follows Fedora's "How To Test" in it. */
export async function bootAndInstall(
  say: (message: string) => void,
): Promise<{ results: FedoraResults; seconds: number }> {
  await demandDebuggers()
  for (const [program, name] of Object.entries(programs)) {
    if (await exists(program)) continue
    throw new Error(`The kernel lane lacks ${program}: apt-get install ${name}`)
  }
  return bootStable<FedoraResults>(pack, say)
}

async function pack(lane: string): Promise<void> {
  await build({
    entryPoints: [join(guest, 'fedora/walk.ts')],
    outdir: lane,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  await writeFile(join(lane, 'package.json'), '{"type":"module"}')
  await cp(join(guest, 'main'), join(lane, 'main'))
  const top = join(lane, 'rpmbuild')
  await mkdir(top)
  for (const name of ['sysctl-trigger', 'yama-ptrace-enable']) {
    const spec = join(guest, 'fedora', `${name}.spec`)
    await run('rpmbuild', ['-bb', '--define', `_topdir ${top}`, spec])
    await cp(join(top, `RPMS/noarch/${name}-1-1.noarch.rpm`), join(lane, `${name}.rpm`))
  }
}
