import { rendererFor } from '../../format/index.js'
import type { ProfileName, Report } from '../../model/index.js'
import { identitiesFor } from '../../probe/index.js'
import { again } from '../again.js'
import type { CommandLine } from '../command-line.js'
import type { Command, Context } from '../context.js'
import { exitCodes } from '../exits.js'
import { isMeasured } from '../measured.js'
import type { WatchedAnswer } from '../watch.js'

/** `ptrace-probe`: measures and prints the report. */
export const report: Command = async (commandLine, context) => {
  const { format } = commandLine
  const ask = (format: string) => answer({ ...commandLine, format }, context)
  if (commandLine.watch) return (await import('../watch.js')).watch([], format, ask, context)
  const { code, text } = await ask(format)
  await context.print(await text(context.style))
  return code
}

async function answer(
  { timeout, kernel, users, format, profile }: CommandLine,
  context: Context,
): Promise<WatchedAnswer> {
  // The format is loaded while the measurement runs.
  const [report, render] = await Promise.all([
    context.probe({ ...timeout, ...kernel, ...identitiesFor(users) }),
    rendererFor('report', format),
  ])
  const around = async () =>
    (await import('../surroundings.js')).surroundings(report, timeout, context)
  return {
    code: isMeasured(report) ? exitCodes.measured : exitCodes.notMeasured,
    text: async (style) =>
      render(named(await advised(report, profile), context.argv), style, around),
  }
}

/** The report with what is advised for that kind of machine. */
async function advised(report: Report, profile: ProfileName | undefined): Promise<Report> {
  if (profile === undefined) return report
  const { adviceFor } = await import('../../policy/index.js')
  return { ...report, profile: adviceFor(report, profile) }
}

/** The report with remedies that name this command line. */
function named(report: Report, argv: readonly string[]): Report {
  const findings = report.findings.map((finding) => {
    return { ...finding, remedies: again(finding.remedies, argv) }
  })
  return { ...report, findings }
}
