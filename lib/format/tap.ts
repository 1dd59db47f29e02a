import { type Assertion, type Fleet, visible } from '../model/index.js'
import { pointsOf } from './fleet-points.js'
import { asciiJson } from './json.js'

/**
 * TAP, a test point for each expectation. It is version 13, because prove(1) refuses 14
 * (https://testanything.org/tap-version-13-specification.html). What could not be measured is not ok.
 */
export function assertion({ evaluations }: Assertion): string {
  return stream(
    evaluations.flatMap(({ policy, expectations }) =>
      expectations.map(({ subject, expected, observed, met, evidence }) => ({
        name: `${policy.id}: ${subject} is ${expected}`,
        met,
        details: { found: observed, expected, evidence },
        message: `found ${observed}`,
      })),
    ),
  )
}

/** The same of a fleet, a test point for each policy. */
export function fleet(answer: Fleet): string {
  return stream(
    pointsOf(answer).map(({ subject, expected, met, found }) => ({
      name: `${subject}: ${expected}`,
      met,
      details: { expected, found },
      message: found,
    })),
  )
}

interface Point {
  readonly name: string
  readonly met: boolean | null
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
}

function stream(points: readonly Point[]): string {
  const lines = points.flatMap((each, index) => pointLines(index + 1, each))
  return ['TAP version 13', `1..${points.length}`, ...lines, ''].join('\n')
}

function pointLines(number: number, { name, met, message, details }: Point): string[] {
  const line = `${number} - ${described(name)}`
  if (met === true) return [`ok ${line}`]
  const block = {
    message: met === null ? 'could not be measured' : message,
    severity: met === null ? 'error' : 'fail',
    ...details,
  }
  return [
    `not ok ${line}`,
    '  ---',
    // JSON is YAML, and in JSON no text can end the block.
    ...Object.entries(block).map(([key, value]) => `  ${key}: ${asciiJson(value)}`),
    '  ...',
  ]
}

/** A description in which nothing is a directive: `#` begins one. */
function described(text: string): string {
  return visible(text).replace(/[\\#]/g, '\\$&')
}
