import {
  type CrashHandling,
  holdsSysPtrace,
  keysOf,
  type Outcome,
  type Report,
  type Strategy,
  strategyRows,
} from '../model/index.js'
import { crashHandling, judgeUse, uses } from '../probe/index.js'
import { outcomeTones } from './operations.js'
import { type Cell, paint, type Style, table, wrap } from './terminal.js'
import { shortName, type View, views } from './views.js'

/** A titled table with the sentences below it. */
export interface Besides {
  readonly title: string
  readonly rows: readonly (readonly Cell[])[]
  readonly sentences: readonly string[]
}

/** What else the report says of practice, for every format. */
export function besides(report: Report): Besides[] {
  const strategies = handlers(report)
  return strategies === null ? [elsewhere(report)] : [strategies, elsewhere(report)]
}

/** The same for a terminal; where it is too narrow, a line for each cell. */
export function besidesText(report: Report, style: Style): string[][] {
  return besides(report).map(({ title, rows, sentences }) => [
    ...wrap(title, style).map((line) => paint(line, 'bold', style)),
    ...(table(rows, style) ?? rows.flatMap((row) => listed(row, rows[0] ?? [], style))),
    ...sentences.flatMap((sentence) => wrap(sentence, style, '  ')),
  ])
}

function listed([what, ...cells]: readonly Cell[], head: readonly Cell[], style: Style): string[] {
  if (what === undefined || what.text === '') return []
  const named = head[0]?.text === ''
  const list = cells.flatMap(({ text }, i) => {
    return text === '' ? [] : [named ? `${head[i + 1]?.text} ${text}` : text]
  })
  return wrap(`${what.text}: ${list.join(', ')}`, style, '    ', '  ')
}

const unknown = 'not known'

/** Which strategy the attempts recommend to a crash handler, by tracers. */
function handlers(report: Report): Besides | null {
  const all = crashHandling(report)
  const columns = views(report).flatMap((view) => {
    const found = adviceOf(view, all)
    return found === undefined ? [] : [{ name: shortName(view), found }]
  })
  if (columns.length === 0) return null
  const row = (what: string, pick: (advice: CrashHandling) => Strategy | null): Cell[] => [
    { text: what },
    ...columns.map(({ found }) => strategyCell(pick(found))),
  ]
  const named = columns.flatMap(({ found }) => [found.sameUser, found.otherUser])
  const legend = keysOf(strategyRows).filter((each) => named.includes(each))
  const head = [{ text: '' }, ...columns.map(({ name }): Cell => ({ text: name, tone: 'dim' }))]
  return {
    title: 'Strategy for a crash handler, judging by the attempts above',
    rows: [
      ...(columns.length > 1 ? [head] : []),
      row('for programs of its own user', ({ sameUser }) => sameUser),
      row('for programs of another user', ({ otherUser }) => otherUser),
    ].filter(([, ...cells]) => cells.some(({ text }) => text !== '')),
    sentences: legend.map((each) => {
      return `${each === 'undetermined' ? unknown : each}: ${strategyRows[each]}`
    }),
  }
}

function adviceOf({ identities }: View, all: readonly CrashHandling[]): CrashHandling | undefined {
  // Of a shared view the one that answers for other users' programs says more.
  return all
    .filter(({ identity }) => identities.includes(identity))
    .toSorted((a, b) => Number(a.otherUser === null) - Number(b.otherUser === null))[0]
}

function strategyCell(strategy: Strategy | null): Cell {
  if (strategy === null) return { text: '' }
  if (strategy === 'undetermined') return { text: unknown, tone: outcomeTones.undetermined }
  return { text: strategy }
}

/** What does not hang on the scope, and root. The rules are those of the man pages. */
function elsewhere(report: Report): Besides {
  return {
    title: 'Decided by other rules than the scope, and not tried here',
    rows: others.map((cells) => cells.map((text) => ({ text }))),
    sentences: [
      'Core dumps were tried in booted machines: the kernel wrote them at every scope. Here a crash would leave a file or start a program of the machine (core(5)).',
      rootSentence(report),
    ],
  }
}

const others = [
  ['core dumps', 'RLIMIT_CORE, kernel.core_pattern and PR_SET_DUMPABLE'],
  ['perf', 'kernel.perf_event_paranoid or CAP_PERFMON; Yama is not asked'],
  ['eBPF profilers', 'CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN'],
] as const

/** Root is one that holds CAP_SYS_PTRACE: that is what the kernel asks for. */
function rootSentence({ caller, observations }: Report): string {
  const cells = new Map(
    observations
      .filter(({ identity, consent }) => identity === 'caller' && consent === 'none')
      .map((each) => [`${each.relation}/${each.method}`, each]),
  )
  const judged = judgeUse(uses['attach-other'], cells)
  if (!holdsSysPtrace(caller.capSysPtrace) || judged === null) {
    return 'Root was not tried, for this process lacks CAP_SYS_PTRACE. In booted machines scopes 0, 1 and 2 did not restrict root, and scope 3 did.'
  }
  return `Root was tried, as this process with CAP_SYS_PTRACE (uid ${caller.uid}): it ${rootEnds[judged.outcome]}.`
}

const rootEnds: Readonly<Record<Outcome, string>> = {
  works: 'is not restricted',
  refused: 'is refused as well',
  partly: 'is refused in part',
  undetermined: 'got no clear answer',
}
