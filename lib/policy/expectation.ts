import {
  type Asker,
  type Consent,
  consents,
  type Identity,
  listScopes,
  type Method,
  methods,
  nearest,
  oneOf,
  quote,
  type Relation,
  relations,
  type Scope,
  scopes,
  userOf,
  yamaRefuses,
} from '../model/index.js'
import { scenariosFor } from '../probe/index.js'

/** One cell or one family of cells that is to be allowed or denied. */
export interface RelationExpectation {
  readonly asker: Asker
  readonly relation: Relation
  readonly consent: Consent
  /** Null: any of the methods that ask for PTRACE_MODE_ATTACH. */
  readonly method: Method | null
  readonly expected: 'allowed' | 'denied'
}

/** What was wanted instead of a text that cannot be read. */
export interface Unreadable {
  readonly wanted: string
}

const comparisons: Readonly<Record<string, (scope: number, bound: number) => boolean>> = {
  '>=': (scope, bound) => scope >= bound,
  '<=': (scope, bound) => scope <= bound,
  '>': (scope, bound) => scope > bound,
  '<': (scope, bound) => scope < bound,
  '=': (scope, bound) => scope === bound,
  '==': (scope, bound) => scope === bound,
  '!=': (scope, bound) => scope !== bound,
}

const scopeForms = 'a scope from 0 to 3, a list such as 1,2 or a comparison such as >=1'

/** Reads `>=1`, `2` or `1,2`. */
export function parseScopes(text: string): readonly Scope[] | Unreadable {
  const [, operator = '', numbers = ''] =
    /^\s*(>=|<=|>|<|==|=|!=)?\s*([0-3](?:\s*,\s*[0-3])*)\s*$/.exec(text) ?? []
  const bounds = numbers.split(',').map(Number)
  const compare = comparisons[operator || '=']
  if (numbers === '' || compare === undefined) return { wanted: scopeForms }
  if (operator !== '' && bounds.length > 1) {
    return { wanted: 'either a comparison with one scope or a list of scopes' }
  }
  const accepted = scopes.filter((scope) => bounds.some((bound) => compare(scope, bound)))
  return accepted.length > 0 ? accepted : { wanted: 'a condition that some scope meets' }
}

const form = '[IDENTITY/]RELATION[+CONSENT][/METHOD]=allowed or =denied'

/** Reads `sibling=denied`, `user:alice/sibling+any/seize=allowed`. */
export function parseRelation(text: string): RelationExpectation | Unreadable {
  const [, cell, expected] = /^(.*)=(allowed|denied)$/s.exec(text) ?? []
  if (cell === undefined) return { wanted: form }
  const parts = cell.split('/')
  const [first = ''] = parts
  const asker = isAsker(first) ? first : 'unprivileged'
  if (isAsker(first)) parts.shift()
  const [target = '', method, ...rest] = parts
  const [relation = '', consent = 'none', ...more] = target.split('+')
  if (rest.length > 0 || more.length > 0) return { wanted: form }
  if (!oneOf(relations, relation)) return unknown('relation', relation, relations)
  if (!oneOf(consents, consent)) return unknown('consent', consent, consents)
  if (method !== undefined && !oneOf(methods, method)) return unknown('method', method, methods)
  if (expected !== 'allowed' && expected !== 'denied') return { wanted: form }
  const read: RelationExpectation = { asker, relation, consent, method: method ?? null, expected }
  return isTried(read) ? read : { wanted: `a cell that is tried as ${asker}` }
}

function unknown(what: string, word: string, known: readonly string[]): Unreadable {
  const near = nearest(word, known)
  const wanted = near === null ? `in it to be one of ${known.join(', ')}` : quote(near)
  return { wanted: `the ${what} ${wanted}` }
}

function isAsker(word: string): word is Asker {
  return oneOf(['caller', 'unprivileged', 'owner', 'capable'], word) || (userOf(word) ?? '') !== ''
}

/** The expectations of a policy that was checked. */
export function expectationsOf(texts: readonly string[]): readonly RelationExpectation[] {
  return texts.map(parseRelation).filter((read) => 'asker' in read)
}

/** Whether the report has an answer for it: not every cell is tried as everybody. */
function isTried({ asker, relation, consent, method }: RelationExpectation): boolean {
  const identities: readonly Identity[] = asker === 'capable' ? ['caller', 'owner'] : [asker]
  return identities.every((identity) =>
    scenariosFor([identity]).some(
      (scenario) =>
        scenario.relation === relation &&
        scenario.consent === consent &&
        // READ access and the like are no methods; a family that is tried with PTRACE_TRACEME
        // alone says nothing about attaching.
        scenario.attempts.some((attempt) =>
          method === null ? attempt === 'attach' : attempt === method,
        ),
    ),
  )
}

/** The subject of an expectation: `unprivileged/sibling+any/seize`. */
export function subjectOf(expectation: Omit<RelationExpectation, 'expected'>): string {
  const { asker, relation, consent, method } = expectation
  const family = `${asker}/${relation}${consent === 'none' ? '' : `+${consent}`}`
  return method === null ? family : `${family}/${method}`
}

/** What one scope does to these cells is what tells it from the others. */
const telling: ReadonlySet<string> = new Set([
  'unprivileged/child',
  'unprivileged/sibling',
  'capable/child',
])

/** Whether a machine that behaves as that scope can meet the expectation. */
export function fits(scope: Scope, expectation: RelationExpectation): boolean {
  const { asker, relation, consent, method, expected } = expectation
  // Whether the caller is capable is not known here.
  if (asker === 'caller' && scope !== 3) return true
  const capable = asker === 'capable' || asker === 'owner'
  const refuses = yamaRefuses(scope, { capable, relation, consent, method })
  if (expected === 'allowed') return !refuses
  // Another rule may refuse what Yama allows.
  return refuses || !telling.has(subjectOf(expectation))
}

/** The scopes at which all of it can be met. */
export function scopesFor(
  accepted: readonly Scope[] | null,
  expectations: readonly RelationExpectation[],
): readonly Scope[] {
  return (accepted ?? scopes).filter((scope) =>
    expectations.every((expectation) => fits(scope, expectation)),
  )
}

/** One clause about expectations that no machine can meet together; null when there are none. */
export function contradiction(
  accepted: readonly Scope[] | null,
  expectations: readonly RelationExpectation[],
): string | null {
  const seen = new Map<string, RelationExpectation['expected']>()
  for (const expectation of expectations) {
    const subject = subjectOf(expectation)
    if ((seen.get(subject) ?? expectation.expected) !== expectation.expected) {
      return `${subject} cannot be both allowed and denied`
    }
    seen.set(subject, expectation.expected)
  }
  if (accepted?.length === 0) return 'no scope meets all that is asked of it'
  if (scopesFor(accepted, expectations).length > 0) return null
  const wanted = expectations.map((each) => `${subjectOf(each)}=${each.expected}`).join(', ')
  return accepted === null
    ? `no scope has all of ${wanted}`
    : `scope ${listScopes(accepted)} and ${wanted} exclude each other`
}
