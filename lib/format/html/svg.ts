import type { Report, Verdict } from '../../model/index.js'
import { verdict } from '../headline.js'
import { type Asked, openingSentence } from '../survey.js'
import { views } from '../views.js'
import { alone } from './drawing.js'
import { family } from './family.js'
import { map } from './groups.js'
import { summed } from './processes.js'

/** The drawing of the report, a file of its own: a part for each kind of tracer. */
export function report(answer: Report): string {
  const pictures = views(answer).map((view, number) => family(view, number, answer))
  return alone(pictures, verdict(answer))
}

/** The map of a survey, a file of its own. */
export async function* survey(
  verdicts: AsyncIterable<Verdict>,
  asked: Asked,
): AsyncIterable<string> {
  const { tally, groups } = await summed(verdicts, asked)
  yield alone([map(groups, asked)], openingSentence(tally, asked))
}
