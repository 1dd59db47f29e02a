import {
  type Consent,
  consentRows,
  type Method,
  methodRows,
  type Observation,
  type Relation,
  type Report,
  relationRows,
  type Status,
  type Step,
} from '../model/index.js'
import {
  type Cell,
  paint,
  type Style,
  type SymbolName,
  symbol,
  type Tone,
  table,
  wrap,
} from './terminal.js'
import { longName, type View } from './views.js'

/** The targets in the order of the table. */
const families: readonly (readonly [relation: Relation, consent: Consent])[] = [
  ['child', 'none'],
  ['grandchild', 'none'],
  ['adopted', 'none'],
  ['parent', 'none'],
  ['sibling', 'none'],
  ['orphan', 'none'],
  ['parent', 'tracer'],
  ['sibling', 'tracer'],
  ['sibling', 'ancestor'],
  ['sibling', 'any'],
  ['sibling', 'revoked'],
  ['sibling', 'unrelated'],
  ['orphan', 'any'],
]

/** The same, and those in a user namespace: key in the view, and what the reader sees. */
const targets: readonly (readonly [key: string, label: string])[] = [
  ...families.map(([relation, consent]) => {
    const { label } = relationRows[relation]
    const key = consent === 'none' ? relation : `${relation}+${consent}`
    return [key, label + consentRows[consent].label] as const
  }),
  ...(['child', 'sibling'] as const).map((relation) => {
    return [`owner/${relation}`, `${relationRows[relation].label} in a user namespace`] as const
  }),
]

/** The methods in the order of the columns. */
const columns: readonly Method[] = [
  'attach',
  'seize',
  'traceme',
  'vm-read',
  'pidfd-getfd',
  'proc-mem',
]

const looks: Readonly<Record<Status, { readonly sign: SymbolName; readonly tone: Tone }>> = {
  allowed: { sign: 'allowed', tone: 'green' },
  denied: { sign: 'refused', tone: 'red' },
  unavailable: { sign: 'untried', tone: 'dim' },
  inconclusive: { sign: 'unknown', tone: 'yellow' },
}

type Row = { readonly label: string; readonly key: string; readonly cells: readonly Attempt[] }
type Attempt = Observation | undefined

/** One table: what the tracers of this view got, target by target and method by method. */
export function matrix(view: View, report: Report, style: Style): string[] {
  const rows = targets
    .map(([key, label]): Row => {
      return { key, label, cells: columns.map((method) => view.cells.get(`${key}/${method}`)) }
    })
    .filter(({ cells }) => cells.some((cell) => cell))
  const tried = rows.filter(({ cells }) =>
    cells.some((cell) => cell && cell.status !== 'unavailable'),
  )
  const special = specialAnswers(tried)
  const title = wrap(`What was tried as ${longName(view, report)}`, style)
  const failures = untried(rows.filter((candidate) => !tried.includes(candidate)))
  return [
    ...title.map((line) => paint(line, 'bold', style)),
    ...(tried.length > 0 ? body(tried, special, style) : []),
    ...wrap(legend(tried, special, style), style, '  '),
    ...failures.flatMap((sentence) => wrap(sentence, style, '  ')),
  ]
}

/** The same in one sentence, for a further view that needs no table; null where it needs one. */
export function summary(view: View, report: Report, style: Style): string[] | null {
  const attempts = [...view.cells.values()].filter(({ status }) => status !== 'unavailable')
  const special = attempts.some((attempt) => specialAnswer(attempt) !== null)
  const [status, ...others] = new Set(attempts.map((attempt) => attempt.status))
  if (special || !status || others.length > 0) return null
  const sentence = `As ${longName(view, report)}: all ${attempts.length} attempts were`
  return wrap(`${sentence} ${status === 'denied' ? 'refused' : status}.`, style)
}

