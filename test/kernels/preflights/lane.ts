import { chmod, cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

import type { Scope } from '../../../lib/model/scopes.js'
import { run } from '../host.js'
import { demandDebuggers } from '../judges/tools.js'
import { bootStable } from '../stable.js'

const guest = fileURLToPath(new URL('../guest', import.meta.url))
const contrib = fileURLToPath(new URL('../../../contrib', import.meta.url))

/** One debugger that asked about targets, and then attached to it. */
export interface Session {
  readonly id: string
  readonly as: 'root' | 'user'
  /** The PIDs, by the names of test/kernels/judges/targets.ts. */
  readonly targets: Readonly<Record<string, number>>
  readonly printed: string
  readonly milliseconds: number
}

/** Boots a machine and has gdb and lldb ask and attach there, at that scope. */
export async function bootAndPreflight(
  scope: Scope,
  say: (message: string) => void,
): Promise<{ results: readonly Session[]; seconds: number }> {
  await demandDebuggers()
  return bootStable<readonly Session[]>((lane) => pack(scope, lane), say)
}

async function pack(scope: Scope, lane: string): Promise<void> {
  const targets = join(lane, 'targets')
  const source = join(guest, 'judges/targets.c')
  await run('cc', ['-std=gnu11', '-O2', '-pthread', '-static', '-o', targets, source])
  await chmod(targets, 0o755)
  await build({
    entryPoints: [join(guest, 'preflights/walk.ts')],
    outdir: lane,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  await writeFile(join(lane, 'plan.json'), String(scope))
  await writeFile(join(lane, 'package.json'), '{"type":"module"}')
  await cp(join(guest, 'main'), join(lane, 'main'))
  for (const id of ['gdb', 'lldb']) {
    await cp(join(contrib, id), join(lane, 'contrib', id), { recursive: true })
  }
}
