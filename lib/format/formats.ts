import {
  type Assertion,
  type Difference,
  type Envelope,
  type ExplanationReport,
  type Fleet,
  invalidArgument,
  type Policy,
  type Report,
  type SettingsReport,
  type ToolsReport,
  type Verdict,
} from '../model/index.js'
import { type Checked, render as renderChecked } from './check.js'
import type { Surroundings } from './html/index.js'
import type { Asked } from './survey.js'
import type { Style } from './terminal.js'

/** Turns an answer into what is written, the last newline included. */
type Render<T> = (answer: T, style: Style) => string

/** The function that a format needs for each answer. */
export interface Renderers {
  /** A format that shows more than the report asks for what stands around it. */
  readonly report: (
    report: Report,
    style: Style,
    around: () => Promise<Surroundings>,
  ) => string | Promise<string>
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
  readonly explain: Render<ExplanationReport>
  readonly collect: Render<Envelope>
  readonly merge: Render<Fleet>
  readonly diff: Render<Difference>
}

/** What can be printed: the answer of a command, or the list of policies. */
export type AnswerName = keyof Renderers

/** How to load the functions of one format; an answer without one cannot be printed in it. */
type Loaders = { readonly [Name in AnswerName]?: () => Promise<Renderers[Name]> }

/** One format, and what it is for. */
export interface FormatRow extends Loaders {
  readonly about: string
}

const asJson = async () => (await import('./json.js')).json
const asJsonLines = async () => (await import('./json.js')).jsonLines

/**
 * THE table of formats: a row a format, and in it an entry for each answer that it can print. An entry
 * loads its code when it is used, so that no format slows another down. Only the text of `check` is
 * loaded at once, because it is what that command prints when nothing else is asked for.
 */
export const formats: Readonly<Record<string, FormatRow>> = {
  text: {
    about: 'for people',
    report: async () => (await import('./report.js')).render,
    check: async () => renderChecked,
    survey: async () => (await import('./survey.js')).render,
    settings: async () => (await import('./settings.js')).render,
    assert: async () => (await import('./assert.js')).assertion,
    policies: async () => (await import('./assert.js')).policyList,
    tools: async () => (await import('./tools.js')).render,
    explain: async () => (await import('./explain.js')).render,
    merge: async () => (await import('./fleet.js')).render,
    diff: async () => (await import('./difference.js')).render,
  },
  json: {
    about: 'for programs; the JSON Schemas say what is in it',
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
    explain: asJson,
    // On one line, so that many of them are NDJSON.
    collect: async () => (await import('./json.js')).jsonLine,
    merge: asJson,
    diff: asJson,
  },
  ndjson: {
    about: 'JSON, one answer a line',
    report: async () => (await import('./json.js')).jsonLine,
    check: async () => {
      const { jsonLine } = await import('./json.js')
      return (checked) => checked.map(({ verdict }) => jsonLine(verdict)).join('')
    },
    survey: asJsonLines,
  },
  markdown: {
    about: 'for issues, pull requests and wikis',
    report: async () => (await import('./markdown.js')).report,
    settings: async () => (await import('./markdown.js')).settings,
    assert: async () => (await import('./markdown.js')).assertion,
    merge: async () => (await import('./fleet.js')).markdown,
    diff: async () => (await import('./difference.js')).markdown,
  },
  html: {
    about: 'one page to hand on, without scripts',
    report: async () => (await import('./html/index.js')).reportPage,
    survey: async () => (await import('./html/index.js')).surveyPage,
    merge: async () => (await import('./html/index.js')).fleetPage,
  },
  svg: {
    about: 'the drawing of that page alone',
    report: async () => (await import('./html/index.js')).reportDrawing,
    survey: async () => (await import('./html/index.js')).surveyDrawing,
  },
  tap: {
    about: 'for test harnesses: TAP 13',
    assert: async () => (await import('./tap.js')).assertion,
    merge: async () => (await import('./tap.js')).fleet,
  },
  junit: {
    about: 'for CI servers: JUnit XML',
    assert: async () => (await import('./junit.js')).assertion,
    merge: async () => (await import('./junit.js')).fleet,
  },
  prometheus: {
    about: 'for the textfile collector of node_exporter',
    collect: async () => (await import('./prometheus.js')).collected,
  },
  'ansible-fact': {
    about: 'for Ansible: a local fact',
    collect: async () => (await import('./ansible-fact.js')).collected,
  },
  nfd: {
    about: 'for Kubernetes: labels of Node Feature Discovery',
    collect: async () => (await import('./nfd.js')).collected,
  },
  sarif: {
    about: 'for code scanning: SARIF 2.1.0',
    settings: async () => (await import('./sarif.js')).settings,
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
  const loaders: Loaders = formats[format] ?? {}
  const load = loaders[answer]
  if (load !== undefined) return load()
  throw invalidArgument(
    'value',
    `no format ${format} for ${answer}, expected one of ${formatsOf(answer).join(', ')}`,
  )
}
