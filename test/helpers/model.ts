/**
 * A small model of the kernel's access rules, so that pure code can be tested on every machine
 * without booting one: `__ptrace_may_access` and `ptrace_traceme` in kernel/ptrace.c, the hooks of
 * security/yama/yama_lsm.c, and the seccomp filter in front of them. Every target is one that the
 * engine makes: it has the tracer's ids, is dumpable, and has no tracer.
 */

import type { Consent } from '../../lib/model/consents.js'
import type { Control, Measurement, Observation } from '../../lib/model/index.js'
import type { Method } from '../../lib/model/methods.js'
import type { Relation } from '../../lib/model/relations.js'
import type { Step } from '../../lib/model/steps.js'
import type { ControlId, FamilyId, Identity, ObservationId } from '../../lib/model/vocabulary.js'
import { defaultIdentities } from '../../lib/probe/options.js'
import { scenariosFor } from '../../lib/probe/scenarios.js'

/** What the model knows of a machine and of the process that asks. */
export interface Machine {
  /** The value of `kernel.yama.ptrace_scope`; null: booted without Yama. */
  readonly yama: 0 | 1 | 2 | 3 | null
  /** The caller has CAP_SYS_PTRACE over its targets' user namespace, effective. */
  readonly capable: boolean
  /**
   * A security module withholds CAP_SYS_PTRACE, which the sets show all the same: over the caller's own
   * user namespace, or over those that it makes as well.
   */
  readonly withheld?: 'own' | 'all' | null
  /** What a seccomp filter answers to ptrace(2); null: it lets the call pass. */
  readonly ptraceFilter: 'EPERM' | 'ENOSYS' | 'KILL' | null
  /** Something other than the kernel answers ptrace(2), with that error. */
  readonly emulated?: 'ENOSYS' | 'ESRCH' | null
  /** What a filter answers to prctl(PR_SET_PTRACER); null: it lets the call pass. */
  readonly prctlFilter?: 'EPERM' | 'EINVAL' | null
  /** Filters answer EPERM to the other ways to reach a target, too (`/proc` cannot be filtered). */
  readonly otherCallsFiltered?: boolean
  /** Neither the file of the scope nor the list of modules is to be seen. */
  readonly filesHidden?: boolean
  /** The caller may create user namespaces. */
  readonly userNamespaces: boolean
  /** A debugger follows every process that the caller forks. */
  readonly traced?: boolean
  /** A mandatory access control rule refuses the access after Yama allowed it. */
  readonly mac?: 'selinux' | 'apparmor' | null
  /** Identities beyond caller, unprivileged and owner. */
  readonly users?: readonly string[]
}

/** One cell, before it is tried. */
export interface Plan {
  readonly identity: Identity
  readonly relation: Relation
  readonly consent: Consent
  readonly method: Method
}

/** A machine by its differences from the commonest: scope 1, an ordinary user, nothing filtered. */
export function machine(differences: Partial<Machine> = {}): Machine {
  return { yama: 1, capable: false, ptraceFilter: null, userNamespaces: true, ...differences }
}

/** The cells of a measurement as these users, and always as caller, unprivileged and owner. */
export function plan({ users = [] }: Machine): Plan[] {
  const named = users.map((user): Identity => `user:${user}`)
  return scenariosFor([...defaultIdentities, ...named]).flatMap(
    ({ identity, relation, consent, attempts }) =>
      attempts
        .filter((attempt): attempt is Method => relation !== null && attempt in syscalls)
        .map((method) => ({ identity, relation: relation as Relation, consent, method })),
  )
}

/** What the engine would report from that machine. */
export function measure(world: Machine, plans: readonly Plan[] = plan(world)): Measurement {
  const identities = [...new Set(plans.map(({ identity }) => identity))]
  return {
    observations: plans.map((each) => observe(world, each)),
    controls: [
      ...controls(world),
      ...identities.map((identity) => readAccess(world, identity)),
      ...(identities.includes('caller') ? [protectedRead(world)] : []),
    ],
    label: world.mac ? 'some_profile (enforce)' : null,
    seccomp: isFiltered(world) ? 'filter' : 'disabled',
    emulator: world.emulated ? 'qemu-aarch64' : null,
    yama: world.filesHidden ? null : world.yama !== null,
  }
}

