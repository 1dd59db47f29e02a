import type { Asked } from '../format/index.js'
import { type TracerName, userOf, type Verdict } from '../model/index.js'
import type { Context, SurveyOptions } from './context.js'

/** A survey whose first verdict is there. */
export interface BegunSurvey {
  readonly verdicts: AsyncIterable<Verdict>
  readonly asked: Asked
}

/** What the options of a command line say about a survey. */
export type How = Omit<SurveyOptions, 'tracer'>

/** The survey of that tracer; rejects where its first verdict cannot be had. */
export async function surveyBy(
  tracer: TracerName,
  how: How,
  context: Context,
): Promise<BegunSurvey> {
  const source = context.survey({ tracer, ...how })[Symbol.asyncIterator]()
  const first = await source.next()
  return {
    verdicts: resumed(first, source),
    asked: {
      tracer,
      // That of another process is not looked up.
      uid: tracer.startsWith('pid:') ? null : await context.uidOf(userOf(tracer)),
      pid: context.pid,
    },
  }
}

/** The survey of a stranger: what could a hijacked process of this user do? */
export async function surveyByStranger(how: How, context: Context): Promise<BegunSurvey> {
  try {
    return await surveyBy('stranger', how, context)
  } catch (error) {
    // PID 1 of a container cannot make a stranger, because it adopts every orphan. This explains only
    // a failure before the first verdict: a later one is reported as what it is.
    const failed =
      error instanceof Error && 'code' in error && error.code === 'ERR_PTRACE_PROBE_NO_STRANGER'
    if (!failed) throw error
    context.warn(`ptrace-probe: ${error.message}; this is the survey of --tracer child\n`)
    return surveyBy('child', how, context)
  }
}

async function* resumed(
  first: IteratorResult<Verdict>,
  source: AsyncIterator<Verdict>,
): AsyncGenerator<Verdict> {
  try {
    for (let next = first; next.done !== true; next = await source.next()) yield next.value
  } finally {
    await source.return?.()
  }
}
