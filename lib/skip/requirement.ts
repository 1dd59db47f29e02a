import { inspect } from 'node:util'
import {
  type Consent,
  consents,
  invalidArgument,
  type Method,
  methods,
  type ObservationId,
  type Relation,
  relations,
} from '../model/index.js'
import { familyId, observationId, scenariosFor } from '../probe/index.js'

/** What a test needs to be allowed: one attempt of the report, as the process that asks. */
export interface Need {
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
 * A need that is known to be among what is tried.
 *
 * @internal
 */
export type CheckedNeed = Required<Need>

const words = { relation: relations, consent: consents, method: methods } as const

/** Every attempt that is made as the caller: `relation[+consent]/method`. */
const tried: readonly string[] = scenariosFor(['caller']).flatMap(
  ({ relation, consent, attempts }) =>
    relation === null
      ? []
      : attempts
          .filter((attempt) => (methods as readonly string[]).includes(attempt))
          .map((attempt) => `${familyId('caller', relation, consent)}/${attempt}`),
)

/**
 * Checks what a caller passed, with errors as Node words its own.
 *
 * @internal
 */
export function checkNeed(value: unknown): CheckedNeed {
  const given: unknown = typeof value === 'string' ? { relation: value } : value
  if (typeof given !== 'object' || given === null) {
    throw invalidArgument(
      'type',
      `Expected the need to be a relation or an object, got ${inspect(value)}`,
    )
  }
  const need: Record<string, unknown> = { ...given }
  for (const name of Object.keys(need)) {
    if (!Object.hasOwn(words, name)) {
      throw invalidArgument(
        'value',
        `Unknown property \`${name}\` of the need: expected relation, consent or method`,
      )
    }
  }
  need['consent'] ??= 'none'
  need['method'] ??= 'attach'
  for (const [name, known] of Object.entries(words)) {
    if (!(known as readonly unknown[]).includes(need[name])) {
      throw invalidArgument(
        'value',
        `Expected the ${name} of the need to be one of ${known.join(', ')}, got ${inspect(need[name])}`,
      )
    }
  }
  return checkTried(need as unknown as CheckedNeed)
}

function checkTried(need: CheckedNeed): CheckedNeed {
  if (tried.includes(idOf(need))) return need
  const { relation, consent } = need
  const alike = tried.filter((id) => id.startsWith(`${familyId('caller', relation, consent)}/`))
  const family = alike.length > 0 ? alike : tried.filter((id) => id.includes(`/${relation}`))
  throw invalidArgument(
    'value',
    `Expected the need to be among what is tried (${family.map(short).join(', ')}), got ${short(idOf(need))}`,
  )
}

/**
 * Reads `RELATION[+CONSENT][/METHOD]`.
 *
 * @internal
 */
export function parseNeed(text: string): CheckedNeed {
  const [, relation, consent, method] = /^([^+/]*)(?:\+([^/]*))?(?:\/(.*))?$/s.exec(text) ?? []
  return checkNeed({
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
export function idOf({ relation, consent, method }: CheckedNeed): ObservationId {
  return observationId('caller', relation, consent, method)
}

function short(id: string): string {
  return id.slice('caller/'.length)
}

/**
 * Whether a skip is to be a failure: `PTRACE_PROBE_REQUIRE` is set, and not to 0.
 *
 * @internal
 */
export function isRequired(env: Readonly<Record<string, string | undefined>>): boolean {
  return !['', '0'].includes(env['PTRACE_PROBE_REQUIRE'] ?? '')
}
