/** What is said about a machine and a policy. */

import {
  declaredDiffers,
  type Evaluation,
  type Expectation,
  listScopes,
  namedScope,
  namedTarget,
  type Policy,
  quote,
  type Report,
  scopes,
  userOf,
} from '../model/index.js'
import { expectationsOf } from './expectation.js'
import { type Observed, own } from './observed.js'

export function message(
  policy: Policy,
  met: boolean | null,
  expectations: readonly Expectation[],
  report: Report,
  seen: Observed,
): string {
  const name = nameOf(policy)
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

/** The policy within a sentence. Only a known one goes by its name alone. */
function nameOf({ id, title, origin }: Policy): string {
  switch (origin) {
    case 'known':
      return id
    case 'command-line':
      return title
    case 'program':
      return `the policy ${quote(id)} of this program`
    default:
      return `the policy ${quote(id)} of the file ${quote(origin.slice('file:'.length))}`
  }
}

/** `a process without privileges may attach to a sibling`. */
function ability({ subject }: Expectation, may: string): string {
  const [read] = expectationsOf([`${subject}=allowed`])
  if (read === undefined) return subject
  const { asker, relation, consent, method } = read
  const who = askers[asker] ?? `a process of user ${userOf(asker)}`
  const how = method === null ? '' : ` by ${method}`
  return `${who} ${may} attach to ${namedTarget(relation, consent)}${how}`
}

const askers: Readonly<Record<string, string>> = {
  caller: 'this process',
  unprivileged: 'a process without privileges',
  owner: 'the owner of its user namespace',
  capable: 'a process with CAP_SYS_PTRACE',
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
    ? `it behaves as scope ${namedScope(only)}`
    : `it enforces scope ${listScopes(behavesAs)}`
}

export function disagreement(
  met: boolean | null,
  { declared, declaredAccepted }: Evaluation['value'],
  { scope }: Report,
): string | null {
  const file = `${scope.declared.source} says ${declared}`
  if (met !== null && declaredAccepted !== null && met !== declaredAccepted) {
    return declaredAccepted
      ? `${file}, which the policy accepts, but the machine behaves otherwise: an auditor who reads only the value gets it wrong.`
      : `${file}, which the policy does not accept, but the machine behaves as it wants: an auditor who reads only the value will object.`
  }
  return declaredDiffers(scope) ? `${file}, but that is not what is enforced.` : null
}
