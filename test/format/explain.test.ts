import t from 'tap'
import { render } from '../../lib/format/explain.js'
import type { Explanation } from '../../lib/model/index.js'

const style = { color: false, unicode: true, columns: 80 }
const explanation: Explanation = {
  id: 'gdb-attach',
  programs: ['gdb', 'gcore'],
  text: 'ptrace: Operation not permitted',
  means: 'The kernel refused to let it attach.',
  causes: ['Yama’s scope', 'another owner'],
  command: 'ptrace-probe check PID',
  page: 'docs/page.md',
}
const answer = { text: 'ptrace', explanations: [explanation], known: ['one', 'two'] } as const

t.test('an explanation has its causes in order, a command and a page', async (t) => {
  t.equal(
    render({ schemaVersion: 1, ...answer }, style),
    [
      'gdb and gcore: ptrace: Operation not permitted',
      '  The kernel refused to let it attach.',
      '  What it may be, the most usual first:',
      '  1. Yama’s scope.',
      '  2. Another owner.',
      '  Which one it is:',
      '    ptrace-probe check PID',
      '  More: docs/page.md',
      '',
    ].join('\n'),
  )
})

t.test(
  'a single cause is not called one of several, and without a command none is named',
  async (t) => {
    const one = { ...explanation, causes: ['another owner'], command: null }
    const text = render({ schemaVersion: 1, ...answer, explanations: [one] }, style)
    t.match(text, 'What it is:')
    t.notMatch(text, 'Which one')
  },
)

t.test('quiet is the head alone, or the sentence that nothing is known', async (t) => {
  const quiet = { ...style, detail: 'quiet' as const }
  t.equal(
    render({ schemaVersion: 1, ...answer }, quiet),
    'gdb and gcore: ptrace: Operation not permitted\n',
  )
  const unknown = { schemaVersion: 1 as const, text: 'x', explanations: [], known: ['one'] }
  t.equal(render(unknown, quiet), 'No such text is known here.\n')
  t.match(render(unknown, style), /These are known.*\n {2}one\n$/)
  t.match(render({ ...unknown, text: '' }, style), /^These are known/)
})
