import { processIds } from '../machine/index.js'
import type { Verdict } from '../model/index.js'
import { decide, verdictIn } from './can-attach.js'
import type { AttachOptions } from './options.js'
import { type Question, questionOf } from './question.js'
import { run } from './steps.js'

/** Verdicts that can be had one by one, or all at once. */
export type Survey = AsyncIterable<Verdict> & PromiseLike<Verdict[]>

/** Processes examined in one fork: enough to keep forks rare, few enough to keep memory flat. */
const batchSize = 256

/**
 * Whether a tracer may attach to each process that /proc shows, without touching any of them (see
 * {@link canAttach}). Processes that end in the meantime are left out.
 *
 * @param options - see {@link AttachOptions}
 * @returns an async iterable that streams, and a promise for the whole list
 * @throws as {@link canAttach}
 *
 * @example
 * ```js
 * import { survey } from 'ptrace-probe'
 *
 * for await (const { pid, verdict } of survey({ tracer: 'child' })) console.log(pid, verdict)
 * ```
 */
export function survey(options?: AttachOptions): Survey {
  const question = questionOf(options)
  return {
    [Symbol.asyncIterator]: () => verdicts(question),
    // biome-ignore lint/suspicious/noThenProperty: a survey can be awaited as a whole
    then: (resolve, reject) => collect(verdicts(question)).then(resolve, reject),
  }
}

async function collect(source: AsyncIterable<Verdict>): Promise<Verdict[]> {
  const all: Verdict[] = []
  for await (const verdict of source) all.push(verdict)
  return all
}

async function* verdicts(question: Question): AsyncGenerator<Verdict> {
  const pids = processIds()
  for (let i = 0; i < pids.length; i += batchSize) {
    for (const answer of await run(decide(pids.slice(i, i + batchSize), [question]))) {
      const verdict = verdictIn(answer)
      if (verdict.cause !== 'no-such-process') yield verdict
    }
  }
}