function body(rows: readonly Row[], special: readonly string[], style: Style): string[] {
  const methods = columns.filter((_, column) => rows.some(({ cells }) => cells[column]))
  const marked = rows.map(({ label, cells }) => ({
    label,
    marks: methods.map((method) => mark(cells[columns.indexOf(method)], special, style)),
  }))
  const head = ['target', ...methods].map((text): Cell => ({ text, tone: 'dim' }))
  const lines = table(
    [head, ...marked.map(({ label, marks }) => [{ text: label }, ...marks])],
    style,
  )
  if (lines !== null) return lines
  return marked.flatMap(({ label, marks }) => {
    const list = marks.map(({ text }, column) => text && `${text} ${methods[column]}`)
    return wrap(`${label}: ${list.filter(Boolean).join(', ')}`, style, '    ', '  ')
  })
}

/** An answer that the legend has to spell out: an unusual error, or why something was not known. */
function specialAnswer(attempt: Attempt): string | null {
  if (!attempt || attempt.status === 'allowed') return null
  const { status, method, step, syscall, errno, signal } = attempt
  if (status !== 'denied') {
    const failure = [syscall, errno ?? signal].filter(Boolean).join(': ')
    const why = (step && reasons[step]) ?? failure
    return `${statusWords[status]}${why ? ` (${why})` : ''}`
  }
  if (signal) return `killed by ${signal}`
  return errno === methodRows[method].refusal ? null : `refused (${errno ?? 'no error'})`
}

const statusWords = { unavailable: 'not available', inconclusive: 'inconclusive' } as const

/** Why an attempt said nothing, where the error alone would mislead. */
const reasons: Readonly<Partial<Record<Step, string>>> = {
  'not-run': 'not reached',
  traced: 'the target has a tracer already',
  deadline: 'out of time',
  proc: '/proc is missing or of another PID namespace',
}

function specialAnswers(rows: readonly Row[]): string[] {
  const answers = rows.flatMap(({ cells }) => cells.map(specialAnswer))
  return [...new Set(answers.filter((answer) => answer !== null))]
}

function mark(attempt: Attempt, special: readonly string[], style: Style): Cell {
  if (!attempt) return { text: '' }
  const { sign, tone } = looks[attempt.status]
  const answer = specialAnswer(attempt)
  const number = answer === null || special.length === 1 ? '' : special.indexOf(answer) + 1
  return { text: `${symbol(sign, style)}${answer === null ? '' : number || '*'}`, tone }
}

function legend(rows: readonly Row[], special: readonly string[], style: Style): string {
  const attempts = rows.flatMap(({ cells }) => cells).filter((attempt) => attempt !== undefined)
  const usual = attempts
    .filter(({ status }) => status === 'denied')
    .filter((a) => !specialAnswer(a))
  const errors = [
    usual.some(({ method }) => method !== 'proc-mem') && methodRows.attach.refusal,
    usual.some(({ method }) => method === 'proc-mem') &&
      `${methodRows['proc-mem'].refusal} from proc-mem`,
  ].filter(Boolean)
  const notes = special.map((answer) => {
    const example = attempts.find((attempt) => specialAnswer(attempt) === answer)
    return `${mark(example, special, style).text} ${answer}`
  })
  return [
    attempts.some(({ status }) => status === 'allowed') && `${symbol('allowed', style)} allowed`,
    usual.length > 0 && `${symbol('refused', style)} refused (${errors.join(', ')})`,
    ...notes,
    rows.some(({ cells }) => cells.includes(undefined)) && 'blank: not tried',
  ]
    .filter(Boolean)
    .join(', ')
}

/** Rows of which nothing could be tried, one sentence for each reason. */
function untried(rows: readonly Row[]): string[] {
  const sentences = rows.map(({ label, cells }) => {
    const { step, syscall, errno } = cells.find((cell) => cell) ?? {}
    const subject = (step && subjects[step]) ?? `The relation "${label}"`
    const reason = errno ? `: ${syscall ?? 'that'} failed with ${errno}` : ''
    return `${subject} could not be made${reason}.`
  })
  return [...new Set(sentences)]
}

/** What is missing when an attempt ends in that step. */
const subjects: Readonly<Partial<Record<Step, string>>> = {
  consent: 'A target that names its tracer (PR_SET_PTRACER)',
  unshare: 'A target in a user namespace of its own',
  identity: 'A tracer with these credentials',
  subreaper: 'A tracer that adopts orphans',
}
