/** Plays the example of contrib/ansible. */

import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execute } from '../package/project.js'
import type { Ended } from './node.js'
import { root } from './node.js'

/**
 * A directory with the archive for hosts with this processor. The light one takes their own Node,
 * under the name that the role looks for.
 */
export async function portable(directory: string, isLight = false): Promise<string> {
  const out = join(directory, 'release')
  const script = join(root, 'scripts/portable.mjs')
  const kind = isLight ? ['--light'] : ['--arch', 'x64', '--fast']
  const options = [...kind, '--out', out]
  const { code, stderr } = await execute([process.execPath, script, ...options], { cwd: root })
  if (code !== 0) throw new Error(stderr)
  if (isLight) {
    const name = `ptrace-probe-linux-${process.arch}.tar.xz`
    renameSync(join(out, 'ptrace-probe-linux.tar.xz'), join(out, name))
  }
  return out
}

/** Plays the playbook with an inventory; nothing of this user's Ansible is read or written. */
export function playbook(
  inventory: string,
  variables: Readonly<Record<string, unknown>>,
  directory: string,
  { around = [], path = '' }: { around?: readonly string[]; path?: string } = {},
): Promise<Ended> {
  const file = join(directory, 'variables.json')
  const configuration = join(directory, 'ansible.cfg')
  writeFileSync(file, JSON.stringify(variables))
  writeFileSync(configuration, '[defaults]\n')
  const play = join(root, 'contrib/ansible/playbook.yml')
  return execute(
    [...around, '/usr/bin/ansible-playbook', '-i', inventory, '--extra-vars', `@${file}`, play],
    {
      cwd: directory,
      env: {
        ANSIBLE_CONFIG: configuration,
        ANSIBLE_HOME: join(directory, 'ansible'),
        ANSIBLE_LOCAL_TEMP: join(directory, 'ansible/tmp'),
        ANSIBLE_SSH_CONTROL_PATH_DIR: join(directory, 'ansible/cp'),
        ANSIBLE_PIPELINING: 'true',
        ANSIBLE_NOCOLOR: 'true',
        ANSIBLE_TIMEOUT: '60',
        PATH: `/usr/sbin:/usr/bin:/sbin:/bin:${path}`,
      },
    },
  )
}

/** The counts of the recap at the end, by the name of the host. */
export function recapOf(
  stdout: string,
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const [, recap = ''] = stdout.split('PLAY RECAP')
  const rows = recap.split('\n').flatMap((line) => {
    const [, host, counts] = /^(.*?) +: (ok=.*)$/.exec(line) ?? []
    if (host === undefined || counts === undefined) return []
    const numbers = [...counts.matchAll(/(\w+)=(\d+)/g)].map(([, name, n]) => [name, Number(n)])
    return [[host, Object.fromEntries(numbers)]]
  })
  return Object.fromEntries(rows)
}
