import { filesBelow, link } from './files.js'
import { containerOf, emulatorOf } from './surroundings.js'
import { denyPtraceOf } from './switches.js'

/** Fields of proc_pid_status(5) that decide what a process may do to others. */
const fields = [
  ...['Uid', 'Gid', 'Groups', 'TracerPid', 'NoNewPrivs', 'Seccomp'],
  ...['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'],
] as const

/** Where the machine and the caller say what they are; each has to be readable. */
const files = [
  '/proc/sys/kernel/random/boot_id',
  '/proc/sys/kernel/osrelease',
  '/proc/self/uid_map',
  '/proc/self/gid_map',
] as const

/**
 * Everything that decides what this process may do to its own family with ptrace, as text that differs
 * where that may differ. Null where it cannot be told so: a seccomp filter does not show what it
 * refuses, the policy behind a label may be loaded again, an emulator answers for the kernel, a process
 * that has a tracer cannot be measured, and what cannot be read cannot be compared.
 */
export function readFingerprint(root = '/'): string | null {
  const machine = filesBelow(root)
  const status = machine.read('/proc/thread-self/status') ?? ''
  const told = fields.map((name) => new RegExp(`^${name}:\\t(.*)$`, 'm').exec(status)?.[1]?.trim())
  const own = files.map((path) => machine.read(path)?.trim())
  const namespaces = ['user', 'pid'].map((name) => link(root, `/proc/self/ns/${name}`))
  const needed = [...told, ...own, ...namespaces]
  if (needed.some((each) => each == null)) return null
  const ofField = (name: (typeof fields)[number]) => told[fields.indexOf(name)]
  if (ofField('Seccomp') !== '0' || ofField('TracerPid') !== '0') return null
  if (emulatorOf(machine) !== null || isConfined(machine.read)) return null
  return JSON.stringify([
    ...needed,
    machine.read('/proc/sys/kernel/yama/ptrace_scope')?.trim() ?? null,
    machine.read('/sys/kernel/security/lsm')?.trim() ?? null,
    denyPtraceOf(machine.read),
    containerOf(machine),
  ])
}

/** Whether a policy decides over it. Without a module of labels the file is empty or cannot be read. */
function isConfined(read: (path: string) => string | null): boolean {
  const label = read('/proc/thread-self/attr/current')?.replace(/\0/g, '').trim() ?? ''
  return label !== '' && label !== 'unconfined'
}
