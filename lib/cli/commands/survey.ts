import { rendererFor } from '../../format/index.js'
import { surveyBy, surveyByStranger } from '../begun-survey.js'
import type { Command } from '../context.js'
import { exitCodes } from '../exits.js'

/**
 * `ptrace-probe survey`: the verdicts on all processes of the machine, written as they come. The
 * default tracer is a stranger, because the question is what a hijacked process could do.
 */
export const survey: Command = async (commandLine, context) => {
  const { users, tracer, method, format, timeout } = commandLine
  const [user] = users
  const how = { ...(method === undefined ? {} : { method }), ...timeout }
  const named = user === undefined ? tracer : (`user:${user}` as const)
  const { verdicts, asked } = await (named === undefined
    ? surveyByStranger(how, context)
    : surveyBy(named, how, context))
  const render = await rendererFor('survey', format)
  for await (const text of render(verdicts, asked, context.style)) {
    if (!(await context.print(text))) break
  }
  return exitCodes.measured
}
