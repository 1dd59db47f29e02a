import t from 'tap'
import { type Checked, render as renderChecked } from '../../lib/format/check.js'
import { formats, formatsOf, rendererFor } from '../../lib/format/formats.js'
import { holdings } from '../../lib/format/notable.js'
import { render as renderSurvey } from '../../lib/format/survey.js'
import type { Style } from '../../lib/format/terminal.js'
import type { Allowed, Verdict } from '../../lib/model/index.js'
import { denied, undetermined, verdict } from '../helpers/verdicts.js'

const style: Style = { color: false, unicode: true, columns: 80 }
const ascii: Style = { ...style, unicode: false }

const judged = (...verdicts: Verdict[]): Checked[] =>
  verdicts.map((each) => ({ verdict: each, others: [], failures: [] }))
const three = (self: Verdict, child: Verdict, stranger: Verdict): Checked[] => [
  { verdict: self, others: [child, stranger], failures: [] },
]
const asTracers = (make: (differences: Partial<Pick<Verdict, 'tracer'>>) => Verdict) =>
  three(make({}), make({ tracer: 'child' }), make({ tracer: 'stranger' }))

t.test('a refusal is said, explained and followed by what would change it', async (t) => {
  t.equal(
    renderChecked(asTracers(denied), style),
    `This process may not attach to sleep (123): Yama lets a process attach only to
its descendants (scope 1).
The same holds for a debugger that this process starts, such as gdb -p 123, and
for an unrelated process of this user.
  yama-restricted (proved)
    seen: /proc/sys/kernel/yama/ptrace_scope: 1; ancestors: bash (100)
  Asked: pidfd_getfd: EPERM (access refused); get_robust_list: success (reading
    granted).
  What would change it, least privilege first:
    - Start the program under the debugger (needs no privilege, lasts as long as
      the process, weakens nothing)
        gdb --args sleep
    - Lift the restriction for the whole machine until the next boot (needs
      root, lasts until the next boot, weakens the whole machine)
        sysctl -w kernel.yama.ptrace_scope=0
`,
  )
})

t.test('what is allowed needs no more than its proof', async (t) => {
  t.equal(
    renderChecked(asTracers(verdict), style),
    `This process may attach to sleep (123).
The same holds for a debugger that this process starts, such as gdb -p 123, and
for an unrelated process of this user.
  Proved by asking: pidfd_getfd: EBADF (access granted).
`,
  )
})

t.test('tracers that get different answers are told apart', async (t) => {
  const message = 'A debugger that this process starts may not attach to sleep (123): no.'
  const child = denied({ tracer: 'child', message })
  const text = renderChecked(three(verdict(), child, denied({ tracer: 'stranger' })), style)
  t.match(text, /^This process may attach to sleep \(123\)\.\n {2}Proved/)
  t.match(text, `\n${message}\nThe same holds for an unrelated process of this user.\n`)
  t.match(text, '  yama-restricted (proved): Yama lets a process attach only to its descendants')
})

t.test('every cause is named, and one that the sentence has is not repeated', async (t) => {
  const [first] = denied().causes
  const traced = {
    id: 'already-traced',
    certainty: 'proved',
    message: 'process 9 traces it already',
    evidence: [],
  } as const
  const text = renderChecked(judged(denied({ causes: first ? [first, traced] : [] })), style)
  t.match(text, /\n {2}yama-restricted \(proved\)\n/)
  t.match(text, /\n {2}already-traced \(proved\): Process 9 traces it already\.\n/)
})

t.test('the same advice is given once', async (t) => {
  const text = renderChecked(judged(denied(), denied({ pid: 124 })), style)
  t.equal(text.split('gdb --args sleep').length, 2)
  t.match(text, '  What would change it: as for 123.\n')
  const other = denied({ cause: 'owner', tracer: 'child' })
  t.match(renderChecked(three(denied(), other, other), style), 'change it: as above.')
})

t.test('where no rule was found, nothing is said to change the refusal', async (t) => {
  const text = renderChecked(judged(denied({ causes: [] })), style)
  t.match(text, '  What would tell more, least privilege first:\n')
  t.notMatch(text, 'What would change it')
})

t.test('what could not be told is said as such', async (t) => {
  const text = renderChecked(
    [{ verdict: undetermined(), others: [], failures: ['What x may do could not be told: y.'] }],
    style,
  )
  t.equal(
    text,
    `Whether this process may attach to sleep (123) cannot be told: no oracle works
here.
What x may do could not be told: y.
`,
  )
})

async function surveyed(
  verdicts: readonly Verdict[],
  shown: Style = style,
  tracer: Verdict['tracer'] = 'stranger',
): Promise<string> {
  async function* source() {
    yield* verdicts
  }
  let text = ''
  for await (const piece of renderSurvey(source(), { tracer, uid: 1000, pid: 4242 }, shown))
    text += piece
  return text
}

