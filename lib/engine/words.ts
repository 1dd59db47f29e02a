import {
  consents,
  controlAttempts,
  landlockControl,
  methods,
  readAttempts,
  steps,
  type Tree,
} from '../model/index.js'

/**
 * The version of requests and answers that this library and the addon speak. Raise it with each
 * change of either that the words do not show: a build that is older is refused then.
 */
export const abi = 6

/** As whom the members of a family act. */
export const identities = ['caller', 'unprivileged', 'owner', 'user'] as const

/**
 * For whom a process that is forked to examine stands: a process that this one starts, such as a
 * debugger; one of this user that is no relation of this one; or the same with another user's ids and
 * no capabilities.
 */
export const tracers = ['child', 'stranger', 'user'] as const

const parents = ['none', 'supervisor', 'tracer', 'target'] as const satisfies readonly (
  | Tree['tracerParent']
  | Tree['targetParent']
)[]
const middles = ['none', 'lives', 'exits'] as const satisfies readonly Tree['middle'][]

/**
 * The ways to ask the kernel whether access would be granted; a set of them, a bit each, says which
 * ones work here at all. `read` asks for PTRACE_MODE_READ, for contrast. `proc-mem-itself` is none: it
 * says that /proc/PID/mem is what is in question, and stands for no ptrace.
 */
export const oracles = ['pidfd-getfd', 'vm-read', 'proc-mem', 'read', 'proc-mem-itself'] as const
/** One of them. */
export type Oracle = (typeof oracles)[number]

/** The set of that oracle alone. */
export function oracleBit(oracle: Oracle): number {
  return 1 << oracles.indexOf(oracle)
}

/**
 * THE table of words that cross the boundary, a row an enum of the engine: its values in their order.
 * The build writes `native/words/words.h` from it (`scripts/words.mjs`).
 */
export const enums = {
  Identity: identities,
  /** Which process the target names with PR_SET_PTRACER. */
  Consent: consents,
  /** What is tried. A control has no target: the member asks about itself. */
  Method: [...methods, ...readAttempts, ...controlAttempts, landlockControl],
  /** Who forks a member. Every relation is one combination of these and the middles. */
  Parent: parents,
  /** The process between the tracer and a target that the tracer's side forks. */
  Middle: middles,
  Tracer: tracers,
  /** Where an attempt ended. `done` is the only success. */
  Step: [...steps, 'done'],
  Oracle: oracles,
} as const

/** All of them as one text, which the addon has, too. An addon with another one is refused. */
export const words = Object.values(enums)
  .map((each) => each.join(' '))
  .join('\n')
