import * as v from 'valibot'
import { scopeNames } from '../model/index.js'

// The parts of an envelope that are compared. A later version may add others.

const text = v.pipe(v.string('a text'), v.minLength(1, 'a text that is not empty'))
const flag = v.boolean('true or false')
const scope = v.picklist([0, 1, 2, 3], 'a number from 0 to 3')
const time = v.pipe(v.string('a time'), v.isoTimestamp('a time as ISO 8601 has it'))
const version1 = v.literal(1, 'the number 1')
const object = <T extends v.ObjectEntries>(entries: T) =>
  v.looseObject(entries, ({ expected }) =>
    expected === 'Object' ? 'an object' : `the field ${expected}`,
  )
const list = <T extends v.GenericSchema>(item: T) => v.array(item, 'a list')
const words = <const T extends readonly string[]>(known: T) =>
  v.picklist(known, `one of ${known.join(', ')}`)

const enforced = object({
  value: v.nullable(scope),
  name: words([...scopeNames, 'no-yama', 'undetermined']),
  candidates: list(scope),
  certainty: words(['proved', 'inferred', 'undetermined']),
})
const settings = object({
  yama: v.nullable(flag),
  persistent: object({
    value: v.nullable(scope),
    file: v.nullable(text),
    line: v.nullable(v.number('a number')),
    package: v.nullable(text),
  }),
  afterReboot: v.nullable(scope),
  drift: v.nullable(flag),
})
const asserts = list(object({ policy: object({ id: text }), met: v.nullable(flag) }))

/** What `merge` reads of an envelope. */
export const mergedShape = object({
  schemaVersion: version1,
  host: text,
  collected: time,
  report: object({
    schemaVersion: version1,
    host: object({ kernel: text }),
    scope: object({ enforced, agrees: v.nullable(flag) }),
    findings: list(object({ id: text })),
  }),
  settings,
  asserts,
})

/** What `diff` reads of a report. */
const reportShape = object({
  schemaVersion: version1,
  tool: object({ version: text }),
  time,
  host: object({
    kernel: text,
    os: object({ id: v.nullable(text), version: v.nullable(text) }),
  }),
  caller: object({
    uid: v.number('a number'),
    capSysPtrace: object({ effective: flag }),
  }),
  scope: object({
    yama: v.nullable(flag),
    enforced,
    effective: object({ value: v.nullable(scope), name: text }),
    declared: object({ value: v.nullable(scope) }),
  }),
  observations: list(
    object({
      id: text,
      identity: text,
      relation: text,
      consent: text,
      method: text,
      status: words(['allowed', 'denied', 'unavailable', 'inconclusive']),
    }),
  ),
  findings: list(object({ id: text, level: text, message: text })),
})

/** What `diff` reads of an envelope. */
const envelopeShape = object({
  schemaVersion: version1,
  host: text,
  report: reportShape,
  settings,
  asserts,
})

export type Merged = v.InferOutput<typeof mergedShape>
export type MeasuredReport = v.InferOutput<typeof reportShape>
export type ConfiguredSettings = v.InferOutput<typeof settings>
export type Asserts = v.InferOutput<typeof asserts>

/** Either of the two, in the form of an envelope. */
export interface Measured {
  /** Null in a report. */
  readonly host: string | null
  readonly report: MeasuredReport
  readonly settings: ConfiguredSettings | null
  readonly asserts: Asserts | null
}

/** A value that was read, or what is wrong with it as a clause. */
export type Read<T> = { readonly value: T } | { readonly wrong: string }

/** An envelope, as far as `merge` reads it. */
export function readMerged(value: unknown): Read<Merged> {
  return read(mergedShape, value)
}

/** A report or an envelope, as far as `diff` reads it. */
export function readEither(value: unknown): Read<Measured> {
  const isEnvelope = typeof value === 'object' && value !== null && 'report' in value
  if (isEnvelope) return read(envelopeShape, value)
  const report = read(reportShape, value)
  if ('wrong' in report) return report
  return { value: { host: null, report: report.value, settings: null, asserts: null } }
}

function read<T>(shape: v.GenericSchema<unknown, T>, value: unknown): Read<T> {
  const parsed = v.safeParse(shape, value, { abortEarly: true })
  if (parsed.success) return { value: parsed.output }
  const [{ message, path }] = parsed.issues
  const place = path?.map(({ key }) => `/${String(key)}`).join('') ?? ''
  return { wrong: `${place === '' ? '' : `${place}: `}expected ${message}` }
}
