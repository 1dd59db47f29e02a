import { type Change, create, put } from './edit.js'

/** `ids`: an id a line. */
export const format: Change = {
  'lib/format/ids.ts': create(`import type { Report } from '../model/index.js'
import type { Checked } from './check.js'

/** The ids of what was allowed. */
export function render({ observations }: Report): string {
  const allowed = observations.filter(({ status }) => status === 'allowed')
  return allowed.map(({ id }) => \`\${id}\\n\`).join('')
}

/** The PIDs that may be attached to. */
export function renderChecked(checked: readonly Checked[]): string {
  const allowed = checked.filter(({ verdict }) => verdict.verdict === 'allowed')
  return allowed.map(({ verdict: { pid } }) => \`\${pid}\\n\`).join('')
}
`),
  'lib/format/formats.ts': put(
    /^ {2}ndjson: \{$/m,
    `  ids: {
    about: 'an id a line',
    report: async () => (await import('./ids.js')).render,
    check: async () => (await import('./ids.js')).renderChecked,
  },
$&`,
  ),
  'docs/guide/command-line.md': put(
    /^\| `ndjson` \|.*$/m,
    '| `ids` | report, check | an id a line |\n$&',
  ),
  'test/format/report.test.ts': (text) => `${text}
t.test('ids are those of what was allowed', async (t) => {
  const ids = await rendererFor('report', 'ids')
  t.equal(ids(report({ yama: 3 }), style), '')
  t.match(ids(report({ yama: 0 }), style), /^caller\\/child\\/attach$/m)
})
`,
  'test/format/check.test.ts': (text) => `${text}
t.test('ids are the PIDs that may be attached to', async (t) => {
  const ids = await rendererFor('check', 'ids')
  t.equal(ids([], style), '')
})
`,
}
