import * as v from 'valibot'
import { isObject, scopeNames } from '../model/index.js'
import { firstMistake, type Mistake } from './mistake.js'

const words = (...known: readonly string[]) => v.picklist(known, `one of ${known.join(', ')}`)
const text = v.string('a text')
const flag = v.boolean('true or false')
const scope = v.picklist([0, 1, 2, 3], 'a number from 0 to 3')
const object = <T extends v.ObjectEntries>(entries: T) =>
  v.looseObject(entries, ({ expected }) =>
    expected === 'Object' ? 'an object' : `the field ${expected}`,
  )
const list = <T extends v.GenericSchema>(item: T) => v.array(item, 'a list')

/** The parts of a report that an evaluation reads. A later version may add others. */
const reportSchema = object({
  schemaVersion: v.literal(1, 'the number 1'),
  host: object({
    lsm: v.nullable(list(text)),
    container: v.nullable(text),
    emulator: v.nullable(text),
  }),
  caller: object({
    capSysPtrace: object({ granted: v.nullable(flag), effective: flag }),
    tracerPid: v.nullable(v.number('a number')),
  }),
  scope: object({
    yama: v.nullable(flag),
    declared: object({ value: v.nullable(scope), source: text }),
    enforced: object({
      value: v.nullable(scope),
      name: words(...scopeNames, 'no-yama', 'undetermined'),
      candidates: list(scope),
      certainty: words('proved', 'inferred', 'undetermined'),
      evidence: list(text),
    }),
  }),
  observations: list(
    object({
      id: text,
      identity: text,
      status: words('allowed', 'denied', 'unavailable', 'inconclusive'),
      step: v.nullable(text),
    }),
  ),
  controls: list(object({ id: text, passes: v.nullable(flag) })),
})

/** What keeps a value from being evaluated as a report; null when nothing does. */
export function reportMistake(value: unknown): Mistake | null {
  if (!isObject(value) || Array.isArray(value)) {
    return { path: '', expected: 'an object', found: value }
  }
  const read = v.safeParse(reportSchema, value, { abortEarly: true })
  return read.success ? null : firstMistake(read.issues)
}
