import {
  enableYama,
  type Finding,
  isUser,
  type Level,
  type Observation,
  type Remedy,
  type Report,
  remedy,
  scopeNames,
  userOf,
} from '../model/index.js'

/** The parts of a report that a finding may look at. */
export type Known = Pick<Report, 'host' | 'caller' | 'scope' | 'observations' | 'controls'>

interface Rule {
  readonly id: string
  readonly level: Level
  /** What the finding rests on, or null when it does not apply. */
  readonly when: (known: Known) => readonly string[] | null
  readonly says: (known: Known) => string
  readonly remedies?: (known: Known) => readonly Remedy[]
  readonly source: string
}

const yamaDocument = 'https://docs.kernel.org/admin-guide/LSM/Yama.html'
const manPage = (page: string, section: number): string =>
  `https://man7.org/linux/man-pages/man${section}/${page}.${section}.html`

const levelOrder: readonly Level[] = ['error', 'warning', 'info']

/** Every finding that applies, the gravest first, otherwise in the order of the table. */
export function explain(known: Known): Finding[] {
  const findings = rules.flatMap(({ id, level, when, says, remedies: offer, source }) => {
    const evidence = when(known)
    if (evidence === null) return []
    return [{ id, level, message: says(known), evidence, remedies: offer?.(known) ?? [], source }]
  })
  return findings.sort((a, b) => levelOrder.indexOf(a.level) - levelOrder.indexOf(b.level))
}

function evidenceIf(condition: boolean, evidence: readonly string[]): readonly string[] | null {
  return condition ? evidence : null
}

/** Attempts that a control shows to end before any target was looked at. */
function filteredControls({ controls }: Known): string[] {
  return controls
    .filter(({ id, passes }) => passes === false && /^control\/(attach|seize)$/.test(id))
    .map(({ id }) => id)
}

function inconclusive({ observations }: Known): Observation[] {
  return observations.filter(({ status }) => status === 'inconclusive')
}

function idsOf(observations: readonly Observation[]): string[] {
  return observations.map(({ id }) => id)
}

/** The answer of the first control that failed, in words. */
function answerOf(known: Known, id: string): string {
  const control = known.controls.find((each) => each.id === id)
  return control?.signal ?? control?.errno ?? 'success'
}

function undecidable({ scope }: Known): boolean {
  return scope.enforced.candidates.join() === '2,3'
}

