import type { TracerOption } from '../../attach/index.js'
import { rendererFor } from '../../format/index.js'
import type { CommandLine } from '../command-line.js'
import type { Command, Context } from '../context.js'
import { exitCodes } from '../exits.js'

/**
 * `ptrace-probe survey`: the verdicts on all processes of the machine, written as they come. The
 * default tracer is a stranger, because the question is what a hijacked process could do.
 */
export const survey: Command = async (commandLine, context) => {
  const { users, tracer } = commandLine
  const [user] = users
  if (user !== undefined) return surveyAs({ user }, commandLine, context)
  if (tracer !== undefined) return surveyAs(tracer, commandLine, context)
  let begun = false
  const print: Context['print'] = (text) => {
    begun = true
    return context.print(text)
  }
  try {
    return await surveyAs('stranger', commandLine, { ...context, print })
  } catch (error) {
    // PID 1 of a container cannot make a stranger, because it adopts every orphan. This explains only
    // a failure before the first verdict: a later one is reported as what it is.
    const failed =
      error instanceof Error && 'code' in error && error.code === 'ERR_PTRACE_PROBE_ENGINE'
    if (begun || !failed) throw error
    context.warn(`ptrace-probe: ${error.message}; this is the survey of --tracer child\n`)
    return surveyAs('child', commandLine, context)
  }
}

async function surveyAs(
  tracer: TracerOption,
  { format, timeout }: CommandLine,
  context: Context,
): Promise<number> {
  const user = typeof tracer === 'string' ? null : tracer.user
  const verdicts = context.survey({ tracer, ...timeout })
  const asked = {
    tracer: typeof tracer === 'string' ? tracer : (`user:${tracer.user}` as const),
    uid: await context.uidOf(user),
    pid: context.pid,
  }
  const render = await rendererFor('survey', format)
  for await (const text of render(verdicts, asked, context.style)) {
    if (!(await context.print(text))) break
  }
  return exitCodes.measured
}
