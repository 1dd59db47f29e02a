/** Big inputs take a time that grows as they do. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { osOf } from '../../../lib/machine/index.js'
import { readPolicyFile } from '../../../lib/policy/index.js'
import { settings } from '../../../lib/settings/index.js'
import { contents } from '../../../lib/settings/sysctl-d/contents.js'
import { procpsGrammar, systemdGrammar } from '../../../lib/settings/sysctl-d/grammars.js'
import { isCoded, type Property, require } from '../property.js'
import { machineOf } from '../tree.js'

const size = 8 << 20
/** Of a processor, for one reading: what takes a second is linear, what is not takes hours. */
const most = 30_000

const filled = (piece: string): string => piece.repeat(Math.ceil(size / piece.length))
const scope = { 'etc/sysctl.d/10-ptrace.conf': 'kernel.yama.ptrace_scope = 1\n' }

async function inTime(name: string, read: () => unknown): Promise<void> {
  const begin = process.cpuUsage()
  await read()
  const { user, system } = process.cpuUsage(begin)
  const ms = (user + system) / 1000
  require(ms < most, () => `${name} took ${ms} ms`)
}

function sized(
  name: string,
  texts: Readonly<Record<string, string>>,
  read: (text: string) => unknown,
) {
  return {
    name: `${name} of ${size} bytes is read in time`,
    check: async () => {
      const shaped = Object.entries(texts)
      for (const [what, text] of shaped) await inTime(what, () => read(text))
      return shaped.length
    },
  } satisfies Property
}

const shapes = (line: string): Readonly<Record<string, string>> => ({
  lines: filled(`${line}\n`),
  'one line': filled(line),
  blanks: filled(' '),
  'empty lines': filled('\n'),
  'ends of three kinds': filled('\r\n\0'),
})
const below = (files: Readonly<Record<string, string>>) =>
  settings({ root: machineOf({ ...scope, ...files }) })

/** Of sizes. */
export const growthProperties: readonly Property[] = [
  ...Object.entries({ systemd: systemdGrammar, procps: procpsGrammar }).map(([name, grammar]) =>
    sized(`sysctl.d for ${name}`, shapes('kernel.yama.* = 1 '), (text) =>
      contents(machineOf({ 'etc/sysctl.d/x.conf': text }), '/etc/sysctl.d/x.conf', grammar),
    ),
  ),
  sized('os-release', shapes('ID="x '), (text) => osOf({ read: () => text, link: () => null })),
  sized('a database of dpkg', shapes('Package: x'), (text) =>
    below({
      'etc/os-release': 'ID=ubuntu\nVERSION_ID="26.04"\n',
      'var/lib/dpkg/status': text,
      'var/lib/dpkg/info/x.list': text,
      'var/lib/dpkg/diversions': text,
    }),
  ),
  sized('a database of apk', shapes('F:etc/sysctl.d\nR:10-ptrace.conf'), (text) =>
    below({ 'lib/apk/db/installed': text }),
  ),
  sized('a database of pacman', shapes('%FILES%\netc/sysctl.d/10-ptrace.conf'), (text) =>
    below({ 'var/lib/pacman/local/x/desc': text, 'var/lib/pacman/local/x/files': text }),
  ),
  sized("the kernel's command line", shapes('sysctl.kernel.yama.ptrace_scope=1 "'), (text) =>
    below({ 'proc/cmdline': text }),
  ),
  sized('a policy file', shapes('{"id": ['), (text) => {
    const path = join(machineOf({}), 'policy.json')
    writeFileSync(path, text)
    try {
      readPolicyFile(path)
    } catch (error) {
      require(isCoded(error), () => String(error))
    }
  }),
]
