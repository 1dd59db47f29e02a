/**
 * Runs inside of the booted machine as root: carries out every remedy in a situation where it is
 * offered. Nothing is judged here.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'

import { remedies } from '../../../../lib/model/remedies.js'
import { keysOf } from '../../../../lib/model/tables.js'
import type { Carried } from '../../remedies/results.js'
import { situations } from './situations.js'

const value = '/proc/sys/kernel/yama/ptrace_scope'

/** The first name that a uid has is the user's. */
function putFirst(file: string, line: string): void {
  writeFileSync(file, `${line}\n${readFileSync(file, 'utf8')}`)
}

// The machine whose root this is may be a container, and this one is none.
rmSync('/.dockerenv', { force: true })
putFirst('/etc/passwd', 'judges:x:1000:1000::/:/bin/sh')
putFirst('/etc/group', 'lane:x:1002:judges')
spawnSync('apparmor_parser', ['--replace', '--skip-cache', 'profile'])
const carried: Carried[] = []
for (const id of keysOf(situations)) {
  const { scope, carry } = situations[id]
  writeFileSync(value, String(scope))
  console.error(`${id} at scope ${scope}`)
  try {
    const tried = await carry(id)
    const { verdict, cause, message, remedies: offered } = tried.said
    carried.push({
      id,
      said: { verdict, cause, message },
      offered: offered.map(({ id }) => id),
      did: tried.did || remedies[id].does,
      ...tried.came,
      missing: tried.missing,
    })
  } catch (error) {
    const said = { verdict: 'undetermined', cause: null, message: String(error) } as const
    carried.push({ id, said, offered: [], did: '', worked: false, printed: '', missing: [] })
  }
}
rmSync('/etc/sysctl.d/99-ptrace-scope.conf', { force: true })
writeFileSync('results.json', JSON.stringify(carried))
process.exit()
