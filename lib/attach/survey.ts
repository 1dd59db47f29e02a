import type { Examination } from '../engine/engine.js'
import { processIds } from '../machine/facts.js'
import type { AttachOptions } from '../model/arguments.js'
import { PtraceProbeError } from '../model/errors.js'
import type { Verdict } from '../model/index.js'
import { verdictOf } from './can-attach.js'
import { calibrate, type TracerCalibration } from './controls.js'
import { examined, type Inquiry, inquire, requestFor } from './question.js'

/** Verdicts that can be had one by one, or all at once. */
export type Survey = AsyncIterable<Verdict> & PromiseLike<Verdict[]>

/** So many processes are examined at a time: memory stays flat, and forks are few. */
const batchSize = 256

/**
 * Whether a tracer may attach to each process that /proc shows, without touching any of them (see
 * {@link canAttach}). Processes that end in the meantime are left out.
 *
 * @param options - see {@link AttachOptions}
 * @returns an async iterable that streams, and a promise for the whole list
 * @throws as {@link canAttach}
 */
export function survey(options?: AttachOptions): Survey {
  const inquiry = inquire(options)
  return {
    [Symbol.asyncIterator]: () => verdicts(inquiry),
    // biome-ignore lint/suspicious/noThenProperty: a survey can be awaited as a whole
    then: (resolve, reject) => collect(verdicts(inquiry)).then(resolve, reject),
  }
}

async function collect(source: AsyncIterable<Verdict>): Promise<Verdict[]> {
  const all: Verdict[] = []
  for await (const verdict of source) all.push(verdict)
  return all
}

async function* verdicts(inquiry: Inquiry): AsyncGenerator<Verdict> {
  const calibration = await calibrate(inquiry.engine)
  const pids = processIds()
  for (let i = 0; i < pids.length; i += batchSize) {
    for (const examination of await examine(inquiry, calibration, pids.slice(i, i + batchSize))) {
      const verdict = verdictOf(examination, inquiry, calibration)
      if (verdict.cause !== 'no-such-process') yield verdict
    }
  }
}

async function examine(
  inquiry: Inquiry,
  calibration: TracerCalibration,
  pids: readonly number[],
): Promise<readonly Examination[]> {
  const { engine, examiner } = inquiry
  if (examiner === 'self') return pids.map((pid) => engine.examine(pid, calibration.oracles))
  const request = requestFor([examiner], inquiry, calibration.oracles, pids)
  const [answer] = await engine.examineAsAsync(request)
  const found = examined(answer)
  // A list that leaves processes out unsaid would be taken for the whole.
  if (found.length === pids.length) return found
  throw new PtraceProbeError('The survey was not finished in time', 'ERR_PTRACE_PROBE_ENGINE')
}
