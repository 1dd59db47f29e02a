import {
  type Assertion,
  type Evaluation,
  type Expectation,
  listScopes,
  type Policy,
} from '../model/index.js'
import { remedy } from './remedies.js'
import {
  answered,
  type Cell,
  joined,
  paint,
  plain,
  type Style,
  type SymbolName,
  symbol,
  type Tone,
  table,
  wrap,
} from './terminal.js'

/** The answer for a reader at a terminal: the verdict, then each policy, then what would help. */
export function assertion(answer: Assertion, style: Style): string {
  const verdict = wrap(headline(answer), style).map((line) =>
    paint(line, toneOf(answer.met), style),
  )
  const { detail } = style
  if (detail === 'quiet') return joined([verdict])
  const { evaluations, scope } = answer
  const isLong = evaluations.length > mostInFull && detail !== 'verbose'
  return answered(
    [
      verdict,
      ...(isLong
        ? [summary(evaluations, style), counts(evaluations, style)]
        : [...evaluations.map((each) => evaluation(each, scope, style)), others(answer, style)]),
      advice(answer, style),
    ],
    style,
  )
}

/** More policies than these are a row each; `--verbose` prints them in full. */
const mostInFull = 3

/** A policy a row: whether it is met, what it accepts, and what is not as it wants. */
function summary(evaluations: readonly Evaluation[], style: Style): string[] {
  const titles = ['', 'policy', 'scope', 'not as expected']
  const rows = evaluations.map(({ policy, met, expectations }): Cell[] => {
    const wrong = expectations.filter((each) => each.met !== true)
    return [
      { text: symbol(signs[String(met)] ?? 'unknown', style), tone: toneOf(met) },
      { text: plain(policy.id, style) },
      { text: policy.scope === null ? 'any' : listScopes(policy.scope) },
      { text: plain(wrong.map(({ subject }) => shortOf(subject)).join(', '), style) },
    ]
  })
  const lines = table([titles.map((text): Cell => ({ text, tone: 'dim' })), ...rows], style)
  if (lines !== null) return lines
  return rows.flatMap(([sign, id, scope, wrong]) => {
    const why = wrong?.text === '' ? '' : `; not as expected: ${wrong?.text}`
    return wrap(`${sign?.text} ${id?.text}: scope ${scope?.text}${why}`, style, '    ', '  ')
  })
}

/** An ordinary process is what nearly every policy is about, and needs no name. */
function shortOf(subject: string): string {
  return subject.replace(/^unprivileged\//, '')
}

function headline({ message, certainty }: Assertion): string {
  return certainty === 'inferred' ? `${message} Inferred from what was tried.` : message
}

const tones: Readonly<Record<string, Tone>> = { true: 'green', false: 'red', null: 'yellow' }
const signs: Readonly<Record<string, SymbolName>> = {
  true: 'allowed',
  false: 'refused',
  null: 'unknown',
}

function toneOf(met: boolean | null): Tone | null {
  return tones[String(met)] ?? null
}

function evaluation(each: Evaluation, scope: Assertion['scope'], style: Style): string[] {
  const { policy, expectations, disagreement } = each
  return [
    ...title(policy, style),
    ...expectationTable(expectations, scope, style),
    ...(disagreement === null ? [] : wrap(disagreement, style, '  ')),
  ]
}

function title({ id, title, source, date, origin }: Policy, style: Style): string[] {
  const dated = date === null ? title : `${title} (${date})`
  const [first = '', ...rest] = wrap(dated === id ? id : `${id}: ${dated}`, style, '  ', '')
  const name = plain(id, style)
  return [
    paint(name, 'bold', style) + first.slice(name.length),
    ...rest,
    ...(source === null ? [] : [paint(`  ${plain(source, style)}`, 'dim', style)]),
    ...(origin.startsWith('file:')
      ? [paint(`  from the file ${plain(origin.slice('file:'.length), style)}`, 'dim', style)]
      : []),
  ]
}

const head: readonly Cell[] = ['', 'asked for', 'expected', 'found', 'by'].map((text) => {
  return { text, tone: 'dim' }
})

/** A line an expectation: what was expected, what was observed, and which attempt said so. */
function expectationTable(
  expectations: readonly Expectation[],
  scope: Assertion['scope'],
  style: Style,
): string[] {
  const rows = expectations.map(({ subject, expected, observed, met, evidence }): Cell[] => {
    const withoutYama = subject.endsWith('scope') && scope.enforced.name === 'no-yama'
    return [
      { text: symbol(signs[String(met)] ?? 'unknown', style), tone: toneOf(met) },
      { text: plain(subject, style) },
      { text: expected },
      {
        text: withoutYama && observed !== 'unknown' ? `as ${observed}, no Yama` : observed,
      },
      { text: subject.endsWith('scope') ? '' : plain(evidence.join(', '), style) },
    ]
  })
  const lines = table([head, ...rows], style)
  if (lines !== null) return lines
  return rows.flatMap(([sign, subject, expected, found]) => {
    const line = `${sign?.text} ${subject?.text}: expected ${expected?.text}, found ${found?.text}`
    return wrap(line, style, '    ', '  ')
  })
}

/** Where auditors contradict one another, and how many each value would satisfy. */
function others({ evaluations }: Assertion, style: Style): string[] {
  // Who asks on the command line for a value of his own knows that others want another one.
  const clashes = evaluations.filter(({ policy, contradicts }) => {
    return policy.id !== 'command-line' && contradicts.length > 0
  })
  if (clashes.length === 0) return []
  const sentences = clashes.map(({ policy, contradicts }) => {
    const names = contradicts.map(({ id, scope }) => `${id} (${listScopes(scope)})`)
    return `No scope that ${policy.id} accepts is accepted by ${names.join(', ')}.`
  })
  return [
    paint('Auditors contradict one another', 'bold', style),
    ...sentences.flatMap((sentence) => wrap(sentence, style, '  ')),
    ...counts(clashes, style),
  ]
}

/** How many of the known policies each value would satisfy. */
function counts([first]: readonly Evaluation[], style: Style): string[] {
  const acceptedBy = first?.acceptedBy ?? []
  const total = new Set(acceptedBy.flatMap(({ policies }) => policies)).size
  const parts = acceptedBy
    .toSorted((a, b) => b.policies.length - a.policies.length)
    .map(({ value, policies }) => `scope ${value} by ${policies.length}`)
  return wrap(`Of the ${total} policies known here, ${sentence(parts)}.`, style, '  ')
}

function sentence(counts: readonly string[]): string {
  const [first = '', ...rest] = counts
  return [first.replace(' by ', ' is accepted by '), ...rest].join(', ')
}

function advice({ remedies, met }: Assertion, style: Style): string[] {
  if (remedies.length === 0) return []
  const what = met === null ? 'What would make it measurable' : 'What would change it'
  return [
    ...wrap(`${what}, least privilege first:`, style),
    ...remedies.flatMap((each) => remedy(each, style, '  ')),
  ]
}

/** The policies, one below the other. */
export function policyList(policies: readonly Policy[], style: Style): string {
  const blocks = policies.map((policy) => [
    ...title(policy, style),
    ...wrap(expected(policy), style, '  '),
  ])
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function expected({ scope, relations }: Policy): string {
  return [...(scope === null ? [] : [`scope ${listScopes(scope)}`]), ...relations].join(', ')
}
