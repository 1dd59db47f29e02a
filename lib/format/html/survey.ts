import { tracerWords, type Verdict } from '../../model/index.js'
import { type Asked, openingSentence } from '../survey.js'
import { document } from './document.js'
import { processes, summed } from './processes.js'

/** The survey on one page for a browser. */
export async function* page(verdicts: AsyncIterable<Verdict>, asked: Asked): AsyncIterable<string> {
  const sum = await summed(verdicts, asked)
  const { open, refused, unknown, total } = sum.tally
  const all = (groups: ReadonlyMap<string, { readonly count: number }>): string =>
    String([...groups.values()].reduce((counted, { count }) => counted + count, 0))
  const found = open.same.count + open.others.count
  yield document({
    title: `ptrace on this machine: ${found} of ${total} processes open`,
    origin: `ptrace-probe survey: which processes ${tracerWords(asked.tracer)} may attach to`,
    verdict: openingSentence(sum.tally, asked),
    tone: found > 0 ? 'warn' : unknown.size > 0 ? 'plain' : 'good',
    caveats: [],
    facts: [
      {
        name: 'Open',
        value: String(found),
        about: `${open.same.count} of ${asked.uid === null ? 'the same user' : `uid ${asked.uid}`}, ${open.others.count} of other users`,
      },
      { name: 'Refused', value: all(refused), about: 'by a rule that is seen, or known' },
      { name: 'Not known', value: all(unknown), about: 'no question could be asked' },
    ],
    sections: [
      { id: 'processes', title: 'By verdict, rule and user', body: processes(sum, asked) },
    ],
    footer: ['No process was attached to, stopped or touched: the kernel was asked.'],
  })
}
