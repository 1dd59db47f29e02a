import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

import type { Reproduction } from '../../helpers/pages.js'
import { demandDebuggers } from '../judges/tools.js'
import { bootStable } from '../stable.js'

const guest = fileURLToPath(new URL('../guest', import.meta.url))

/** What the scripts of the pages printed, by their ids. */
export type Printed = Readonly<Record<string, string>>

/** Boots a machine and runs the scripts of the pages there, each at its scope. */
export async function bootAndFollow(
  plan: readonly Reproduction[],
  say: (message: string) => void,
): Promise<{ results: Printed; seconds: number }> {
  await demandDebuggers()
  return bootStable<Printed>((lane) => pack(plan, lane), say)
}

async function pack(plan: readonly Reproduction[], lane: string): Promise<void> {
  await build({
    entryPoints: [join(guest, 'pages/walk.ts')],
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
  await cp(join(guest, 'pages/setup'), join(lane, 'setup'))
}
