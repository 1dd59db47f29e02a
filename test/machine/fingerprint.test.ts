import t from 'tap'
import { readFingerprint } from '../../lib/machine/fingerprint.js'
import { type System, system } from '../helpers/systems.js'

const status = `Name:\tnode
Uid:\t1000\t1000\t1000\t1000
Gid:\t1000\t1000\t1000\t1000
Groups:\t1000
TracerPid:\t0
NoNewPrivs:\t0
Seccomp:\t0
CapInh:\t0000000000000000
CapPrm:\t0000000000000000
CapEff:\t0000000000000000
CapBnd:\t000001ffffffffff
CapAmb:\t0000000000000000
`
const machine: System = {
  'proc/thread-self/status': status,
  'proc/thread-self/exe': '-> /usr/bin/node',
  'proc/self/exe': '-> /usr/bin/node',
  'proc/self/uid_map': '0 0 4294967295\n',
  'proc/self/gid_map': '0 0 4294967295\n',
  'proc/self/ns/user': '-> user:[4026531837]',
  'proc/self/ns/pid': '-> pid:[4026531836]',
  'proc/sys/kernel/random/boot_id': '0123\n',
  'proc/sys/kernel/osrelease': '6.1.0\n',
  'proc/sys/kernel/yama/ptrace_scope': '1\n',
}
const read = (more: System = {}): string | null => readFingerprint(system(t, machine, more))
const changed = (from: string, to: string): System => ({
  'proc/thread-self/status': status.replace(from, to),
})
const plain = read()

t.test('the same circumstances have the same fingerprint', async (t) => {
  t.type(plain, 'string')
  t.equal(read(), plain)
})

const others: Readonly<Record<string, System>> = {
  'another boot': { 'proc/sys/kernel/random/boot_id': '4567\n' },
  'another kernel': { 'proc/sys/kernel/osrelease': '6.12.0\n' },
  'another scope': { 'proc/sys/kernel/yama/ptrace_scope': '0\n' },
  'other modules': { 'sys/kernel/security/lsm': 'capability,yama,bpf' },
  'another user': changed('Uid:\t1000', 'Uid:\t1001'),
  'another effective uid': changed('1000\t1000\t1000\t1000', '1000\t0\t1000\t1000'),
  'another group': changed('Groups:\t1000', 'Groups:\t1000 4'),
  'another capability': changed('CapEff:\t0000000000000000', 'CapEff:\t0000000000080000'),
  'another bounding set': changed('CapBnd:\t000001ffffffffff', 'CapBnd:\t0000000000000000'),
  no_new_privs: changed('NoNewPrivs:\t0', 'NoNewPrivs:\t1'),
  'another user namespace': { 'proc/self/ns/user': '-> user:[4026532001]' },
  'the same number for another user namespace': { 'proc/self/uid_map': '0 1000 1\n' },
  'another PID namespace': { 'proc/self/ns/pid': '-> pid:[4026532002]' },
}
for (const [what, more] of Object.entries(others)) {
  t.test(`${what} has another fingerprint`, async (t) => {
    const other = read(more)
    t.type(other, 'string')
    t.not(other, plain)
  })
}

const untold: Readonly<Record<string, System>> = {
  'a seccomp filter does not show what it refuses': changed('Seccomp:\t0', 'Seccomp:\t2'),
  'a process that is traced cannot be measured': changed('TracerPid:\t0', 'TracerPid:\t7'),
  'a policy may be loaded again': { 'proc/thread-self/attr/current': 'profile (enforce)\n' },
  'an emulator answers for the kernel': { 'proc/thread-self/exe': '-> /usr/bin/qemu-arm' },
  'the status cannot be read': { 'proc/thread-self/status': '' },
  'the boot cannot be told from others': { 'proc/sys/kernel/random/boot_id': 'dir' },
}
for (const [what, more] of Object.entries(untold)) {
  t.test(`${what}: there is no fingerprint`, async (t) => {
    const parts = what.startsWith('the boot') ? remainder() : machine
    t.equal(readFingerprint(system(t, parts, what.startsWith('the boot') ? {} : more)), null)
  })
}

function remainder(): System {
  const { 'proc/sys/kernel/random/boot_id': _, ...rest } = machine
  return rest
}

t.test('this process has a fingerprint, or a filter', async (t) => {
  const found = readFingerprint()
  t.equal(found, readFingerprint())
})
