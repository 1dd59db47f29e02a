import {
  type Evaluation,
  type Expectation,
  type Identity,
  invalidArgument,
  isUser,
  naming,
  type Policy,
  type PolicyInput,
  type Report,
  type Scope,
  scopeNames,
  targets,
  userOf,
} from '../model/index.js'
import { type Access, access, type Evidence, evidenceOf } from '../probe/index.js'
import { checkPolicy } from './check.js'
import {
  type Asker,
  expectationsOf,
  fits,
  listScopes,
  type RelationExpectation,
  subjectOf,
} from './expectation.js'
import { isMistake, sentenceOf, shown } from './mistake.js'
import { remediesFor } from './remedies.js'
import { reportMistake } from './report.js'
import { policies } from './table.js'

/**
 * Whether the machine of a report meets a policy. Decided by what was observed, never by the value
 * of the sysctl alone; where the two disagree, the answer says so. Pure: nothing is measured.
 *
 * What holds for ordinary processes is asked of the identity `unprivileged` and of every
 * `user:NAME` of the report. A machine without Yama behaves as scope 0, unless another rule refuses.
 *
 * @param report - what {@link probe} found out
 * @param policy - the id of one of the {@link policies}, or one of your own
 * @returns the verdict with every expectation, and the attempts that decided it
 * @throws TypeError if the report is not an object (`ERR_INVALID_ARG_TYPE`), lacks what a report
 *   has, there is no such policy, or it cannot be read (`ERR_INVALID_ARG_VALUE`)
 *
 * @example
 * ```js
 * import { evaluate, probe } from 'ptrace-probe'
 *
 * const { met, message } = evaluate(await probe(), 'stig')
 * if (met === false) console.error(message)
 * ```
 */
export function evaluate(report: Report, policy: string | PolicyInput): Evaluation {
  checkReport(report)
  const asked = policyOf(policy)
  const seen = observed(report)
  const expectations = [
    ...(asked.scope === null ? [] : scopeExpectations(asked.scope, report, seen)),
    ...expectationsOf(asked.relations).flatMap((each) => relationExpectations(each, report, seen)),
  ]
  const met = all(expectations.map((each) => each.met))
  const { declared, enforced } = report.scope
  const value = {
    accepted: asked.scope,
    declared: declared.value,
    enforced: enforced.value,
    behavesAs: own(seen),
    declaredAccepted:
      declared.value === null || asked.scope === null ? null : asked.scope.includes(declared.value),
  }
  return {
    schemaVersion: 1,
    policy: asked,
    met,
    certainty: certaintyOf(met, report, seen),
    message: message(asked, met, expectations, report, seen),
    expectations,
    value,
    disagreement: disagreement(met, value, report),
    contradicts: contradicting(asked),
    acceptedBy: scopes.map((each) => ({ value: each, policies: accepting(each) })),
    remedies: met === true ? [] : remediesFor(report, [asked], met),
  }
}

function checkReport(report: unknown): void {
  const mistake = reportMistake(report)
  if (mistake === null) return
  const kind = mistake.path === '' ? 'type' : 'value'
  throw invalidArgument(kind, `The report cannot be read: ${sentenceOf(mistake)}`)
}

function policyOf(policy: unknown): Policy {
  if (typeof policy === 'string') {
    const found = policies.find(({ id }) => id === policy)
    if (found !== undefined) return found
    const known = policies.map(({ id }) => id).join(', ')
    throw invalidArgument('value', `No policy ${shown(policy)}: expected one of ${known}`)
  }
  const checked = checkPolicy(policy)
  if (!isMistake(checked)) return checked
  throw invalidArgument('value', `The policy cannot be read: ${sentenceOf(checked)}`)
}

/** What decides, looked up once. */
interface Observed {
  readonly evidence: Evidence
  /** The identities of processes without privileges, and how the machine behaves to each. */
  readonly ordinary: ReadonlyMap<Identity, Behaviour>
  /** The identity of a tracer that has CAP_SYS_PTRACE over its target. */
  readonly capable: Identity
  /** A rule refuses that is not known to be Yama. */
  readonly otherRule: boolean
}

/** The scopes that would show the same, none where nothing is known; and the attempts behind. */
interface Behaviour {
  readonly as: readonly Scope[]
  readonly ids: readonly string[]
}

const scopes: readonly Scope[] = [0, 1, 2, 3]

/** The cells in which one scope behaves otherwise than the one below it. */
const tellingCells = expectationsOf(['sibling=allowed', 'child=allowed', 'capable/child=allowed'])

