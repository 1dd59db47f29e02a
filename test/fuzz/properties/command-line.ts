/** Command lines, with a command that answers without a machine. */

import fc from 'fast-check'
import { commands } from '../../../lib/cli/commands.js'
import { optionRows } from '../../../lib/cli/options.js'
import { parse } from '../../../lib/cli/parse.js'
import { type Property, property, require, requireVisible } from '../property.js'

const names = Object.keys(commands)
const options = optionRows.flatMap(({ name, short }) => [
  `--${name}`,
  `--${name}=`,
  ...(short ? [`-${short}`] : []),
])
const word = fc.oneof(
  fc.constantFrom(...names, 'help', ...options, '--', '-', '--no-color', '1', '0', '4194304'),
  fc.constantFrom(
    'json',
    'text',
    'stig',
    '>=1',
    'child',
    'sibling+any/seize',
    'user:nobody',
    '1e3',
  ),
  fc.constantFrom('__proto__', 'constructor', '--__proto__', '--toString=1', '-hh', '-qv', '10000'),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.tuple(fc.constantFrom(...options), fc.string({ maxLength: 6 })).map((parts) => parts.join('')),
)

/** Of command lines. */
export const commandLineProperties: readonly Property[] = [
  property(
    'a command line is understood, or refused in one line that nothing obeys',
    fc.array(word, { maxLength: 7 }),
    (argv) => {
      const parsed = parse(argv)
      if ('sentence' in parsed) {
        requireVisible(parsed.sentence, 'the sentence')
        require(parsed.sentence !== '', () => 'the sentence is empty')
        require(names.includes(parsed.command), () => `no command: ${parsed.command}`)
      } else {
        require(names.includes(parsed.command), () => `no command: ${parsed.command}`)
        const { formats } = commands[parsed.command]
        require(formats.includes(parsed.format), () =>
          `${parsed.command} has no format ${parsed.format}`)
      }
    },
  ),
]
