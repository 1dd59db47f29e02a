import {
  type Assertion,
  invalidArgument,
  type Policy,
  type Report,
  type SettingsReport,
  type ToolsReport,
  type Verdict,
} from '../model/index.js'
import { type Checked, render as renderChecked } from './check.js'
import type { Asked } from './survey.js'
import type { Style } from './terminal.js'

/** Turns an answer into what is written, the last newline included. */
type Render<T> = (answer: T, style: Style) => string

/** The function that a format needs for each answer. */
export interface Renderers {
  readonly report: Render<Report>
  readonly check: Render<readonly Checked[]>
  /** Piece by piece, because a survey may be larger than memory. */
  readonly survey: (
    verdicts: AsyncIterable<Verdict>,
    asked: Asked,
    style: Style,
  ) => AsyncIterable<string>
  readonly settings: Render<SettingsReport>
  readonly assert: Render<Assertion>
  readonly policies: Render<readonly Policy[]>
  readonly tools: Render<ToolsReport>
}

/** What can be printed: the answer of a command, or the list of policies. */
export type AnswerName = keyof Renderers

/** How to load the functions of one format; an answer without one cannot be printed in it. */
export type FormatRow = { readonly [Name in AnswerName]?: () => Promise<Renderers[Name]> }

const asJson = async () => (await import('./json.js')).json
const asJsonLines = async () => (await import('./json.js')).jsonLines

/**
 * THE table of formats: a row a format, and in it an entry for each answer that it can print. An entry
 * loads its code when it is used, so that no format slows another down. Only the text of `check` is
 * loaded at once, because it is what that command prints when nothing else is asked for.
 */
export const formats: Readonly<Record<string, FormatRow>> = {
  text: {
    report: async () => (await import('./report.js')).render,
    check: async () => renderChecked,
    survey: async () => (await import('./survey.js')).render,
    settings: async () => (await import('./settings.js')).render,
    assert: async () => (await import('./assert.js')).assertion,
    policies: async () => (await import('./assert.js')).policyList,
    tools: async () => (await import('./tools.js')).render,
  },
  json: {
    report: asJson,
    check: async () => {
      const { json } = await import('./json.js')
      return (checked) => json(checked.map(({ verdict }) => verdict))
    },
    survey: asJsonLines,
    settings: asJson,
    assert: asJson,
    policies: asJson,
    tools: asJson,
  },
  ndjson: {
    check: async () => {
      const { jsonLine } = await import('./json.js')
      return (checked) => checked.map(({ verdict }) => jsonLine(verdict)).join('')
    },
    survey: asJsonLines,
  },
}

/** The names of the formats in which that can be printed. */
export function formatsOf(answer: AnswerName): readonly string[] {
  return Object.keys(formats).filter((format) => formats[format]?.[answer] !== undefined)
}

/** The function that prints an answer in a format. */
export async function rendererFor<Name extends AnswerName>(
  answer: Name,
  format: string,
): Promise<Renderers[Name]> {
  const row: FormatRow = formats[format] ?? {}
  const load = row[answer]
  if (load !== undefined) return load()
  throw invalidArgument(
    'value',
    `no format ${format} for ${answer}, expected one of ${formatsOf(answer).join(', ')}`,
  )
}
