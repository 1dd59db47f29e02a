import { inspect } from 'node:util'
import {
  type Consent,
  capital,
  consents,
  invalidArgument,
  isObject,
  type Method,
  methods,
  type ObservationId,
  oneOf,
  type Relation,
  relations,
  unknownWord,
} from '../model/index.js'
import { familyId, observationId, scenariosFor } from '../probe/index.js'

/** What a test requires to be allowed: one attempt of the report, as the calling process. */
export interface Requirement {
  /** What the target is to the tracer. */
  readonly relation: Relation
  /**
   * Whom the target names with PR_SET_PTRACER.
   *
   * @defaultValue `'none'`
   */
  readonly consent?: Consent
  /**
   * How the tracer gets at the target.
   *
   * @defaultValue `'attach'`
   */
  readonly method?: Method
}

/**
 * A requirement that is among the attempts that are made.
 *
 * @internal
 */
export type CheckedRequirement = Required<Requirement>

const properties = ['relation', 'consent', 'method']

/** Every attempt that is made as the caller: `relation[+consent]/method`. */
const tried: readonly string[] = scenariosFor(['caller']).flatMap(
  ({ relation, consent, attempts }) =>
    relation === null
      ? []
      : attempts
          .filter((attempt) => oneOf(methods, attempt))
          .map((attempt) => `${familyId('caller', relation, consent)}/${attempt}`),
)

/**
 * Checks what a caller passed, with errors as Node words its own.
 *
 * @internal
 */
export function checkRequirement(value: unknown): CheckedRequirement {
  const given: unknown = typeof value === 'string' ? { relation: value } : value
  if (!isObject(given)) {
    throw invalidArgument(
      'type',
      `Expected the requirement to be a relation or an object, got ${inspect(value)}`,
    )
  }
  for (const name of Object.keys(given)) {
    if (!properties.includes(name)) {
      throw invalidArgument(
        'value',
        `Unknown property \`${name}\` of the requirement: expected relation, consent or method`,
      )
    }
  }
  return checkTried({
    relation: checkWord('relation', relations, given['relation']),
    consent: checkWord('consent', consents, given['consent'] ?? 'none'),
    method: checkWord('method', methods, given['method'] ?? 'attach'),
  })
}

function checkWord<Word extends string>(
  name: string,
  known: readonly Word[],
  found: unknown,
): Word {
  if (oneOf(known, found)) return found
  const sentence =
    typeof found === 'string'
      ? capital(unknownWord(name, found, known, ' in the requirement'))
      : `Expected the ${name} of the requirement to be one of ${known.join(', ')}, got ${inspect(found)}`
  throw invalidArgument('value', sentence)
}

function checkTried(requirement: CheckedRequirement): CheckedRequirement {
  if (tried.includes(idOf(requirement))) return requirement
  const { relation, consent } = requirement
  const alike = tried.filter((id) => id.startsWith(`${familyId('caller', relation, consent)}/`))
  const family = alike.length > 0 ? alike : tried.filter((id) => id.includes(`/${relation}`))
  throw invalidArgument(
    'value',
    `No attempt ${short(idOf(requirement))} is made, expected one of ${family.map(short).join(', ')}`,
  )
}

/**
 * Reads `RELATION[+CONSENT][/METHOD]`.
 *
 * @internal
 */
export function parseRequirement(text: string): CheckedRequirement {
  const [, relation, consent, method] = /^([^+/]*)(?:\+([^/]*))?(?:\/(.*))?$/s.exec(text) ?? []
  return checkRequirement({
    relation,
    ...(consent === undefined ? {} : { consent }),
    ...(method === undefined ? {} : { method }),
  })
}

/**
 * The id of the attempt in a report.
 *
 * @internal
 */
export function idOf({ relation, consent, method }: CheckedRequirement): ObservationId {
  return observationId('caller', relation, consent, method)
}

function short(id: string): string {
  return id.slice('caller/'.length)
}

/**
 * `relation[+consent]/method`.
 *
 * @internal
 */
export function shortId(requirement: CheckedRequirement): string {
  return short(idOf(requirement))
}

/**
 * Everything that can be required.
 *
 * @internal
 */
export function everyRequirement(): CheckedRequirement[] {
  return tried.map((id) => parseRequirement(short(id)))
}

/**
 * Whether a skip counts as a failure: `PTRACE_PROBE_REQUIRE` is set, and not to 0.
 *
 * @internal
 */
export function isRequired(env: Readonly<Record<string, string | undefined>>): boolean {
  return !['', '0'].includes(env['PTRACE_PROBE_REQUIRE'] ?? '')
}
