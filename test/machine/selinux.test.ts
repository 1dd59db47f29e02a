import t from 'tap'

import { askSelinux, type PolicyFiles } from '../../lib/machine/selinux.js'

const [source, target] = ['user_u:user_r:user_t:s0', 'system_u:system_r:sshd_t:s0']

let changes = 0

/** A policy under which `access` answers so, in a state that no other has had. */
function policy(
  access: Readonly<Record<string, string>>,
  { enforcing = 1, files = {} }: { enforcing?: number; files?: Record<string, string | null> } = {},
): PolicyFiles & { readonly asked: string[] } {
  const status = Buffer.alloc(20)
  status.writeUInt32LE(++changes, 4)
  status.writeUInt32LE(enforcing, 8)
  const texts: Record<string, string | null> = {
    'class/process/index': '2',
    'class/process/perms/ptrace': '4',
    'class/file/index': '7',
    'class/file/perms/read': '2',
    'class/capability/index': '4',
    'class/capability/perms/sys_ptrace': '20',
    'class/cap_userns/index': '9',
    'class/cap_userns/perms/sys_ptrace': '20',
    deny_unknown: '0',
    ...files,
  }
  const asked: string[] = []
  return {
    asked,
    read(name) {
      if (name === 'status') return status
      const text = texts[name] ?? null
      return text === null ? null : Buffer.from(text)
    },
    ask(name, question) {
      asked.push(`${name}: ${question}`)
      return access[question.split(' ')[2] ?? ''] ?? null
    },
  }
}

/** An answer that allows these bits. */
const allowing = (bits: number, flags = 0) =>
  `${bits.toString(16)} ffffffff 0 ffffffff 5 ${flags.toString(16)}`
const sysPtrace = 1 << 19
const capable = { 4: allowing(sysPtrace), 9: allowing(sysPtrace) }
const both = { initial: true, child: true }

t.test('SELinux is asked for the permissions that the kernel asks for', async (t) => {
  const files = policy({
    2: allowing(0b0111),
    7: allowing(0b10),
    4: allowing(~sysPtrace >>> 0),
    9: allowing(sysPtrace),
  })
  t.strictSame(askSelinux(source, target, files), {
    attach: false,
    read: true,
    capability: { initial: false, child: true },
    denyPtrace: false,
  })
  t.strictSame(
    files.asked,
    [`${target} 2`, `${target} 7`, `${source} 4`, `${source} 9`].map((rest) => {
      return `access: ${source} ${rest}`
    }),
  )
})

t.test('an answer holds until policy or mode change', async (t) => {
  const files = policy({ 2: allowing(0b1000), 7: allowing(0), ...capable })
  const answer = { attach: true, read: false, capability: both, denyPtrace: false }
  t.strictSame(askSelinux(source, target, files), answer)
  askSelinux(source, target, files)
  t.equal(files.asked.length, 4, 'it is asked once')
  const changed = policy({ 2: allowing(0), 7: allowing(0), ...capable })
  t.match(askSelinux(source, target, changed), { attach: false, read: false })
})

t.test('its boolean deny_ptrace is read with the rest, as it counts now', async (t) => {
  for (const [content, denyPtrace] of [
    ['1 1', true],
    ['1 0', true],
    ['0 1', false],
  ] as const) {
    const files = { 'booleans/deny_ptrace': content }
    const answer = askSelinux(
      source,
      target,
      policy({ 2: allowing(0), 7: allowing(0), ...capable }, { files }),
    )
    t.match(answer, { attach: false, denyPtrace })
  }
})

t.test('a permissive domain and a permissive machine are refused nothing', async (t) => {
  const granted = { attach: true, read: true, capability: both, denyPtrace: false }
  const [none, noCapability] = [allowing(0, 1), { 4: allowing(0, 1), 9: allowing(0, 1) }]
  const domain = policy({ 2: none, 7: none, ...noCapability })
  t.strictSame(askSelinux(source, target, domain), granted)
  const machine = policy({ 2: allowing(0), 7: allowing(0) }, { enforcing: 0 })
  t.strictSame(askSelinux(source, target, machine), granted)
})

t.test('what a policy does not know it grants or refuses as it says', async (t) => {
  for (const [deny, read] of [
    ['0', true],
    ['1', false],
  ] as const) {
    const files = { 'class/file/perms/read': null, deny_unknown: deny }
    t.strictSame(askSelinux(source, target, policy({ 2: allowing(8), ...capable }, { files })), {
      attach: true,
      read,
      capability: both,
      denyPtrace: false,
    })
  }
})

t.test('where SELinux cannot be asked, nothing is known', async (t) => {
  t.equal(askSelinux(source, target, policy({})), null, 'this process may not ask')
  t.equal(askSelinux(source, target, policy({ ...capable, 2: 'nonsense', 7: '' })), null)
  const unknown = { 'class/process/index': null, deny_unknown: null }
  t.equal(
    askSelinux(source, target, policy({ 7: allowing(2), ...capable }, { files: unknown })),
    null,
  )
  const absent = { read: () => null, ask: () => null }
  t.equal(askSelinux(source, target, absent), null, 'selinuxfs is not mounted')
})
