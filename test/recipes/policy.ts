import { both, type Change, put } from './edit.js'

/** `example`: a guide that wants any restriction. */
export const policy: Change = {
  'lib/model/policies.ts': put(
    /^ {2}stig: \{$/m,
    `  example: {
    title: 'Example, a guide',
    source: 'https://example.org/',
    date: '2026-11-21',
    scope: [1, 2, 3],
    relations: ['sibling=denied'],
  },
$&`,
  ),
  'test/helpers/policies.ts': put(/^ {2}stig .*$/m, '  example no no yes yes yes yes\n$&'),
  'docs/guide/assert.md': both(
    put(
      /^\| `stig` \|.*$/m,
      '| `example` | [Example, a guide](https://example.org/) | 2026-11-21 | 1, 2 or 3 | `sibling=denied` |\n$&',
    ),
    (text) =>
      text.replace(/^ {2}Of the \d+ policies .*\n.*\n/m, (counts) =>
        counts.replace(/(?<=Of the |scope\s+[123] (?:is accepted )?by )\d+/g, (count) =>
          String(Number(count) + 1),
        ),
      ),
  ),
}
