import type {
  Assertion,
  Policy,
  Report,
  SettingsReport,
  ToolsReport,
  Verdict,
} from '../model/index.js'
import { type Checked, render as renderVerdicts } from './check.js'
import type { Asked } from './survey.js'
import type { Style } from './terminal.js'

/** Turns a report into what is written to standard output, the last newline included. */
export type Render = (report: Report, style: Style) => string

/** The same for what `check` found; `many` when one answer more would not have been a surprise. */
export type RenderChecked = (checked: readonly Checked[], many: boolean, style: Style) => string

/** The same for a survey, piece by piece, for it need not fit into memory. */
export type RenderSurvey = (
  verdicts: AsyncIterable<Verdict>,
  asked: Asked,
  style: Style,
) => AsyncIterable<string>

/** The same for an assertion. */
export interface RenderAssertion {
  readonly assertion: (assertion: Assertion, style: Style) => string
  readonly list: (policies: readonly Policy[], style: Style) => string
}

/** The same for the tools. */
export type RenderTools = (report: ToolsReport, style: Style) => string

/** The same for what `settings` found. */
export type RenderSettings = (report: SettingsReport, style: Style) => string

/**
 * One entry a format. Each is loaded when it is asked for, so that none slows another down; the text
 * of `check` goes with its command.
 */
type Formats<T> = Readonly<Record<string, () => Promise<T>>>

/** The formats of the report by name. A new one is one file and one line here. */
export const formats: Formats<Render> = {
  text: async () => (await import('./report.js')).render,
  json: async () => (await import('./json.js')).render,
}

/** The formats of `check`. */
export const verdictFormats: Formats<RenderChecked> = {
  text: async () => renderVerdicts,
  json: async () => (await import('./json.js')).renderChecked,
}

/** The formats of `survey`. */
export const surveyFormats: Formats<RenderSurvey> = {
  text: async () => (await import('./survey.js')).render,
  json: async () => (await import('./json.js')).renderSurvey,
}

/** The formats of `assert`. */
export const assertionFormats: Formats<RenderAssertion> = {
  text: async () => {
    const { assertion, policyList } = await import('./assert.js')
    return { assertion, list: policyList }
  },
  json: async () => {
    const { renderAssertion, renderPolicies } = await import('./json.js')
    return { assertion: renderAssertion, list: renderPolicies }
  },
}

/** The formats of `tools`. */
export const toolFormats: Formats<RenderTools> = {
  text: async () => (await import('./tools.js')).render,
  json: async () => (await import('./json.js')).render,
}

/** The formats of `settings`. */
export const settingsFormats: Formats<RenderSettings> = {
  text: async () => (await import('./settings.js')).render,
  json: async () => (await import('./json.js')).renderSettings,
}
