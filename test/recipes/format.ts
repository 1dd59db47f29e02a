import { both, type Change, create, put } from './edit.js'

/** `ids`: an id a line. */
export const format: Change = {
  'lib/format/ids.ts': create(`import type { Report } from '../types.js'
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
  'lib/format/formats.ts': both(
    put(/^export const formats\b.*$/m, "$&\n  ids: async () => (await import('./ids.js')).render,"),
    put(
      /^export const verdictFormats\b.*$/m,
      "$&\n  ids: async () => (await import('./ids.js')).renderChecked,",
    ),
  ),
  'docs/guide/command-line.md': put(/^(\| `--format NAME` .*) as `text`/m, '$1 as `ids`, `text`'),
  'test/format/report.test.ts': both(
    (text) => `${text}
t.test('ids are those of what was allowed', async (t) => {
  const ids = await formats.ids?.()
  t.equal(ids?.(report({ yama: 3 }), style), '')
  t.match(ids?.(report({ yama: 0 }), style), /^caller\\/child\\/attach$/m)
})
`,
  ),
  'test/format/check.test.ts': (text) => `${text}
t.test('ids are the PIDs that may be attached to', async (t) => {
  const ids = await verdictFormats.ids?.()
  t.equal(ids?.([], false, style), '')
})
`,
}
