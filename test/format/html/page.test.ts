import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { verdict } from '../../../lib/format/headline.js'
import { page as fleetPage } from '../../../lib/format/html/fleet.js'
import { page } from '../../../lib/format/html/page.js'
import { page as surveyPage } from '../../../lib/format/html/survey.js'
import { report as svg, survey as svgSurvey } from '../../../lib/format/html/svg.js'
import type { Style } from '../../../lib/format/index.js'
import type { Verdict } from '../../../lib/model/index.js'
import {
  fleetNaming,
  hostile,
  processesNamed,
  reportNaming,
  surroundingsNaming,
  surveyOf,
} from '../../helpers/html.js'
import { needs } from '../../helpers/needs.js'
import { report, unknownScope } from '../../helpers/report.js'
import { verdict as open } from '../../helpers/verdicts.js'

const style: Style = { color: false, unicode: true, columns: 80 }

const pageNaming = (text: string) => {
  const answer = reportNaming(text)
  return page(answer, style, async () => surroundingsNaming(text, answer))
}

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

const surveyPageOf = (verdicts: readonly Verdict[]) => {
  const { verdicts: each, asked } = surveyOf(verdicts)
  return joined(surveyPage(each, asked))
}

const surveySvgOf = (verdicts: readonly Verdict[]) => {
  const { verdicts: each, asked } = surveyOf(verdicts)
  return joined(svgSurvey(each, asked))
}

/** The elements and the names of their attributes; lines of a drawing depend on the length of a text. */
function skeleton(text: string): string {
  return text
    .replace(/<style>[^<]*<\/style>/g, '')
    .replace(/<text[^>]*>[^<]*<\/text>\n?/g, '')
    .replace(/="[^"]*"/g, '')
    .replace(/[^<>]*(<[^<>]*>)[^<>]*/g, '$1')
}

t.test('names of processes, files and packages change no element of a page', async (t) => {
  t.equal(skeleton(await pageNaming(hostile)), skeleton(await pageNaming('harmless')))
  const survey = await surveyPageOf(processesNamed(hostile))
  t.equal(skeleton(survey), skeleton(await surveyPageOf(processesNamed('harmless'))))
  t.equal(skeleton(fleetPage(fleetNaming(hostile))), skeleton(fleetPage(fleetNaming('harmless'))))
  t.equal(skeleton(svg(reportNaming(hostile))), skeleton(svg(reportNaming('harmless'))))
})

t.test(
  'a page has no script, loads nothing, and its policy allows its one style sheet',
  async (t) => {
    for (const text of [await pageNaming(hostile), await surveyPageOf(processesNamed(hostile))]) {
      t.notMatch(skeleton(text), /<(script|img|iframe|object|base|form)|\s(on[a-z]+|style|src)\b/i)
      const [, css = ''] = /<style>([^<]*)<\/style>/.exec(text) ?? []
      const hash = createHash('sha256').update(css).digest('base64')
      const [, policy = ''] =
        /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text) ?? []
      const rules = policy.replaceAll('&#39;', "'")
      t.notMatch(css, /@import|url\(/)
      t.match(rules, "default-src 'none'")
      t.match(rules, `style-src 'sha256-${hash}'`)
    }
  },
)

t.test('every link within a page has its target, and no id is there twice', async (t) => {
  const classic = report({ yama: 0, capable: true, users: ['alice'] })
  for (const text of [
    await pageNaming('sleep'),
    await page(classic, style, async () => surroundingsNaming('sleep', classic)),
    await surveyPageOf(processesNamed('sleep')),
    fleetPage(fleetNaming('sleep')),
  ]) {
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    t.strictSame(
      ids.filter((id, i) => ids.indexOf(id) !== i),
      [],
    )
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
    t.ok(links.length > 3)
    t.strictSame(
      links.filter((id) => !ids.includes(id)),
      [],
    )
  }
})

