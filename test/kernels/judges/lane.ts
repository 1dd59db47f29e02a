import { chmod, cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

import { demand, run } from '../host.js'
import { bootStable } from '../stable.js'
import { fetchFilters } from './filters.js'
import type { JudgesPlan, JudgesResults } from './results.js'
import type { Group } from './rooms.js'
import { demandDebuggers } from './tools.js'

const guest = fileURLToPath(new URL('../guest', import.meta.url))
const programs = {
  confine: ['confine.c', '-static'],
  domain: ['judges/domain.c', '-static'],
  stranger: ['judges/stranger.c', '-static'],
  targets: ['judges/targets.c', '-static'],
  'seize.node': ['judges/seize.c', '-shared', '-fPIC'],
} as const

/** Boots the newest kernel of Debian's stable release and has everything foretold and tried in it. */
export async function bootAndTry(
  { append, systemd, scopes, rooms }: Group,
  say: (message: string) => void,
): Promise<{ results: JudgesResults; seconds: number }> {
  demand(['secilc'])
  await demandDebuggers()
  return bootStable<JudgesResults>(
    async (lane) => {
      await pack({ scopes, rooms }, lane)
      if (systemd) await cp(join(guest, 'as-service'), join(lane, 'as-service'))
    },
    say,
    append,
  )
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
  for (const name of ['profile', 'unit']) await cp(join(guest, 'judges', name), join(lane, name))
  const policy = ['-o', join(lane, 'policy'), '-f', join(lane, 'contexts')]
  await run('secilc', [...policy, join(guest, 'judges/policy.cil')])
  for (const [name, file] of Object.entries(await fetchFilters())) await cp(file, join(lane, name))
}
