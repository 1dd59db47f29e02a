import {
  type Consent,
  consentRows,
  consents,
  type Identity,
  type Method,
  methodRows,
  methods,
  type Observation,
  type Relation,
  type Report,
  relationRows,
  relations,
  type Status,
  type Step,
} from '../model/index.js'
import { scenariosFor } from '../probe/index.js'
import {
  type Cell,
  paint,
  type Style,
  type SymbolName,
  symbol,
  type Tone,
  table,
  wrap,
  wrapWhole,
} from './terminal.js'
import { longName, type View } from './views.js'

/** Every target that is tried as that identity, those that named no tracer first. */
function targetsOf(identity: Identity): readonly { relation: Relation; consent: Consent }[] {
  const families = scenariosFor([identity])
  const isTried = (relation: Relation, consent: Consent): boolean =>
    families.some((family) => family.relation === relation && family.consent === consent)
  return relations
    .flatMap((relation) => consents.map((consent) => ({ relation, consent })))
    .filter(({ relation, consent }) => isTried(relation, consent))
    .sort((a, b) => Number(a.consent !== 'none') - Number(b.consent !== 'none'))
}

/** The targets, and those in a user namespace: key in the view, and what the reader sees. */
const targets: readonly (readonly [key: string, label: string])[] = [
  ...targetsOf('unprivileged').map(({ relation, consent }) => {
    const key = consent === 'none' ? relation : `${relation}+${consent}`
    return [key, relationRows[relation].label + consentRows[consent].label] as const
  }),
  ...targetsOf('owner').map(({ relation }) => {
    return [`owner/${relation}`, `${relationRows[relation].label} in a user namespace`] as const
  }),
]

/** The methods in the order of the columns. */
const columns: readonly Method[] = methods.toSorted(
  (a, b) => methodRows[a].column - methodRows[b].column,
)

/** An attempt that was allowed is neither good nor bad by itself, so it has no colour. */
const looks: Readonly<Record<Status, { readonly sign: SymbolName; readonly tone: Tone | null }>> = {
  allowed: { sign: 'allowed', tone: null },
  denied: { sign: 'refused', tone: null },
  unavailable: { sign: 'untried', tone: 'dim' },
  inconclusive: { sign: 'unknown', tone: 'yellow' },
}

type Row = { readonly label: string; readonly key: string; readonly cells: readonly Attempt[] }
type Attempt = Observation | undefined

/** What the tracers of a view got, before it is laid out. */
export interface Tried {
  readonly title: string
  /** A row a target that was tried, with the methods as its head; empty where nothing was. */
  readonly rows: readonly (readonly Cell[])[]
  /** The key of each target in the view, in the order of the rows below the head. */
  readonly keys: readonly string[]
  readonly legend: string
  /** A sentence for each reason why a target could not be made. */
  readonly failures: readonly string[]
}

/** What the tracers of this view got, target by target and method by method. */
export function triedBy(view: View, report: Report, style: Style): Tried {
  const rows = targets
    .map(([key, label]): Row => {
      return { key, label, cells: columns.map((method) => view.cells.get(`${key}/${method}`)) }
    })
    .filter(({ cells }) => cells.some((cell) => cell))
  const tried = rows.filter(({ cells }) =>
    cells.some((cell) => cell && cell.status !== 'unavailable'),
  )
  const special = specialAnswers(tried)
  return {
    title: `What was tried as ${longName(view, report)}`,
    rows: tried.length > 0 ? body(tried, special, style) : [],
    keys: tried.map(({ key }) => key),
    legend: legend(tried, special, style),
    failures: untried(rows.filter((candidate) => !tried.includes(candidate))),
  }
}

/** The same as one table for a terminal. */
export function matrix(view: View, report: Report, style: Style): string[] {
  const { title, rows, legend, failures } = triedBy(view, report, style)
  const lines = rows.length > 0 ? table(rows, style) : []
  return [
    ...wrap(title, style).map((line) => paint(line, 'bold', style)),
    ...(lines ?? listed(rows, style)),
    ...wrap(lines === null ? legend.replace(`, ${blank}`, '') : legend, style, '  '),
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

function body(rows: readonly Row[], special: readonly string[], style: Style): Cell[][] {
  const methods = columns.filter((_, column) => rows.some(({ cells }) => cells[column]))
  return [
    ['target', ...methods].map((text): Cell => ({ text, tone: 'dim' })),
    ...rows.map(({ label, cells }) => [
      { text: label },
      ...methods.map((method) => mark(cells[columns.indexOf(method)], special, style)),
    ]),
  ]
}

/** A list a row, where the terminal is too narrow for a table: no mark is torn from its method. */
function listed(rows: readonly (readonly Cell[])[], style: Style): string[] {
  const [[, ...names] = [], ...targets] = rows
  return targets.flatMap(([target, ...marks]) => {
    const tried = marks.flatMap(({ text }, column) =>
      text === '' ? [] : [`${text} ${names[column]?.text}`],
    )
    const words = tried.map((each, index) => (index < tried.length - 1 ? `${each},` : each))
    return wrapWhole([`${target?.text}:`, ...words], style, '    ', '  ')
  })
}

const blank = 'blank: not tried'

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
  control: 'something else than the kernel answers ptrace',
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
    rows.some(({ cells }) => cells.includes(undefined)) && blank,
  ]
    .filter(Boolean)
    .join(', ')
}

/** Rows where nothing could be tried, one sentence for each reason. */
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
  subreaper: 'A family whose orphans are adopted (PR_SET_CHILD_SUBREAPER)',
}