function observed(report: Report): Observed {
  const evidence = evidenceOf(report)
  const capable = report.caller.capSysPtrace.effective ? 'caller' : 'owner'
  const named = new Set(report.observations.map(({ identity }) => identity))
  const users = [...named].filter(isUser)
  const cellsOf = (identity: Identity) =>
    tellingCells.map((cell) => {
      const who = cell.asker === 'capable' ? capable : identity
      return { cell, ...accessOf(who, cell, report, evidence) }
    })
  const behaviour = (identity: Identity): Behaviour => {
    const cells = cellsOf(identity)
    const told = cells.some(({ cell, allowed }) => cell.asker !== 'capable' && allowed !== null)
    if (!told) return { as: [], ids: [] }
    const as = scopes.filter((scope) =>
      cells.every(
        ({ cell, allowed }) =>
          allowed === null || fits(scope, { ...cell, expected: allowed ? 'allowed' : 'denied' }),
      ),
    )
    return { as, ids: cells.flatMap(({ ids }) => ids) }
  }
  const { name, candidates } = report.scope.enforced
  const refused = cellsOf('unprivileged').some(({ allowed }) => allowed === false)
  return {
    evidence,
    ordinary: new Map(
      ['unprivileged' as const, ...users].map((identity) => [identity, behaviour(identity)]),
    ),
    capable,
    otherRule: refused && name !== 'no-yama' && [0, scopes.length].includes(candidates.length),
  }
}

/** The access of one identity, as far as it says something about the machine. */
function accessOf(
  identity: Identity,
  { asker, relation, consent }: Pick<RelationExpectation, 'asker' | 'relation' | 'consent'>,
  { scope }: Report,
  evidence: Evidence,
): Access {
  const found = access(evidence, identity, relation, consent)
  if (asker === 'capable' && found.allowed !== true) {
    // What is granted without a capability is granted with it.
    const without = access(evidence, 'unprivileged', relation, consent)
    if (without.allowed === true) return without
  }
  // What keeps a capable tracer out has been looked into already, and may be less than scope 3.
  const open = asker === 'capable' && scope.enforced.candidates.join() === '2,3'
  return open && found.allowed === false ? { allowed: null, ids: [] } : found
}

/** One for each identity: users may be treated otherwise than this process. */
function scopeExpectations(
  accepted: readonly Scope[],
  { scope: { enforced } }: Report,
  { ordinary, otherRule }: Observed,
): Expectation[] {
  return [...ordinary].map(([identity, { as, ids }]) => {
    const inside = as.filter((scope) => accepted.includes(scope))
    const known = as.length > 0 && as.length < scopes.length
    const undecided = inside.length > 0 && inside.length < as.length
    const isOwn = identity === 'unprivileged'
    return {
      subject: isOwn ? 'scope' : `${identity}/scope`,
      expected: listScopes(accepted),
      observed: known ? listScopes(as) : 'unknown',
      met: as.length === 0 || undecided ? null : inside.length > 0,
      evidence: isOwn && !otherRule ? [...new Set([...enforced.evidence, ...ids])] : ids,
    }
  })
}

/** One for each identity that it is about. */
function relationExpectations(
  expectation: RelationExpectation,
  report: Report,
  seen: Observed,
): Expectation[] {
  const { asker, expected } = expectation
  return identitiesOf(asker, seen).map((identity) => {
    const { allowed, ids } =
      expectation.method === null
        ? accessOf(identity, expectation, report, seen.evidence)
        : attemptOf(identity, expectation, seen.evidence)
    const found = allowed === null ? 'unknown' : allowed ? 'allowed' : 'denied'
    return {
      subject: subjectOf({ ...expectation, asker: asker === 'capable' ? asker : identity }),
      expected,
      observed: found,
      met: allowed === null ? null : found === expected,
      evidence: ids,
    }
  })
}

function identitiesOf(asker: Asker, { ordinary, capable }: Observed): readonly Identity[] {
  if (asker === 'capable') return [capable]
  return asker === 'unprivileged' ? [...ordinary.keys()] : [asker]
}

/** One attempt by itself. What a filter answered in the kernel's place says nothing of others. */
function attemptOf(
  identity: Identity,
  expectation: RelationExpectation,
  { view, controls }: Evidence,
): Access {
  const id = subjectOf({ ...expectation, asker: identity })
  const status = view.get(id)?.status
  if (status === 'allowed') return { allowed: true, ids: [id] }
  const { method } = expectation
  const reached = controlsOf(method).some((name) => controls.get(name)?.passes === true)
  return status === 'denied' && (reached || identity === 'caller')
    ? { allowed: false, ids: [id] }
    : { allowed: null, ids: [] }
}