const named = (name: string, pid: number, uid = 1000): Pick<Allowed, 'pid' | 'target'> => ({
  pid,
  target: { pid, name, uid, state: 'S', parent: 1 },
})
const machine: readonly Verdict[] = [
  verdict(named('node', 4242)),
  verdict(named('ssh-agent', 10)),
  verdict(named('node', 11)),
  verdict(named('node', 12)),
  verdict(named('bash', 13, 0)),
  denied(named('gdb', 14)),
  denied({ ...named('kthreadd', 2, 0), cause: 'kernel-thread' }),
  denied({ ...named('kworker/0:0', 3, 0), cause: 'kernel-thread' }),
  undetermined({ pid: 15, target: null }),
]

t.test('a survey answers what a process could read, and sums up the rest', async (t) => {
  t.equal(
    await surveyed(machine),
    `An unrelated process of this user could read at least 4 of the 8 other processes
here, and take them over.
  3  of uid 1000     ssh-agent (10), node (11 and 1 more)
  1  of other users  bash (13)

Worth a look among them, judging by their names
  1  private keys   ssh-agent (10)
  1  what is typed  bash (13)

Refused, by the rule that refuses first
  2  kernel-thread    kthreadd (2), kworker/0:0 (3)
  1  yama-restricted  gdb (14)

Not known
  1  undetermined  unknown (15)

Next
  ptrace-probe check PID      why, and what would change it
  ptrace-probe survey --json  every verdict, one a line
`,
  )
})

t.test('a survey that finds nothing open says so', async (t) => {
  const closed = machine.filter((each) => each.verdict === 'denied')
  t.match(
    await surveyed(closed, style, 'user:alice'),
    /^A process of user alice could read none of the 3 other processes here\.\n\nRefused/,
  )
  t.match(await surveyed(closed, style, 'user:alice'), 'ptrace-probe check PID --as-user alice ')
  t.match(
    await surveyed(machine.slice(8)),
    'none of the 1 other processes here,\nas far as can be told.',
  )
})

t.test('the summary of a survey does not grow with the machine', async (t) => {
  const many = Array.from({ length: 20_000 }, (_, i) => verdict(named(`worker-${i}`, i + 5000)))
  const text = await surveyed(many)
  t.match(text, 'could read 20000 of the 20000 other processes\nhere')
  t.ok(text.split('\n').length < 12)
  t.match(text, /worker-2 \(5002\), \.\.\.\n/)
})

t.test('no verdict makes a line too long, or needs more than ASCII where it must', async (t) => {
  const hostile = named('\u001b[31m\u2026xxxxxxxx', 16)
  const all = [
    ...machine,
    verdict(hostile),
    denied({ ...hostile, message: 'No \u2018\u001b\u2019.' }),
  ]
  for (const columns of [40, 60, 80, 200]) {
    for (const shown of [style, ascii]) {
      const text =
        (await surveyed(all, { ...shown, columns })) +
        renderChecked(judged(...all), { ...shown, columns })
      const long = text.split('\n').filter((line) => {
        // A command, or a word that is wider than the line, is not broken.
        const isWhole = /^ {8}\S/.test(line) || /^ *\S+$/.test(line)
        return /\s$/.test(line) || (line.length > Math.min(80, columns) && !isWhole)
      })
      t.same(long, [], `${columns} columns`)
      t.notMatch(text, '\u001b')
      if (!shown.unicode) t.notMatch(text, /\P{ASCII}/u)
    }
  }
})

t.test('verdicts and surveys are coloured with nothing but colour', async (t) => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: SGR sequences begin with one
  const bare = (text: string) => text.replace(/\u001b\[\d+m/g, '')
  const color = { ...style, color: true }
  const checked = renderChecked(judged(...machine), color)
  t.match(checked, '\u001b[1mThis process may attach')
  t.match(checked, '\u001b[1mThis process may not attach')
  t.equal(bare(checked), renderChecked(judged(...machine), style))
  t.equal(bare(await surveyed(machine, color)), await surveyed(machine))
})

t.test('names of programs are known in the length that the kernel keeps', async (t) => {
  t.equal(holdings('gnome-keyring-d'), 'stored passwords')
  t.equal(holdings('tmux: server'), 'what is typed')
  t.equal(holdings('toString'), undefined)
})

t.test('every answer can be printed as text and as JSON', async (t) => {
  const answers = ['report', 'check', 'survey', 'settings', 'assert', 'policies', 'tools'] as const
  for (const answer of answers)
    t.strictSame(formatsOf(answer).slice(0, 2), ['text', 'json'], answer)
  for (const { about, ...loaders } of Object.values(formats)) {
    t.ok(about)
    for (const load of Object.values(loaders)) t.type(await load(), 'function')
  }
  await t.rejects(rendererFor('report', 'toString'), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: 'no format toString for report, expected one of text, json',
  })
})

t.test('JSON of checked processes is an array, NDJSON a line each', async (t) => {
  const json = await rendererFor('check', 'json')
  t.same(JSON.parse(json(judged(verdict()), style)), [verdict()])
  t.same(JSON.parse(json([], style)), [])
  const ndjson = await rendererFor('check', 'ndjson')
  const lines = ndjson(judged(verdict(), denied({ pid: 124 })), style).split('\n')
  t.same(lines.pop(), '')
  t.same(
    lines.map((line) => JSON.parse(line)),
    [verdict(), denied({ pid: 124 })],
  )
})
