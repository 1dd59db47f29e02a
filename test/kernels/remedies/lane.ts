import { chmod, cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

import { remedies } from '../../../lib/model/remedies.js'
import { exists, run } from '../host.js'
import { fetchFilters } from '../judges/filters.js'
import { demandDebuggers } from '../judges/tools.js'
import { bootStable } from '../stable.js'
import type { Carried } from './results.js'

const guest = fileURLToPath(new URL('../guest', import.meta.url))
/** The statements that `obeys` carries out are those that users are shown. */
const statements = [
  `-DNAME_THE_TRACER=${remedies['name-the-tracer'].command}`,
  `-DBECOME_DUMPABLE=${remedies['become-dumpable'].command}`,
]
const programs = {
  confine: ['confine.c'],
  domain: ['judges/domain.c'],
  obeys: ['remedies/obeys.c', ...statements],
  targets: ['judges/targets.c', '-pthread'],
} as const
const withoutPtrace = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['ptrace'], action: 'SCMP_ACT_ERRNO', errnoRet: 1 }],
}
const needed = {
  '/usr/bin/sudo': 'sudo',
  '/usr/bin/sg': 'login',
  '/usr/bin/script': 'util-linux',
  '/usr/bin/python3': 'python3',
} as const

/** Boots a machine with systemd and carries out every remedy in it. */
export async function bootAndCarry(
  say: (message: string) => void,
): Promise<{ results: readonly Carried[]; seconds: number }> {
  await demandDebuggers()
  for (const [program, name] of Object.entries(needed)) {
    if (await exists(program)) continue
    throw new Error(`The kernel lane lacks ${program}: apt-get install ${name}`)
  }
  return bootStable<readonly Carried[]>(pack, say)
}

async function pack(lane: string): Promise<void> {
  for (const [name, [source, ...flags]] of Object.entries(programs)) {
    const file = join(lane, name)
    await run('cc', ['-std=gnu11', '-O2', '-static', ...flags, '-o', file, join(guest, source)])
    await chmod(file, 0o755)
  }
  await build({
    entryPoints: ['walk', 'inside'].map((name) => join(guest, 'remedies', `${name}.ts`)),
    outdir: lane,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  await writeFile(join(lane, 'package.json'), '{"type":"module"}')
  await writeFile(join(lane, 'no-ptrace.json'), JSON.stringify(withoutPtrace))
  for (const name of ['main', 'as-service']) await cp(join(guest, name), join(lane, name))
  await cp(join(guest, 'judges/profile'), join(lane, 'profile'))
  for (const [name, file] of Object.entries(await fetchFilters())) await cp(file, join(lane, name))
}
