import type { Had, Surroundings } from '../format/index.js'
import type { Report } from '../model/index.js'
import { judgePolicy, policies } from '../policy/index.js'
import { surveyByStranger } from './begun-survey.js'
import type { Context } from './context.js'

/**
 * What stands around a report. Each part that cannot be had is replaced by a sentence, because the rest
 * is worth reading without it.
 */
export async function surroundings(
  report: Report,
  timeout: { readonly timeoutMs?: number },
  context: Context,
): Promise<Surroundings> {
  return {
    settings: await had(context.settings({}), 'What is configured could not be read'),
    evaluations: policies.map((policy) => judgePolicy(report, policy)),
    survey: report.kernelLog.quiet
      ? { failure: unasked }
      : await had(surveyByStranger(timeout, context), 'The processes could not be asked about'),
  }
}

const unasked =
  "The processes were not asked about: each refusal would leave a line in the kernel's log."

async function had<T>(promise: Promise<T>, failed: string): Promise<Had<T>> {
  try {
    return { answer: await promise }
  } catch (error) {
    return { failure: `${failed}: ${error instanceof Error ? error.message : String(error)}.` }
  }
}
