import { type Cause, type CheckAnswer, tracerWords, type Verdict } from '../model/index.js'
import { remedy } from './remedies.js'
import { paint, type Style, wrap } from './terminal.js'
import { seen, sentence } from './verdicts.js'

/** What `check` found out about one process. */
export interface Checked {
  /** The verdict that was asked for; the exit status is by it. */
  readonly verdict: CheckAnswer
  /** The verdicts on the other tracers. */
  readonly others: readonly Verdict[]
  /** Sentences about those that could not be had. */
  readonly failures: readonly string[]
}

/** The verdicts for a reader at a terminal. */
export function render(checked: readonly Checked[], style: Style): string {
  const advised = new Map<string, number>()
  return checked.map((each) => `${block(each, advised, style).join('\n')}\n`).join('\n')
}

/** One process: each answer once, followed by the other tracers that get the same one. */
function block(checked: Checked, advised: Map<string, number>, style: Style): string[] {
  const { verdict, others, failures } = checked
  const all = [verdict, ...others]
  const firsts = all.filter((each, index) => {
    return all.findIndex((other) => answer(other) === answer(each)) === index
  })
  return [
    ...firsts.flatMap((first) => {
      const same = all.filter((each) => each !== first && answer(each) === answer(first))
      return tracers(first, same, advised, style)
    }),
    ...failures.flatMap((failure) => wrap(failure, style)),
  ]
}

/** What makes two verdicts the same answer. */
function answer({ verdict, cause, causes }: CheckAnswer): string {
  return [verdict, cause, ...causes.map(({ id }) => id)].join()
}

function tracers(
  verdict: CheckAnswer,
  same: readonly CheckAnswer[],
  advised: Map<string, number>,
  style: Style,
): string[] {
  const headline = wrap(sentence(verdict.message), style)
  const names = same.map(({ tracer, pid }) =>
    tracer === 'child' ? `${tracerWords(tracer)}, such as gdb -p ${pid}` : tracerWords(tracer),
  )
  return [
    ...headline.map((line) =>
      paint(line, verdict.verdict === 'undetermined' ? 'yellow' : 'bold', style),
    ),
    ...(names.length === 0 ? [] : wrap(`The same holds for ${names.join(', and for ')}.`, style)),
    ...(style.detail === 'quiet'
      ? []
      : [...reasons(verdict, style), ...advice(verdict, advised, style)]),
  ]
}

/** Every cause with its certainty and what was seen of it, then what the oracles said. */
function reasons({ causes, certainty, evidence, message }: CheckAnswer, style: Style): string[] {
  const said = message.toLowerCase()
  const found = causes.flatMap((cause) =>
    reason(cause, said.includes(cause.message.toLowerCase()), style),
  )
  const asked = seen(evidence, style)
  const isAnswer = causes.length === 0 && certainty === 'proved'
  const way = isAnswer ? 'Proved by asking' : 'Asked'
  const lines = asked === '' ? [] : wrap(sentence(`${way}: ${asked}`), style, '    ', '  ')
  return [...found, ...lines.map((line) => paint(line, 'dim', style))]
}

function reason({ id, certainty, message, evidence }: Cause, isSaid: boolean, style: Style) {
  const name = `${id} (${certainty})`
  const [first = '', ...rest] = wrap(
    isSaid ? name : `${name}: ${sentence(message)}`,
    style,
    '    ',
    '  ',
  )
  const facts = seen(evidence, style)
  const lines = facts === '' ? [] : wrap(`seen: ${facts}`, style, '      ', '    ')
  return [
    `  ${paint(id, 'bold', style)}${first.slice(id.length + 2)}`,
    ...rest,
    ...lines.map((line) => paint(line, 'dim', style)),
  ]
}

/** The remedies, or where the same ones stand already. */
function advice(verdict: CheckAnswer, advised: Map<string, number>, style: Style): string[] {
  const { pid, remedies } = verdict
  if (pid === null || remedies.length === 0) return []
  const key = JSON.stringify(remedies)
  const heading = verdict.causes.length === 0 ? 'What would tell more' : 'What would change it'
  const before = advised.get(key)
  if (before !== undefined) {
    const where = before === pid ? 'as above' : `as for ${before}`
    return wrap(`${heading}: ${where}.`, style, '  ')
  }
  advised.set(key, pid)
  return [
    ...wrap(`${heading}, least privilege first:`, style, '    ', '  '),
    ...remedies.flatMap((each) => remedy(each, style, '    ')),
  ]
}