function controlsOf(method: RelationExpectation['method']): readonly string[] {
  return method === 'traceme' ? ['control/attach', 'control/seize'] : [`control/${method}`]
}

/** False wins over unknown: what fails, fails. */
function all(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(false)) return false
  return answers.includes(null) ? null : true
}

function certaintyOf(
  met: boolean | null,
  { scope }: Report,
  { otherRule }: Observed,
): Evaluation['certainty'] {
  if (met === null) return 'undetermined'
  return otherRule || scope.enforced.certainty === 'inferred' ? 'inferred' : 'proved'
}

function message(
  policy: Policy,
  met: boolean | null,
  expectations: readonly Expectation[],
  report: Report,
  seen: Observed,
): string {
  const name = policy.source === null ? policy.title : policy.id
  const behaviour = behaviourOf(report, seen)
  if (met === true) return `This machine meets ${name}: ${behaviour}.`
  const deciding = expectations.filter((each) => each.met === met)
  const cell = deciding.find(({ subject }) => !subject.endsWith('scope'))
  if (met === null) {
    const unknown =
      cell === undefined ? 'which scope it enforces' : `whether ${ability(cell, 'may')}`
    return `Whether this machine meets ${name} could not be measured: ${unknown} is not known.`
  }
  const instead =
    cell === undefined
      ? `but scope ${deciding[0]?.expected} is asked for`
      : `and ${ability(cell, cell.observed === 'allowed' ? 'may' : 'may not')}`
  return `This machine does not meet ${name}: ${behaviour}, ${instead}.`
}

/** `a process without privileges may attach to a sibling`. */
function ability({ subject }: Expectation, may: string): string {
  const [read] = expectationsOf([`${subject}=allowed`])
  if (read === undefined) return subject
  const { asker, relation, consent, method } = read
  const who = askers[asker] ?? `a process of user ${userOf(asker)}`
  const how = method === null ? '' : ` by ${method}`
  return `${who} ${may} attach to ${targets[relation]}${naming[consent]}${how}`
}

const askers: Readonly<Record<string, string>> = {
  caller: 'this process',
  unprivileged: 'a process without privileges',
  owner: 'the owner of its user namespace',
  capable: 'a process with CAP_SYS_PTRACE',
}

/** The scopes as which the machine behaves to processes without privileges. */
function own({ ordinary }: Observed): readonly Scope[] {
  return ordinary.get('unprivileged')?.as ?? []
}

function behaviourOf({ scope: { enforced } }: Report, seen: Observed): string {
  const { otherRule } = seen
  const behavesAs = own(seen)
  if (otherRule) {
    const as = behavesAs.length > 0 ? `scope ${listScopes(behavesAs)}` : 'none of the scopes'
    return `another rule than Yama refuses here, so that it behaves as ${as}`
  }
  if (enforced.name === 'no-yama') return 'it runs without Yama, and nothing else restricts ptrace'
  if (enforced.value !== null) return `it enforces scope ${enforced.value} (${enforced.name})`
  const [only, ...others] = behavesAs
  if (only === undefined || behavesAs.length === scopes.length) return 'its scope is not known'
  return others.length === 0
    ? `it behaves as scope ${only} (${scopeNames[only]})`
    : `it enforces scope ${listScopes(behavesAs)}`
}

function disagreement(
  met: boolean | null,
  { declared, declaredAccepted }: Evaluation['value'],
  { scope }: Report,
): string | null {
  const file = `${scope.declared.source} says ${declared}`
  if (met !== null && declaredAccepted !== null && met !== declaredAccepted) {
    return declaredAccepted
      ? `${file}, which is accepted, but the behaviour is not: who reads only the value is wrong.`
      : `${file}, which is not accepted, but the behaviour is: who reads only the value will object.`
  }
  const { enforced } = scope
  const differs =
    declared !== null &&
    (enforced.name === 'no-yama' ||
      (enforced.candidates.length > 0 && !enforced.candidates.includes(declared)))
  return differs ? `${file}, but that is not what is enforced.` : null
}

/** Policies of the table of which no value satisfies both. */
function contradicting({ id, scope }: Policy): Evaluation['contradicts'] {
  if (scope === null) return []
  return policies
    .filter((other) => other.id !== id && !other.scope?.some((value) => scope.includes(value)))
    .map((other) => ({ id: other.id, scope: other.scope }))
}

function accepting(value: Scope): string[] {
  return policies.filter(({ scope }) => scope?.includes(value)).map(({ id }) => id)
}
