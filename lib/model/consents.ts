import { keysOf } from './tables.js'

interface ConsentRow {
  /** At scope 1 it lets a tracer attach that is no ancestor of the target. */
  readonly admits: boolean
  /** Put after the target in the table of the report. */
  readonly label: string
  /** Put after the target within a sentence. */
  readonly phrase: string
}

/** One row a consent: all that is said of it. */
export const consentRows = {
  none: { admits: false, label: '', phrase: '' },
  tracer: { admits: true, label: ', named the tracer', phrase: ' that named its tracer' },
  ancestor: {
    admits: true,
    label: ', named its ancestor',
    phrase: ' that named an ancestor of its tracer',
  },
  any: { admits: true, label: ', named any process', phrase: ' that named any process' },
  revoked: {
    admits: false,
    label: ', named any, revoked',
    phrase: ' that named any process and took it back',
  },
  unrelated: { admits: false, label: ', named another', phrase: ' that named another process' },
} as const satisfies Readonly<Record<string, ConsentRow>>

/**
 * What the target told Yama with `PR_SET_PTRACER(2const)`: nothing (`none`), or that its tracer is
 * the `tracer`, an `ancestor` of the tracer, `any` process, any process and then none (`revoked`),
 * or a process that is neither the tracer nor an ancestor of it (`unrelated`).
 */
export type Consent = keyof typeof consentRows

/** Every consent. */
export const consents = keysOf(consentRows)
