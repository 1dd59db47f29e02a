import t from 'tap'
import { besides, besidesText } from '../../lib/format/besides.js'
import type { Machine } from '../helpers/model.js'
import { report } from '../helpers/report.js'

const style = { color: false, unicode: true, columns: 80 }
const words = (machine: Partial<Machine>, columns = 80): string =>
  besidesText(report(machine), { ...style, columns })
    .flat()
    .join('\n')

t.test('root and ordinary users have a column each where they differ', async (t) => {
  const text = words({ yama: 2, capable: true })
  t.match(text, /\n {32}ordinary user {2}this process\n/)
  t.match(text, /\n {2}for programs of its own user {2}none {11}direct\n/)
  t.match(text, /\n {2}for programs of another user {2}none\n/)
  t.match(text, /\n {2}direct: [\s\S]*\n {2}none: /, 'each word is explained')
  t.notMatch(text, 'broker:')
})

t.test('root is said to be restricted or not as the attempts show', async (t) => {
  const flat = (machine: Partial<Machine>) => words(machine).replace(/\n */g, ' ')
  t.match(flat({ yama: 2, capable: true }), 'Root was tried')
  t.match(flat({ yama: 2, capable: true }), 'it is not restricted.')
  t.match(flat({ yama: 3, capable: true }), 'it is refused as well.')
  t.match(flat({ yama: 0, capable: true, traced: true }), 'it got no clear answer.')
  t.match(flat({ yama: 2 }), 'Root was not tried, for this process lacks CAP_SYS_PTRACE.')
})

t.test('no scope is said to decide about core dumps, perf and eBPF', async (t) => {
  const [, elsewhere] = besides(report({ yama: 3 }))
  t.equal(elsewhere?.title, 'Decided by other rules than the scope, and not tried here')
  t.strictSame(
    elsewhere?.rows.map(([what]) => what?.text),
    ['core dumps', 'perf', 'eBPF profilers'],
  )
})

t.test('a narrow terminal gets a line for each', async (t) => {
  for (const machine of [{ yama: 1 }, { yama: 2, capable: true }] as const) {
    for (const line of words(machine, 40).split('\n')) t.ok(line.length <= 40, line)
  }
  t.match(
    words({ yama: 2, capable: true }, 40).replace(/\n */g, ' '),
    'ordinary user none, this process direct',
  )
  t.match(words({ yama: 0, traced: true }), 'not known: the attempts do not tell')
})

t.test('a report without attempts recommends no strategy', async (t) => {
  t.equal(besides({ ...report(), observations: [] }).length, 1)
})
