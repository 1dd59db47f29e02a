import type { Report } from '../types.js'

/** The report as JSON, as `schema/report.json` describes it. */
export function render(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`
}