t.test('the verdict is the first heading, and the facts follow it', async (t) => {
  const answer = report({ yama: 1 })
  const text = await page(answer, style, async () => surroundingsNaming('sleep', answer))
  const [, heading = '', facts = ''] = /<h1[^>]*>(.*?)<\/h1>(.*?)<nav/s.exec(text) ?? []
  t.equal(heading.replaceAll('\u00a0', ' '), verdict(answer), 'with a space that is no break')
  t.match(facts, /Open processes.*2 of 5.*Policies met/s)
  t.match(facts, /After a reboot.*2 \(admin-only\).*NOT as now/s)
})

t.test('at each scope the drawing says who may reach whom, and which rule refuses', async (t) => {
  for (const [machine, said] of [
    [
      { yama: 1 },
      /Sibling ✗ refused by all 5 methods Yama, scope 1: no descendant allowed if it named/,
    ],
    [{ yama: 1 }, /Child ✓ allowed by all 6 methods/],
    [{ yama: 2 }, /Child ✗ refused by all 6 methods Yama, scope 2: CAP_SYS_PTRACE is/],
    [{ yama: 3 }, /Child ✗ refused by all 6 methods Yama, scope 3: nothing may attach/],
    [{ yama: 0 }, /Orphan ✓ allowed by all 5 methods/],
    [{ yama: 1, ptraceFilter: 'EPERM' }, /Child ± .*a filter answers: EPERM/],
    [{ yama: 1, ptraceFilter: 'KILL' }, /a filter answers: SIGSYS/],
    [{ yama: 0, mac: 'selinux' }, /by another rule than Yama/],
  ] as const) {
    const answer = report(machine)
    const text = await page(answer, style, async () => surroundingsNaming('sleep', answer))
    t.match(text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '), said)
  }
})

t.test('what could not be had is said, and the rest is there', async (t) => {
  const nothing = { ...report({}), scope: { ...report({}).scope, enforced: unknownScope } }
  const text = await page(nothing, style, async () => ({
    settings: { failure: 'The settings <could> not be read.' },
    evaluations: [],
    survey: { failure: 'The processes could not be asked about.' },
  }))
  t.match(text, /The settings &#60;could&#62; not be read\./)
  t.match(text, /The processes could not be asked about\./)
  t.notMatch(text, /Policies met|Open processes|After a reboot/)
  t.match(text, /<h1 class="plain">/)
  t.match(await surveyPageOf([]), /There is no other process/)
})

t.test('a fleet is sorted by number, and by name where a link asks for that', async (t) => {
  const text = fleetPage(fleetNaming('sleep'))
  const [, byName = '', byNumber = ''] = /id="by-name">(.*)id="by-number">(.*)/s.exec(text) ?? []
  t.match(byName, /0 \(classic\).*1 \(restricted\)/s)
  t.match(byNumber, /1 \(restricted\).*0 \(classic\)/s)
  t.match(text, /Enforced most often.*1 \(restricted\), proved.*5 of 7 hosts/s)
  t.match(text, /And 1 more/)
  const none = { ...fleetNaming('sleep'), hosts: 0, enforced: [], kernels: [] }
  t.notMatch(fleetPage({ ...none, unread: { count: 0, first: [] } }), /Not read|most often/)
})

t.test('a survey of many users leaves no group out without saying so', async (t) => {
  const verdicts = Array.from({ length: 70 }, (_, uid) => {
    const pid = uid + 10
    const target = { pid, name: 'sh', uid, state: 'S', parent: 1 } as const
    return open({ pid, target })
  })
  const text = await surveyPageOf(verdicts)
  t.match(text, /59 more/)
  t.match(text, /And 10 smaller groups/)
})

t.test('a drawing alone is well-formed XML', needs.program('python3'), async (t) => {
  const program = 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])'
  const path = join(t.testdir(), 'drawing.svg')
  const drawings = [
    svg(reportNaming(hostile)),
    svg(report({ yama: 0, capable: true, users: ['alice', 'bob'] })),
    await surveySvgOf(processesNamed(hostile)),
  ]
  for (const text of drawings) {
    writeFileSync(path, text)
    t.equal(spawnSync('python3', ['-c', program, path], { encoding: 'utf8' }).stderr, '')
    t.notMatch(skeleton(text), /<a\b|href/)
  }
})
