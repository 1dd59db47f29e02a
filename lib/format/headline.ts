import {
  type Certainty,
  type Control,
  declaredDiffers,
  type EnforcedScope,
  holdsSysPtrace,
  listScopes,
  type Report,
  type Scope,
  type ScopeReport,
  visible,
} from '../model/index.js'

const certainties: Readonly<Record<Certainty, string>> = {
  proved: 'Proved by trying.',
  inferred: 'Inferred from what was tried.',
  undetermined: '',
}

const enforcedSentences: Readonly<Record<ScopeReport['enforced']['name'], Sentence>> = {
  classic: () =>
    'Yama is active but restricts nothing: a process may attach to other processes of the same ' +
    'user (scope 0, classic).',
  restricted: () =>
    'Yama restricts ptrace on this machine: a process may attach only to its own descendants or to ' +
    'one that named it (scope 1, restricted).',
  'admin-only': () =>
    'Yama reserves ptrace for administrators on this machine: a process needs CAP_SYS_PTRACE to ' +
    'attach, even to its own child (scope 2, admin-only).',
  'no-attach': () =>
    'Yama forbids ptrace on this machine: no process may attach to another, not even with ' +
    'CAP_SYS_PTRACE (scope 3, no-attach).',
  'no-yama': (report) =>
    siblingAllowed(report)
      ? 'Nothing restricts one process of a user from attaching to another process of the same ' +
        'user: this kernel runs without Yama.'
      : 'Yama is not active on this machine, so it restricts nothing; what is refused below is ' +
        'refused by something else.',
  undetermined: undetermined,
}
type Sentence = (report: Report) => string

/** The verdict: what the machine enforces, in one sentence, and how sure that is. */
export function verdict(report: Report): string {
  const { name, certainty } = report.scope.enforced
  return `${enforcedSentences[name](report)} ${certainties[certainty]}`.trim()
}

function undetermined(report: Report): string {
  const { candidates } = report.scope.enforced
  const narrowed = candidates.join(',')
  if (narrowed === '2,3') {
    return (
      'Yama lets no unprivileged process attach to another, not even to its own child: that is ' +
      'proved. Whether scope 2 (admin-only) or 3 (no-attach) could not be told apart here: that ' +
      'takes a tracer with CAP_SYS_PTRACE or a user namespace.'
    )
  }
  if (narrowed === '0') {
    return (
      'One process of a user may attach to another process of the same user. Whether Yama is at ' +
      'scope 0 (classic) or not active at all could not be told.'
    )
  }
  const left =
    candidates.length > 0 && candidates.length < 4
      ? `; what is left is ${listScopes(candidates)}`
      : ''
  return `The scope could not be determined${left}. ${known(report)}`
}

/** What is known where the scope is not. */
function known({ observations }: Report): string {
  const tried = observations.filter(({ identity, consent }) => {
    return identity === 'unprivileged' && consent === 'none'
  })
  const statement = (relation: string) => {
    const statuses = new Set(
      tried.filter((o) => o.relation === relation).map(({ status }) => status),
    )
    if (statuses.has('allowed')) return 'is allowed'
    return statuses.has('denied') ? 'is refused' : 'could not be tried'
  }
  return (
    `For a process without CAP_SYS_PTRACE, access to its own child ${statement('child')} and ` +
    `access to a sibling ${statement('sibling')}.`
  )
}

function siblingAllowed({ observations }: Report): boolean {
  return observations.some(
    ({ identity, relation, consent, status }) =>
      identity === 'unprivileged' &&
      relation === 'sibling' &&
      consent === 'none' &&
      status === 'allowed',
  )
}

/** What a reader of the verdict would otherwise get wrong, at most one sentence for each reason. */
export function caveats(report: Report): string[] {
  return [disagreement(report.scope), blocked(report), differing(report)].filter(
    (sentence) => sentence !== null,
  )
}

function disagreement(scope: ScopeReport): string | null {
  if (!declaredDiffers(scope)) return null
  const { declared, enforced } = scope
  return `The kernel declares ${declared.value} in ${declared.source}, but what it enforces is ${actual(enforced)}.`
}

function actual({ value, name, candidates }: EnforcedScope): string {
  if (name === 'no-yama') return 'nothing: Yama is not active'
  return value === null ? listScopes(candidates) : `${value} (${name})`
}

/** Says so where calls of ptrace are answered, or ended, before the kernel looks at the target. */
function blocked({ scope, controls, host }: Report): string | null {
  const gates = controls.filter(({ id }) => id === 'control/attach' || id === 'control/seize')
  const [gate, ...others] = gates.filter(({ passes }) => passes === false)
  if (gate) {
    const subject = others.length > 0 ? 'ptrace' : gateNames[gate.id]
    if (host.emulator !== null) {
      return (
        `This process runs under ${visible(host.emulator)}, which answers ${gate.errno ?? 'by itself'} ` +
        `to ${subject ?? 'ptrace'} in the kernel's place: the kernel's rules do not tell what a debugger can do here.`
      )
    }
    return `This process cannot use ${subject} whatever the scope: ${gateAnswer(gate)}.`
  }
  return scope.effective.name === 'blocked'
    ? 'This process may attach to nothing, and that is not the doing of Yama.'
    : null
}

const gateNames: Readonly<Record<string, string>> = {
  'control/attach': 'PTRACE_ATTACH',
  'control/seize': 'PTRACE_SEIZE',
}

function gateAnswer({ errno, signal }: Control): string {
  return signal
    ? `the call is answered with ${signal}, which kills the process, as by a seccomp filter`
    : `the call fails with ${errno ?? 'no error'} even for a process that does not exist, as by a ` +
        'seccomp filter'
}

function differing({ scope, caller }: Report): string | null {
  const { effective, enforced } = scope
  const rule: Scope | null = enforced.name === 'no-yama' ? 0 : enforced.value
  if (effective.value === null || rule === null || effective.value === rule) return null
  const as = `as under scope ${effective.value} (${effective.name})`
  if (effective.value > rule) return `This process may do less than that: ${as}.`
  const why = holdsSysPtrace(caller.capSysPtrace) ? ', because it has CAP_SYS_PTRACE' : ''
  return `This process may do more than that, ${as}${why}; ordinary users may not.`
}
