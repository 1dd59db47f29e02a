import { version } from '../engine/index.js'
import {
  type Compared,
  type Difference,
  type Envelope,
  invalidArgument,
  type Report,
} from '../model/index.js'
import { changesBetween, notComparedOf } from './changes.js'
import { type Measured, readEither } from './shape.js'

/**
 * What changed between two measurements, such as before and after an upgrade. Pure: nothing is
 * measured.
 *
 * @param before - what {@link probe} or {@link collect} answered
 * @param after - what one of them answered later, or on another host
 * @returns the changes, each as a sentence; none where nothing changed
 * @throws TypeError if one of them is neither a report nor an envelope (`ERR_INVALID_ARG_VALUE`)
 *
 * @example
 * ```js
 * import { diff, probe } from 'ptrace-probe'
 *
 * const before = await probe()
 * for (const { message } of diff(before, await probe()).changes) console.log(message)
 * ```
 */
export function diff(before: Report | Envelope, after: Report | Envelope): Difference {
  return difference(checked(before, 'first'), checked(after, 'second'))
}

function checked(value: unknown, which: string): Measured {
  const read = readEither(value)
  if ('value' in read) return read.value
  throw invalidArgument(
    'value',
    `The ${which} argument is neither a report nor an envelope: ${read.wrong}`,
  )
}

/**
 * The same for what has been read already.
 *
 * @internal
 */
export function difference(before: Measured, after: Measured): Difference {
  const changes = changesBetween(before, after)
  return {
    schemaVersion: 1,
    tool: { name: 'ptrace-probe', version: version() },
    message: message(changes.length),
    before: compared(before),
    after: compared(after),
    changes,
    notCompared: notComparedOf(before, after),
  }
}

function compared({ host, report }: Measured): Compared {
  return { host, time: report.time }
}

function message(count: number): string {
  if (count === 0) return 'Nothing changed.'
  return count === 1 ? 'One thing changed.' : `${count} things changed.`
}
