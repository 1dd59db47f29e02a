/** What libFuzzer fuzzes: a file of test/fuzz/native and the sources of native/ that it drives. */

import type { Plant } from '../helpers/native.js'

interface Target {
  /** Below native/. */
  readonly sources: readonly string[]
  /** It runs in Node, as an addon. */
  readonly inNode: boolean
  /** An error that it has to find. */
  readonly plant: Plant
}

export const targets = {
  processes: {
    sources: ['process', 'examine'],
    inNode: false,
    plant: {
      file: 'examine/facts.cc',
      from: "|| end[1] != ' ' || end[2] == '\\0'",
      to: '',
    },
  },
  memory: {
    sources: ['process'],
    inNode: false,
    plant: {
      file: 'process/inherited_memory.cc',
      from: 'if (range.start < mapping.start) range.start = mapping.start;',
      to: '',
    },
  },
  arguments: {
    sources: ['process', 'examine', 'probe', 'addon'],
    inNode: true,
    plant: {
      file: 'addon/arguments.cc',
      from: 'return ReadNumber(value, 1, std::numeric_limits<int32_t>::max(), out);',
      to: 'return ReadNumber(value, 0, std::numeric_limits<int32_t>::max(), out);',
    },
  },
} as const satisfies Readonly<Record<string, Target>>
