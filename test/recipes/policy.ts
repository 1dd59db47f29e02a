import { both, type Change, put } from './edit.js'

/** `example`: a guide that leaves ptrace to administrators at most. */
export const policy: Change = {
  'lib/model/vocabulary.ts': put(/^ {2}'stig',$/m, "  'example',\n$&"),
  'lib/policy/table.ts': put(
    /^ {2}\{\n {4}id: 'stig',$/m,
    `  {
    id: 'example',
    title: 'Example, a guide',
    source: 'https://example.org/',
    date: '2026-11-21',
    scope: [2, 3],
    relations: ['sibling=denied', 'child=denied'],
  },
$&`,
  ),
  'test/helpers/policies.ts': put(/^ {2}stig .*$/m, '  example no no no yes yes yes\n$&'),
  'docs/guide/assert.md': both(
    put(
      /^\| `stig` \|.*$/m,
      '| `example` | [Example, a guide](https://example.org/) | 2026-11-21 | 2 or 3 | `sibling=denied`, `child=denied` |\n$&',
    ),
    (text) =>
      text.replace(/^ {2}Of the \d+ policies .*\n.*\n/m, (counts) =>
        counts.replace(/(?<=Of the |scope\s+[23] (?:is accepted )?by )\d+/g, (count) =>
          String(Number(count) + 1),
        ),
      ),
  ),
}
