import * as v from 'valibot'
import { isObject, type Policy, type PolicyOrigin, visible } from '../model/index.js'
import { contradiction, expectationsOf, parseRelation, parseScopes } from './expectation.js'
import { firstMistake, type Mistake } from './mistake.js'
import { policies } from './table.js'

const forms = 'a scope such as 1, a list of scopes such as [1, 2] or an expression such as ">=1"'

const scopeNumber = v.picklist([0, 1, 2, 3], 'a number from 0 to 3')

/** One line of text, counted in characters as JSON Schema counts them. */
const line = (most: number) => {
  const expected = `one line of text, at most ${most} characters`
  return v.pipe(
    v.string(expected),
    v.nonEmpty(expected),
    v.check((text) => [...text].length <= most && visible(text) === text, expected),
  )
}

const matching = (pattern: RegExp, expected: string) =>
  v.pipe(v.string(expected), v.regex(pattern, expected))

const scopeExpression = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const read = parseScopes(dataset.value)
    if (!('wanted' in read)) return read
    addIssue({ message: read.wanted })
    return NEVER
  }),
)

const scopeList = v.pipe(
  v.array(scopeNumber, forms),
  v.nonEmpty(forms),
  v.transform((scopes) => [...new Set(scopes)].sort((a, b) => a - b)),
)

const oneScope = v.pipe(
  scopeNumber,
  v.transform((scope) => [scope]),
)

const relation = v.pipe(
  v.string('a text'),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const read = parseRelation(dataset.value)
    if ('wanted' in read) addIssue({ message: read.wanted })
  }),
)

/** THE fields of a policy, as the type `PolicyInput` has them. */
const fields = {
  $schema: v.optional(v.string('the address of a schema')),
  schemaVersion: v.optional(v.literal(1, 'the number 1')),
  id: v.pipe(
    matching(
      /^[a-z][a-z0-9-]{0,63}$/,
      'a name of lower-case letters, digits and -, a letter first',
    ),
    // Otherwise it would pass for what that authority publishes.
    v.check(
      (id) => policies.every((known) => known.id !== id),
      'a name of your own: this one is that of a policy which is known here',
    ),
  ),
  title: v.optional(line(200)),
  source: v.optional(v.nullable(line(500)), null),
  date: v.optional(
    v.nullable(matching(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'a date as YYYY, YYYY-MM or YYYY-MM-DD')),
    null,
  ),
  scope: v.optional(
    v.nullable(
      v.lazy((given): typeof scopeExpression | typeof oneScope | typeof scopeList => {
        if (typeof given === 'number') return oneScope
        return typeof given === 'string' ? scopeExpression : scopeList
      }),
    ),
    null,
  ),
  relations: v.optional(v.array(relation, 'a list such as ["sibling=denied"]'), []),
}

/** A policy before it is known where it came from. */
const policySchema = v.pipe(
  v.strictObject(fields, ({ expected }) =>
    expected === 'never'
      ? `one of the fields ${Object.keys(fields).join(', ')}`
      : 'the name of the policy',
  ),
  v.check(
    ({ scope, relations }) => scope !== null || relations.length > 0,
    'scope, relations or both; without them the policy asks for nothing',
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const { scope, relations } = dataset.value
    const clash = contradiction(scope, expectationsOf(relations))
    if (clash !== null) addIssue({ message: `what some machine can meet; ${clash}` })
  }),
  v.transform(
    ({ id, title = id, source, date, scope, relations }): Omit<Policy, 'origin'> => ({
      id,
      title,
      source,
      date,
      scope,
      relations,
    }),
  ),
)

/** Checks a policy that came from outside and fills in what may be left out. */
export function checkPolicy(value: unknown, origin: PolicyOrigin): Policy | Mistake {
  if (!isObject(value) || Array.isArray(value)) {
    return { path: '', expected: 'an object', found: value }
  }
  const read = v.safeParse(policySchema, value, { abortEarly: true })
  return read.success ? { origin, ...read.output } : firstMistake(read.issues)
}
