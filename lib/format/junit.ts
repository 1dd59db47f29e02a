import {
  type Assertion,
  type Evaluation,
  type Expectation,
  type Fleet,
  visible,
} from '../model/index.js'
import { type FleetPoint, pointsOf } from './fleet-points.js'

/**
 * JUnit's XML as Jenkins describes it: a suite for each policy, a case for each expectation. What is
 * not met is a failure, and what could not be measured is an error.
 */
export function assertion({ evaluations, time }: Assertion): string {
  const cases = evaluations.flatMap(({ expectations }) => expectations)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    tag('testsuites', { name: 'ptrace-probe assert', ...counts(cases) }, [
      ...evaluations.map((each) => suite(each, time)),
    ]),
    '',
  ].join('\n')
}

/** The same of a fleet: one suite, with a case for each policy. */
export function fleet(answer: Fleet): string {
  const points = pointsOf(answer)
  const attributes = { name: 'fleet', ...counts(points), skipped: 0 }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    tag('testsuites', { name: 'ptrace-probe merge', ...counts(points) }, [
      tag('testsuite', attributes, [
        ...points.map(fleetCase),
        tag('system-out', {}, [escaped(answer.message)]),
      ]),
    ]),
    '',
  ].join('\n')
}

function fleetCase({ subject, expected, met, found }: FleetPoint): string {
  const attributes = { classname: `ptrace-probe.${subject}`, name: expected }
  if (met === true) return tag('testcase', attributes, [])
  const [kind, type] = met === null ? ['error', 'not-measured'] : ['failure', 'not-met']
  return tag('testcase', attributes, [tag(kind, { message: found, type }, [])])
}

function suite({ policy, message, expectations }: Evaluation, time: string): string {
  const attributes = {
    name: policy.id,
    ...counts(expectations),
    skipped: 0,
    // Without a zone: the schema allows none.
    timestamp: time.replace(/(\.\d+)?Z$/, ''),
  }
  return tag('testsuite', attributes, [
    ...expectations.map((each) => testcase(policy.id, each)),
    tag('system-out', {}, [escaped(message)]),
  ])
}

function testcase(policy: string, { subject, expected, ...rest }: Expectation): string {
  const { observed, met, evidence } = rest
  const attributes = { classname: `ptrace-probe.${policy}`, name: `${subject} is ${expected}` }
  if (met === true) return tag('testcase', attributes, [])
  const message =
    met === null ? `${subject} could not be measured` : `expected ${expected}, found ${observed}`
  const kind = met === null ? 'not-measured' : 'not-met'
  const seen = evidence.length === 0 ? 'nothing' : evidence.join(', ')
  return tag('testcase', attributes, [
    tag(met === null ? 'error' : 'failure', { message, type: kind }, [escaped(`seen: ${seen}`)]),
  ])
}

function counts(cases: readonly Pick<Expectation, 'met'>[]) {
  return {
    tests: cases.length,
    failures: cases.filter(({ met }) => met === false).length,
    errors: cases.filter(({ met }) => met === null).length,
  }
}

function tag(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly string[],
): string {
  const list = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escaped(String(value))}"`,
  )
  const start = `<${name}${list.join('')}`
  if (content.length === 0) return `${start}/>`
  const isText = content.every((each) => !each.startsWith('<'))
  const inside = isText ? content.join('') : `\n${content.join('\n')}\n`
  return `${start}>${inside}</${name}>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** Text of XML 1.0, which has no place for control characters, not even as references. */
function escaped(text: string): string {
  return visible(text).replace(/[&<>"]/g, (character) => entities[character] ?? '')
}