/** The caller has a seccomp filter. */
export function isFiltered(world: Machine): boolean {
  const { ptraceFilter, prctlFilter, otherCallsFiltered } = world
  return Boolean(ptraceFilter || prctlFilter || otherCallsFiltered)
}

type Answer<A = Observation> = A extends Observation
  ? Pick<A, 'status' | 'step' | 'syscall' | 'errno' | 'signal'>
  : never

const allowed: Answer = {
  status: 'allowed',
  step: null,
  syscall: null,
  errno: null,
  signal: null,
}

const syscalls: Readonly<Record<Method, string>> = {
  attach: 'ptrace',
  seize: 'ptrace',
  traceme: 'ptrace',
  'vm-read': 'process_vm_readv',
  'proc-mem': 'openat',
  'pidfd-getfd': 'pidfd_getfd',
}

/** The answer of one cell. */
export function observe(world: Machine, cell: Plan): Observation {
  const { identity, relation, consent, method } = cell
  const family: FamilyId =
    consent === 'none' ? `${identity}/${relation}` : `${identity}/${relation}+${consent}`
  const id: ObservationId = `${family}/${method}`
  return { id, ...cell, ...answer(world, cell) }
}

// What keeps the family from being made comes first, then the filter, which sees the call before any
// target is looked up, then Yama and the MAC rules behind it. The kernel looks at an existing tracer
// last, but a refusal by a target that has one says nothing, so no other reason is to be seen.
function answer(world: Machine, cell: Plan): Answer {
  const { identity, consent, method } = cell
  const syscall = syscalls[method]
  const namespaced = identity === 'owner'
  if (namespaced && !world.userNamespaces) return failed('unshare', 'unshare', 'EPERM')
  if (consent !== 'none' && world.prctlFilter) return failed('consent', 'prctl', world.prctlFilter)
  if (consent !== 'none' && (world.yama === null || world.emulated))
    return failed('consent', 'prctl', 'EINVAL')
  if (world.emulated === 'ESRCH' && syscall === 'ptrace') return failed('control', syscall, 'ESRCH')
  const filter = filterAnswer(world, method)
  if (filter === 'KILL') {
    return { status: 'denied', step: 'try', syscall, errno: null, signal: 'SIGSYS' }
  }
  if (filter) return failed('try', syscall, filter)
  if (world.traced && syscall === 'ptrace') return failed('traced', syscall, 'EPERM')
  if (!yamaAllows(world, cell)) {
    return failed('try', syscall, method === 'proc-mem' ? 'EACCES' : 'EPERM')
  }
  // Over a user namespace below its own a tracer always needs the capability.
  if (namespaced && world.withheld === 'all') {
    return failed('try', syscall, method === 'proc-mem' ? 'EACCES' : 'EPERM')
  }
  if (world.mac) return failed('try', syscall, flattened.has(method) ? 'EPERM' : 'EACCES')
  return allowed
}

/** Calls that turn any refusal into EPERM (mm/process_vm_access.c, kernel/pid.c). */
const flattened: ReadonlySet<Method> = new Set(['vm-read', 'pidfd-getfd'])

type Failure = Extract<Step, 'unshare' | 'control' | 'consent' | 'traced' | 'try'>

function failed(step: Failure, syscall: string, errno: string | null): Answer {
  const answer = { syscall, errno, signal: null }
  switch (step) {
    case 'try':
      return { status: 'denied', step, ...answer }
    case 'traced':
      return { status: 'inconclusive', step, ...answer }
    default:
      return { status: 'unavailable', step, ...answer }
  }
}

