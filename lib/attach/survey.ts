import { processIds } from '../machine/index.js'
import type { Verdict } from '../model/index.js'
import { type Answer, decide, verdictIn } from './decide.js'
import type { AttachOptions } from './options.js'
import { type Question, questionOf } from './question.js'
import { run } from './steps.js'

/**
 * The verdicts of one survey, one by one or all at once. Every way to read it gives the same
 * verdicts: what was found is kept, and nothing is asked a second time. The first reading starts it.
 */
export interface Survey
  extends AsyncIterable<Verdict>,
    Pick<Promise<Verdict[]>, 'then' | 'catch' | 'finally'> {}

/** Processes examined in one fork of Node, which takes as long as hundreds of them. */
const batchSize = 2048

/**
 * Whether a tracer may attach to each process that /proc shows, without touching any of them (see
 * {@link canAttach}). Processes that end in the meantime are left out.
 *
 * @param options - see {@link AttachOptions}; the default tracer is `'stranger'`, as that of the
 *   command: what could a hijacked process do?
 * @returns an async iterable that streams, and a promise for the whole list
 * @throws as {@link canAttach}, and `ERR_PTRACE_PROBE_ENGINE` where /proc does not show this process
 *
 * @example
 * ```js
 * import { survey } from 'ptrace-probe'
 *
 * for await (const { pid, verdict } of survey({ tracer: 'child' })) console.log(pid, verdict)
 * ```
 */
export function survey(options?: AttachOptions): Survey {
  const found = new Shared(surveyed(options))
  return {
    [Symbol.asyncIterator]: () => found.each(),
    // biome-ignore lint/suspicious/noThenProperty: a survey can be awaited as a whole
    then: (resolve, reject) => found.all().then(resolve, reject),
    catch: (reject) => found.all().catch(reject),
    finally: (settled) => found.all().finally(settled),
  }
}

/**
 * The verdicts of a survey, each once: none is kept. Mistakes in the options are thrown at once.
 *
 * @internal
 */
export function surveyed(options?: AttachOptions): AsyncGenerator<Verdict> {
  return verdicts(questionOf(options, 'stranger'))
}

/** While the verdicts of one batch are made and read, the next one is examined. */
async function* verdicts(question: Question): AsyncGenerator<Verdict> {
  const pids = processIds(question.ownPid)
  const ask = (start: number): Promise<readonly Answer[]> => {
    const answers = run(decide(pids.slice(start, start + batchSize), [question]))
    // Its error is thrown where it is awaited, which may be later.
    answers.catch(() => {})
    return answers
  }
  let next = ask(0)
  try {
    for (let start = 0; start < pids.length; start += batchSize) {
      const answers = await next
      if (start + batchSize < pids.length) next = ask(start + batchSize)
      for (const answer of answers) {
        const verdict = verdictIn(answer)
        question.signal?.throwIfAborted()
        if (verdict.cause !== 'no-such-process') yield verdict
      }
    }
  } finally {
    // One that is not read to its end leaves no process behind either.
    await next.catch(() => {})
  }
}

/** Items that are produced once, in turn, for several readers. */
class Shared<T> {
  readonly #source: AsyncIterator<T>
  readonly #items: T[] = []
  /** Whether there is one more. The last answer stays: the end, or the error for every reader. */
  #next: Promise<boolean> | null = null

  constructor(source: AsyncIterator<T>) {
    this.#source = source
  }

  async *each(): AsyncGenerator<T> {
    for (let i = 0; i < this.#items.length || (await this.#more()); ) {
      for (const item of this.#items.slice(i)) {
        i += 1
        yield item
      }
    }
  }

  async all(): Promise<T[]> {
    while (await this.#more());
    return [...this.#items]
  }

  #more(): Promise<boolean> {
    this.#next ??= this.#source.next().then(({ done, value }) => {
      if (done === true) return false
      this.#items.push(value)
      this.#next = null
      return true
    })
    return this.#next
  }
}
