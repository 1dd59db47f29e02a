import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { causes } from '../../lib/explain/causes.js'
import { explain } from '../../lib/explain/explain.js'
import { rows } from '../../lib/explain/table.js'
import { render } from '../../lib/format/explain.js'
import { root } from '../helpers/node.js'
import { runCommand } from '../helpers/verdicts.js'

const first = (text: string): string | undefined => explain(text).explanations[0]?.id

t.test('every wording leads to its own row first', async (t) => {
  for (const { id, text, also = [] } of rows) {
    for (const wording of [text, ...also]) {
      t.equal(first(wording), id, wording)
      t.equal(first(`error: ${wording.replaceAll('...', '4711')}\r\n`), id, 'with numbers')
      t.equal(first(wording.toUpperCase()), id, 'in capitals')
    }
  }
})

t.test('typographic quotes and broken lines change nothing', async (t) => {
  t.equal(
    first(
      'Can’t attach to the\nprocess: ptrace(PTRACE_ATTACH, ..) failed for 7: Operation not permitted',
    ),
    'jdk',
  )
})

t.test('a part of a text leads to every row that has it', async (t) => {
  const ids = explain('Operation not permitted').explanations.map(({ id }) => id)
  t.ok(ids.includes('gdb-attach') && ids.includes('strace-attach'))
  t.strictSame(explain('ptrace').explanations, [], 'too short to mean one')
  t.strictSame(explain('Segmentation fault').explanations, [])
})

t.test('every cause has a text that names it, and every page is there', async (t) => {
  const named = new Set(rows.flatMap((row) => row.causes))
  t.strictSame([...named].sort(), Object.keys(causes).sort())
  for (const { page } of rows) t.ok(existsSync(join(root, page)), page)
  t.equal(new Set(rows.map(({ id }) => id)).size, rows.length)
})

t.test('the command answers by its exit status, and every text of a line counts', async (t) => {
  const known = await runCommand(['explain', 'ptrace:', 'Operation', 'not', 'permitted.'])
  t.match(known, { code: 0, stdout: /^gdb and gcore: ptrace: Operation not permitted\n/ })
  const unknown = await runCommand(['explain', 'no\u001bsuch text'])
  t.match(unknown, { code: 1, stdout: /^No such text is known here\.\nThese are known/ })
  t.match(await runCommand(['explain']), { code: 0, stdout: /^These are known/ })
  const json = await runCommand([
    'explain',
    '--json',
    'child probably died before reaching SIGSTOP',
  ])
  t.match(JSON.parse(json.stdout).explanations, [{ id: 'rr-start', page: 'docs/docker.md' }])
  const quiet = await runCommand(['explain', '--quiet', 'attach failed: Operation not permitted'])
  t.equal(quiet.stdout, 'lldb: attach failed: Operation not permitted\n')
})

t.test('the lines fit every width', async (t) => {
  for (const columns of [40, 80, 200]) {
    for (const { text } of rows) {
      const lines = render(explain(text), { color: false, unicode: true, columns }).split('\n')
      for (const line of lines) {
        t.ok(
          line.length <= Math.max(40, Math.min(80, columns)) ||
            !line.trim().includes(' '.repeat(1)) ||
            line.startsWith('    ptrace-probe'),
          line,
        )
      }
    }
  }
})