/** An attempt as it would be had a rule refused it with that error. */
export function refused(
  { id, identity, relation, consent, method }: Observation,
  errno: string,
): Observation {
  const cell = { id, identity, relation, consent, method }
  return { ...cell, status: 'denied', step: 'try', syscall: syscalls[method], errno, signal: null }
}

function filterAnswer(world: Machine, method: Method): 'EPERM' | 'ENOSYS' | 'KILL' | null {
  if (syscalls[method] === 'ptrace')
    return world.emulated === 'ENOSYS' ? 'ENOSYS' : world.ptraceFilter
  return world.otherCallsFiltered && method !== 'proc-mem' ? 'EPERM' : null
}

const descendants: ReadonlySet<Relation> = new Set(['child', 'grandchild', 'adopted'])
const naming: ReadonlySet<Consent> = new Set(['tracer', 'ancestor', 'any'])

/** `yama_ptrace_access_check` and `yama_ptrace_traceme`. */
function yamaAllows({ yama, capable, withheld }: Machine, cell: Plan): boolean {
  const { identity, relation, consent, method } = cell
  if (yama === null || yama === 0) return true
  if (yama === 3) return false
  // The owner of a user namespace has every capability over it (cap_capable in security/commoncap.c).
  const privileged =
    (identity === 'owner' && withheld !== 'all') || (identity === 'caller' && capable && !withheld)
  if (privileged) return true
  if (yama === 2) return false
  return method === 'traceme' || descendants.has(relation) || naming.has(consent)
}

function controls(world: Machine): Control[] {
  const gate = world.ptraceFilter
  const ptrace = {
    passes: gate === null && !world.emulated,
    syscall: 'ptrace',
    errno: world.emulated ?? (gate === null ? 'ESRCH' : gate === 'KILL' ? null : gate),
    signal: gate === 'KILL' ? 'SIGSYS' : null,
  }
  const unknown = world.yama === null || world.emulated
  const yama = world.prctlFilter ?? (unknown ? 'EINVAL' : null)
  const other = (id: ControlId, syscall: string, errno: string): Control => ({
    id,
    passes: !world.otherCallsFiltered,
    syscall,
    errno: world.otherCallsFiltered ? 'EPERM' : errno,
    signal: null,
  })
  return [
    { id: 'control/yama', passes: yama === null, syscall: 'prctl', errno: yama, signal: null },
    { id: 'control/attach', ...ptrace },
    { id: 'control/seize', ...ptrace },
    other('control/vm-read', 'process_vm_readv', 'EFAULT'),
    other('control/pidfd-getfd', 'pidfd_getfd', 'EBADF'),
    { id: 'control/read', passes: true, syscall: 'get_robust_list', errno: null, signal: null },
    { id: 'control/proc-mem', passes: true, syscall: 'openat', errno: null, signal: null },
  ]
}

/** PTRACE_MODE_READ on a child: neither Yama nor an existing tracer has a say in it. */
function readAccess(world: Machine, identity: Identity): Control {
  const id = `${identity}/child/read` as const
  const made = identity !== 'owner' || world.userNamespaces
  // Over a child in its own user namespace and over one in the same, the credentials always match
  // here; of the MAC modules only a profile without any ptrace rule refuses reading as well.
  const withheld = identity === 'owner' && world.withheld === 'all'
  const refused = made && (withheld || world.mac === 'apparmor')
  return {
    id,
    passes: made ? !refused : null,
    syscall: made ? 'get_robust_list' : 'unshare',
    errno: made && !refused ? null : 'EPERM',
    signal: null,
  }
}

/** PTRACE_MODE_READ on a child that is not dumpable, which takes the capability. */
function protectedRead({ capable, withheld, mac }: Machine): Control {
  const granted = capable && !withheld && mac !== 'apparmor'
  return {
    id: 'caller/child/read-protected',
    passes: granted,
    syscall: 'get_robust_list',
    errno: granted ? null : 'EPERM',
    signal: null,
  }
}