/** The table. A new finding is a new row. */
const rules: readonly Rule[] = [
  {
    id: 'declared-differs',
    level: 'error',
    when: ({ scope: { enforced, declared } }) =>
      evidenceIf(
        declared.value !== null &&
          (enforced.name === 'no-yama' ||
            (enforced.candidates.length > 0 && !enforced.candidates.includes(declared.value))),
        [...enforced.evidence, 'scope.declared'],
      ),
    says: ({ scope: { enforced, declared } }) =>
      `${declared.source} says ${declared.value}, but processes experience ${
        enforced.name === 'no-yama' ? 'a kernel without Yama' : enforced.candidates.join(' or ')
      }: the configured value is not what is enforced here.`,
    remedies: ({ host }) => (host.container === null ? [] : [remedy('probe-the-host')]),
    source: yamaDocument,
  },
  {
    id: 'no-yama',
    level: 'warning',
    when: ({ scope: { enforced } }) => evidenceIf(enforced.name === 'no-yama', enforced.evidence),
    says: () =>
      'Yama is not active in this kernel: a process may attach to the others of its user, all but those that are not dumpable or hold more capabilities, and kernel.yama.ptrace_scope cannot be set.',
    remedies: ({ host }) => [enableYama(host.lsm)],
    source: yamaDocument,
  },
  {
    id: 'unrestricted',
    level: 'warning',
    when: ({ scope: { enforced } }) => evidenceIf(enforced.value === 0, enforced.evidence),
    says: () =>
      'Yama is active but set to 0 (classic): a process may attach to the others of its user and read their memory, all but those that are not dumpable or hold more capabilities.',
    // The value is not namespaced: from inside a container it cannot be set.
    remedies: ({ host, caller }) =>
      host.container === null && caller.userNamespace !== 'child' ? [remedy('scope-1-now')] : [],
    source: yamaDocument,
  },
  {
    id: 'ptrace-filtered',
    level: 'warning',
    when: (known) => {
      const ids = filteredControls(known)
      return evidenceIf(ids.length > 0, [...ids, 'caller.seccomp'])
    },
    says: (known) => {
      const [id = ''] = filteredControls(known)
      const answer = `ptrace answers ${answerOf(known, id)} before any process is looked at`
      return known.caller.seccomp === 'filter'
        ? `${answer}, and this process has a seccomp filter: no debugger that it starts can work, whatever Yama allows.`
        : `${answer}, although no seccomp filter is reported: the kernel or the emulator under this process does not offer it.`
    },
    remedies: ({ caller, host }) =>
      caller.seccomp !== 'filter'
        ? []
        : host.container === null
          ? [remedy('seccomp-allow-ptrace')]
          : [remedy('seccomp-allow-ptrace'), remedy('seccomp-default-profile')],
    source: manPage('seccomp', 2),
  },
  {
    id: 'mandatory-access-control',
    level: 'warning',
    when: (known) => {
      const ids = idsOf(
        known.observations.filter(
          ({ status, syscall, errno, id }) =>
            status === 'denied' &&
            syscall === 'ptrace' &&
            errno === 'EACCES' &&
            known.controls.some(
              (control) =>
                control.passes === true && id.endsWith(control.id.replace('control', '')),
            ),
        ),
      )
      return evidenceIf(ids.length > 0, [...ids, 'caller.label'])
    },
    says: ({ caller }) =>
      `ptrace is refused with EACCES, which a mandatory access control module such as SELinux, AppArmor or Smack answers and Yama never does${
        caller.label === null ? '' : ` (label of this process: ${caller.label})`
      }.`,
    source: manPage('ptrace', 2),
  },
  {
    id: 'another-rule',
    level: 'warning',
    when: ({ scope: { enforced }, controls }) =>
      evidenceIf(
        enforced.name === 'undetermined' &&
          enforced.candidates.length === 0 &&
          enforced.evidence.length > 1 &&
          controls.some(
            ({ id, errno }) => id === 'control/yama' && (errno === null || errno === 'EINVAL'),
          ),
        enforced.evidence,
      ),
    says: () =>
      'Access is refused in a way that is not one of Yama’s modes: another security module decides here.',
    source: manPage('ptrace', 2),
  },
  {
    id: 'caller-not-dumpable',
    level: 'warning',
    when: ({ caller }) => evidenceIf(!caller.dumpable, ['caller.dumpable']),
    says: () =>
      'This process is not dumpable (it changed its ids, or its binary has file capabilities or cannot be read): no process without CAP_SYS_PTRACE can attach to it at any scope.',
    remedies: () => [remedy('exec-after-setuid')],
    source: manPage('ptrace', 2),
  },
  {
    id: 'caller-traced',
    level: 'warning',
    when: ({ caller, observations }) =>
      evidenceIf((caller.tracerPid ?? 0) !== 0, [
        'caller.tracerPid',
        ...idsOf(observations.filter(({ step }) => step === 'traced')),
      ]),
    says: ({ caller, observations }) => {
      const hit = observations.filter(({ step }) => step === 'traced').length
      const effect =
        hit === 0
          ? 'its own processes were not, so the measurement stands'
          : `so were its processes: ${hit} attempts with ptrace say nothing, and the verdict rests on the other methods`
      return `This process is traced by process ${caller.tracerPid}; ${effect}.`
    },
    remedies: () => [remedy('run-untraced')],
    source: manPage('ptrace', 2),
  },
  {
    id: 'measurement-incomplete',
    level: 'warning',
    when: (known) => {
      const cells = inconclusive(known).filter(({ step }) => step !== 'traced')
      return evidenceIf(cells.length > 0, idsOf(cells))
    },
    says: (known) => {
      const cells = inconclusive(known).filter(({ step }) => step !== 'traced')
      const why = [...new Set(cells.map(({ step, errno, signal }) => errno ?? signal ?? step))]
      return `${cells.length} of ${known.observations.length} attempts could not be measured (${why.join(', ')}); nothing is concluded from them.`
    },
    remedies: (known) =>
      inconclusive(known).some(({ step }) => step === 'deadline' || step === 'not-run')
        ? [remedy('run-longer')]
        : [],
    source: manPage('ptrace', 2),
  },
  {
    id: 'user-unavailable',
    level: 'warning',
    when: ({ observations }) => {
      const cells = observations.filter(
        ({ identity, step }) => isUser(identity) && step === 'identity',
      )
      return evidenceIf(cells.length > 0, idsOf(cells))
    },
    says: ({ observations }) => {
      const users = new Set(
        observations
          .filter(({ identity, step }) => isUser(identity) && step === 'identity')
          .flatMap(({ identity }) => userOf(identity) ?? []),
      )
      return `This process may not become ${[...users].join(', ')}: that takes root, with CAP_SETUID and CAP_SETGID.`
    },
    remedies: () => [remedy('measure-as-root')],
    source: manPage('capabilities', 7),
  },
  {
    id: 'scope-undecided',
    level: 'info',
    when: (known) => evidenceIf(undecidable(known), known.scope.enforced.evidence),
    says: () =>
      'Scope 2 (admin-only) and 3 (no-attach) look alike to this process: it has no CAP_SYS_PTRACE and may not create a user namespace to hold one in.',
    remedies: () => [remedy('measure-as-root')],
    source: yamaDocument,
  },
  {
    id: 'no-attach-latched',
    level: 'info',
    when: ({ scope: { enforced } }) => evidenceIf(enforced.value === 3, enforced.evidence),
    says: () =>
      'Scope 3 holds until the next boot: the kernel refuses every lower value, and root may not attach either.',
    remedies: () => [remedy('reboot')],
    source: yamaDocument,
  },
  {
    id: 'caller-capable',
    level: 'info',
    when: ({ caller }) =>
      evidenceIf(caller.capSysPtrace.effective, ['caller.capSysPtrace.effective']),
    says: ({ scope: { enforced, effective } }) =>
      enforced.value !== null && effective.value !== null && effective.value < enforced.value
        ? `This process has CAP_SYS_PTRACE and gets more than ordinary users do: scope ${effective.value} (${scopeNames[effective.value]}) for it, ${enforced.value} (${scopeNames[enforced.value]}) for them.`
        : 'This process has CAP_SYS_PTRACE; what ordinary users get is measured without it.',
    source: manPage('capabilities', 7),
  },
  {
    id: 'child-user-namespace',
    level: 'info',
    when: ({ caller }) => evidenceIf(caller.userNamespace === 'child', ['caller.userNamespace']),
    says: () =>
      'This process lives in a user namespace of its own: its capabilities count for processes inside it only.',
    source: manPage('user_namespaces', 7),
  },
  {
    id: 'host-value',
    level: 'info',
    when: ({ host, scope }) =>
      evidenceIf(host.container !== null && scope.declared.value !== null, [
        'host.container',
        'scope.declared',
      ]),
    says: ({ host, scope }) =>
      `This is a container (${host.container}): kernel.yama.ptrace_scope is not namespaced, so ${scope.declared.value} is the host’s value and can be changed only there.`,
    source: yamaDocument,
  },
]
