import { keysOf } from './tables.js'

interface ConsentRow {
  /** At scope 1 it lets a tracer attach that is no ancestor of the target. */
  readonly admits: boolean
  /** Put after the target in the table of the report. */
  readonly label: string
  /** Put after the target within a sentence. */
  readonly phrase: string
  /** Whom the target named, for the guide. */
  readonly about: string
}

/** One row a consent, in the order of the report: all that is said of it. */
export const consentRows = {
  none: { admits: false, label: '', phrase: '', about: 'no process' },
  tracer: {
    admits: true,
    label: ', named the tracer',
    phrase: ' that named its tracer',
    about: 'the tracer',
  },
  ancestor: {
    admits: true,
    label: ', named its ancestor',
    phrase: ' that named an ancestor of its tracer',
    about: 'an ancestor of the tracer',
  },
  any: {
    admits: true,
    label: ', named any process',
    phrase: ' that named any process',
    about: 'any process',
  },
  revoked: {
    admits: false,
    label: ', named any, revoked',
    phrase: ' that named any process and took it back',
    about: 'first any process, then none',
  },
  unrelated: {
    admits: false,
    label: ', named another',
    phrase: ' that named another process',
    about: 'a process that is neither the tracer nor an ancestor of it',
  },
} as const satisfies Readonly<Record<string, ConsentRow>>

/** What the target told Yama with `PR_SET_PTRACER(2const)`: which process may be its tracer. */
export type Consent = keyof typeof consentRows

/** Every consent. */
export const consents = keysOf(consentRows)
