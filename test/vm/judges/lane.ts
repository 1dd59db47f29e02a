import { chmod, cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

import { run } from '../host.js'
import { bootStable } from '../stable.js'
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
  await demandDebuggers()
  return bootStable<JudgesResults>((lane) => pack(plan, lane), say)
}

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
