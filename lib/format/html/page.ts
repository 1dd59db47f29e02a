import {
  capital,
  type Evaluation,
  namedScope,
  type Report,
  type SettingsReport,
  tracerWords,
  type Verdict,
} from '../../model/index.js'
import { caveats, verdict } from '../headline.js'
import { measuredOn, scopeRows } from '../report.js'
import { type Asked, openingSentence } from '../survey.js'
import type { Style } from '../terminal.js'
import { shortName, type View, views } from '../views.js'
import { findings } from './advice.js'
import { document, type Fact, type Page, type Section } from './document.js'
import { evidence, practice } from './evidence.js'
import { family } from './family.js'
import { figure } from './figure.js'
import { judged } from './judged.js'
import { type Markup, markup } from './markup.js'
import { processes, type Summed, summed } from './processes.js'
import { trail } from './trail.js'

/** An answer, or one sentence about why there is none. */
export type Had<T> = { readonly answer: T } | { readonly failure: string }

/** What stands around the report of a machine, for formats that show all of it. */
export interface Surroundings {
  readonly settings: Had<SettingsReport>
  readonly evaluations: readonly Evaluation[]
  readonly survey: Had<{ readonly verdicts: AsyncIterable<Verdict>; readonly asked: Asked }>
}

/** The report and what stands around it, on one page for a browser. */
export async function page(
  report: Report,
  _style: Style,
  around: () => Promise<Surroundings>,
): Promise<string> {
  const { settings, evaluations, survey } = await around()
  const found: Had<Found> =
    'failure' in survey
      ? survey
      : {
          answer: {
            ...(await summed(survey.answer.verdicts, survey.answer.asked)),
            asked: survey.answer.asked,
          },
        }
  return document(pageOf(report, settings, evaluations, found))
}

/** A survey that was summed up, and whose it is. */
interface Found extends Summed {
  readonly asked: Asked
}

function pageOf(
  report: Report,
  settings: Had<SettingsReport>,
  evaluations: readonly Evaluation[],
  survey: Had<Found>,
): Page {
  const { scope, tool, time, host } = report
  const all = views(report)
  return {
    title: `ptrace on this machine: ${scope.enforced.name}, ${scope.enforced.certainty}`,
    origin: `ptrace-probe ${tool.version}: what this machine lets one process do to another with ptrace. Linux ${host.kernel}, ${time.slice(0, 16).replace('T', ' ')} UTC`,
    verdict: verdict(report),
    tone: toneOf(report),
    caveats: caveats(report),
    facts: [
      ...scopeRows(report).map(([name = '', value = '', about = '']) => {
        return { name: capital(name), value, about }
      }),
      ...boot(settings),
      ...reach(survey),
      ...policies(evaluations),
    ],
    sections: [
      ...all.map((view, number): Section => {
        return {
          id: `reach-${number + 1}`,
          title: all.length > 1 ? `Who may reach whom: ${shortName(view)}` : 'Who may reach whom',
          body: drawn(view, number, report),
        }
      }),
      ...section('findings', 'Findings', findings(report)),
      ...section('practice', 'In practice', practice(all, report)),
      ...section('settings', 'Who sets the scope', had(settings, trail)),
      ...section('policies', 'Policies', evaluations.length === 0 ? null : judged(evaluations)),
      ...section(
        'processes',
        'Processes',
        had(survey, (found) => {
          const { tally, asked } = found
          return markup`<p>${openingSentence(tally, asked)}</p>${processes(found, asked)}`
        }),
      ),
      ...section('evidence', 'Evidence', evidence(all, report)),
    ],
    footer: [measuredOn(report), `Every attempt was made among processes of its own, at ${time}.`],
  }
}

/** Nothing restricts, or something does; neither where that is not known. */
function toneOf({ scope: { enforced } }: Report): Page['tone'] {
  if (enforced.name === 'undetermined') return 'plain'
  return enforced.value === null || enforced.value === 0 ? 'warn' : 'good'
}

function drawn(view: View, number: number, report: Report): Markup {
  const caption =
    'Each box is a process that was made for this, each arrow what the kernel answered. A box links to its evidence.'
  return figure(family(view, number, report), caption)
}

function section(id: string, title: string, body: Markup | null): Section[] {
  return body === null ? [] : [{ id, title, body }]
}

function had<T>(found: Had<T>, show: (answer: T) => Markup): Markup {
  return 'failure' in found ? markup`<p>${found.failure}</p>` : show(found.answer)
}

function boot(settings: Had<SettingsReport>): Fact[] {
  if ('failure' in settings) return []
  const { afterReboot, drift, persistent } = settings.answer
  if (afterReboot === null) return []
  const about = drift === true ? 'NOT as now' : (persistent.file ?? 'nothing sets it')
  return [{ name: 'After a reboot', value: namedScope(afterReboot), about }]
}

function reach(survey: Had<Found>): Fact[] {
  if ('failure' in survey) return []
  const { asked, tally } = survey.answer
  const { open, total } = tally
  const value = `${open.same.count + open.others.count} of ${total}`
  return [{ name: 'Open processes', value, about: `to ${tracerWords(asked.tracer)}` }]
}

function policies(evaluations: readonly Evaluation[]): Fact[] {
  if (evaluations.length === 0) return []
  const met = evaluations.filter((each) => each.met === true).length
  return [
    {
      name: 'Policies met',
      value: `${met} of ${evaluations.length}`,
      about: 'they contradict one another',
    },
  ]
}
