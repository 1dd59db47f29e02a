import type {
  Assertion,
  Policy,
  Report,
  SettingsReport,
  ToolsReport,
  Verdict,
} from '../model/index.js'
import type { Checked } from './check.js'

/** The report as JSON, as `schema/report.json` or `schema/tools.json` describes it. */
export function render(report: Report | ToolsReport): string {
  return `${JSON.stringify(report, null, 2)}\n`
}

/** The verdicts as `schema/verdict.json` describes them: an array where there may be several. */
export function renderChecked(checked: readonly Checked[], many: boolean): string {
  const verdicts = checked.map(({ verdict }) => verdict)
  return `${JSON.stringify(many ? verdicts : verdicts[0], null, 2)}\n`
}

/** One verdict a line (NDJSON). */
export async function* renderSurvey(verdicts: AsyncIterable<Verdict>): AsyncIterable<string> {
  for await (const verdict of verdicts) yield `${JSON.stringify(verdict)}\n`
}

/** The answer to an assertion, as `schema/assert.json` describes it. */
export function renderAssertion(assertion: Assertion): string {
  return `${JSON.stringify(assertion, null, 2)}\n`
}

/** The policies, as an array of what `schema/policy.json` describes. */
export function renderPolicies(policies: readonly Policy[]): string {
  return `${JSON.stringify(policies, null, 2)}\n`
}

/** What is configured, as `schema/settings.json` describes it. */
export function renderSettings(report: SettingsReport): string {
  return `${JSON.stringify(report, null, 2)}\n`
}
