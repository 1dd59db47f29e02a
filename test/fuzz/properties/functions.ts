/** The functions that programs import, asked with anything. */

import fc from 'fast-check'
import type * as Library from '../../../lib/index.js'
import { anything, Thrown } from '../mutation.js'
import { isCoded, type Property, property, require } from '../property.js'

/** Arguments that are right at most places. */
const options = fc.oneof(
  anything,
  fc.dictionary(
    fc.constantFrom(
      'tracer',
      'method',
      'timeoutMs',
      'identities',
      'root',
      'relation',
      'consent',
      'x',
    ),
    fc.oneof(
      anything,
      fc.constantFrom<unknown>('self', 'child', 'pid:1', 'program:/bin/true', 'attach', 'sibling'),
      fc.constantFrom<unknown>(
        'user:nobody',
        'user:',
        ['caller'],
        ['user:a\0b'],
        1000,
        0.5,
        600_001,
      ),
      fc.array(fc.constantFrom('caller', 'owner', 'user:nobody', 'user:x', 'unprivileged', '')),
      fc.string().map((text) => `user:${text}`),
      fc.record({ user: anything }),
    ),
  ),
)
const first = fc.oneof(
  anything,
  fc.constantFrom<unknown>(1, process.pid, 4194304, 'child'),
  options,
)

/** Every exported function; a value that is awaited or read through is. */
export function functionProperties(library: typeof Library): Property[] {
  return Object.entries(library).flatMap(([name, exported]) => {
    if (typeof exported !== 'function' || name === 'PtraceProbeError') return []
    return [
      property(
        `${name}() answers a wrong argument with an error as Node words its own`,
        fc.array(fc.oneof(first, options), { maxLength: 3 }),
        async (args) => {
          try {
            const answer: unknown = Reflect.apply(exported, undefined, args)
            await answer
          } catch (error) {
            require(isCoded(error) || error instanceof Thrown, () =>
              `${error instanceof Error ? error.stack : String(error)}`)
          }
        },
      ),
    ]
  })
}
