import MarkdownIt from 'markdown-it'
import t from 'tap'
import { assertion, report as reportOf, settings } from '../../lib/format/markdown.js'
import { code, inline, table } from '../../lib/format/markdown-text.js'
import { hostileAssertion, hostileNames, hostileSettings } from '../helpers/hostile.js'
import { report } from '../helpers/report.js'
import { configured } from '../helpers/systems.js'
import { runCommand } from '../helpers/verdicts.js'

const style = { color: false, unicode: true, columns: 80 }
const parser = new MarkdownIt({ html: true, linkify: true })

/** How often each kind of token stands in a document, within lines, too. */
function kinds(text: string): Readonly<Record<string, number>> {
  const tokens = parser.parse(text, {}).flatMap((each) => [each, ...(each.children ?? [])])
  const counts: Record<string, number> = {}
  for (const { type } of tokens) counts[type] = (counts[type] ?? 0) + 1
  return counts
}

/** What a name must never become. */
const never = ['html_block', 'html_inline', 'link_open', 'image', 'em_open', 's_open', 'hr']

t.test('the report has the verdict, the scopes, what was tried, and findings', async (t) => {
  const text = reportOf(report({ yama: 1 }), style)
  t.match(text, /^\*\*Yama restricts ptrace on this machine: .* Proved by trying\.\*\*\n/)
  t.match(text, '| enforced | 1 (restricted) | proved, as declared |')
  t.match(text, '| child | \u2713 | \u2713 | \u2713 | \u2713 | \u2713 | \u2713 |')
  const { table_open: tables = 0, heading_open: headings } = kinds(text)
  t.ok(tables >= 3, `${tables} tables`)
  t.equal(headings, 5)
})

t.test('--quiet is the verdict only', async (t) => {
  for (const argv of [[], ['settings'], ['assert', '--policy', 'cis']]) {
    const { stdout } = await runCommand([...argv, '--format', 'markdown', '--quiet'])
    t.match(stdout, /^\*\*[^\n]+\n$/, argv.join(' '))
  }
})

t.test('a policy is a table of expectations, and remedies have commands to copy', async (t) => {
  const world = { probe: async () => report({ yama: 0 }) }
  const argv = ['assert', '--policy', 'cis', '--policy', 'kspp', '--format', 'markdown']
  const { stdout } = await runCommand(argv, world)
  t.match(stdout, '| `cis` | 1 | not met |')
  t.match(stdout, '| `unprivileged/sibling` | denied | allowed | not met |')
  const single = await runCommand(['assert', '--policy', 'cis', '--format', 'markdown'], world)
  t.match(single.stdout, /^ {2}```sh\n {2}sysctl -w kernel\.yama\.ptrace_scope=1\n {2}```$/m)
})

t.test('no name changes what a document consists of', async (t) => {
  const plain = kinds(assertion(await hostileAssertion('alice'), style))
  const own = kinds(settings(hostileSettings('60-debug'), style))
  for (const [index, name] of hostileNames.entries()) {
    const found = kinds(assertion(await hostileAssertion(name), style))
    const ofSettings = kinds(settings(hostileSettings(name), style))
    for (const kind of ['table_open', 'tr_open', 'td_open', 'heading_open', 'code_inline']) {
      t.equal(found[kind], plain[kind], `${kind} in name ${index}`)
      t.equal(ofSettings[kind], own[kind], `${kind} of settings in name ${index}`)
    }
    for (const kind of never)
      t.notOk(kind in found || kind in ofSettings, `${kind} in name ${index}`)
  }
})

t.test('a document in which a name is not escaped is another one', async (t) => {
  for (const name of ['a | b', '<b>c', '[d](https://example.org)']) {
    const html = (cell: string) =>
      parser.render(
        table([
          ['Name', 'Value'],
          [cell, '1'],
        ]),
      )
    t.match(html(inline(name)), `<td>${parser.utils.escapeHtml(name)}</td>`, name)
    t.notMatch(html(name), `<td>${parser.utils.escapeHtml(name)}</td>`, name)
  }
})

t.test('text and code come out as they went in', async (t) => {
  for (const name of ['a | b', '``x`', '`', ' a ', 'PTRACE_SCOPE_1', '_a_', '1 < 2 & 3', '~~x~~']) {
    const [, , row] = parser
      .parse(table([['Name'], [inline(name)], [code(name)]]), {})
      .filter(({ type }) => type === 'inline')
      .map(({ children }) => children?.map(({ content }) => content).join(''))
    t.equal(row, name, `code ${name}`)
  }
  t.match(
    parser.render(inline('*a* @team www.example.org')),
    /^<p>\*a\* @\u2060team www\.example\.org<\/p>/,
  )
})

t.test('settings without assignments are a sentence', async (t) => {
  const text = settings(configured({ assignments: [], remedies: [], latched: true }), style)
  t.equal(kinds(text)['table_open'], undefined)
  t.match(text, 'The kernel refuses every value below 3 until the next boot')
})
