import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { page as fleetPage } from '../../lib/format/html/fleet.js'
import { page } from '../../lib/format/html/page.js'
import { page as surveyPage } from '../../lib/format/html/survey.js'
import { report as drawing } from '../../lib/format/html/svg.js'
import type { Report, Verdict } from '../../lib/model/index.js'
import {
  fleetNaming,
  hostile,
  processesNamed,
  reportNaming,
  surroundingsNaming,
  surveyOf,
} from '../helpers/html.js'
import { report } from '../helpers/report.js'
import { flaws, open, startBrowser, violations } from './browser.js'

const directory = t.testdir()
const style = { color: false, unicode: true, columns: 80 }

async function reportPage(answer: Report, text: string): Promise<string> {
  return page(answer, style, async () => surroundingsNaming(text, answer))
}

async function surveyText(verdicts: readonly Verdict[]): Promise<string> {
  const { verdicts: each, asked } = surveyOf(verdicts)
  let text = ''
  for await (const piece of surveyPage(each, asked)) text += piece
  return text
}

const pages: Readonly<Record<string, string>> = {
  'of scope 1': await reportPage(report({ yama: 1 }), 'sleep'),
  'of root at scope 2 with two users': await reportPage(
    report({ yama: 2, capable: true, users: ['alice', 'a-user-with-a-rather-long-name'] }),
    '/usr/lib/sysctl.d/10-default-yama-scope.conf',
  ),
  'under a filter': await reportPage(report({ yama: 1, ptraceFilter: 'EPERM' }), 'sleep'),
  'with hostile names': await reportPage(reportNaming(hostile), hostile),
  'with wide names that have no place to break': await reportPage(
    reportNaming('W'.repeat(300)),
    'W'.repeat(300),
  ),
  'of a fleet with hostile names': fleetPage(fleetNaming(hostile)),
  'of a survey with hostile names': await surveyText(processesNamed(hostile)),
}

const browser = await startBrowser()
t.teardown(() => browser.close())

for (const [name, text] of Object.entries(pages)) {
  t.test(`the page ${name} can be read at every width, in light and dark`, async (t) => {
    const path = join(directory, 'page.html')
    writeFileSync(path, text)
    const { page: shown, messages, requests } = await open(browser, path, 1400)
    for (const width of [360, 480, 759, 760, 1400, 1920]) {
      await shown.setViewportSize({ width, height: 900 })
      t.strictSame(await flaws(shown), [], `${width}`)
      if (width !== 360 && width !== 1400) continue
      for (const colorScheme of ['light', 'dark'] as const) {
        await shown.emulateMedia({ colorScheme })
        t.strictSame(await violations(shown), [], `axe, ${width} ${colorScheme}`)
      }
    }
    t.strictSame(messages, [])
    t.strictSame(requests, [])
    await shown.close()
  })
}

t.test('the answer stands in the first screen', async (t) => {
  const path = join(directory, 'first.html')
  writeFileSync(path, pages['of scope 1'] ?? '')
  for (const [width, last] of [
    [1400, '.facts'],
    [360, 'h1'],
  ] as const) {
    const { page: shown } = await open(browser, path, width)
    const box = await shown.locator(last).boundingBox()
    t.ok(box !== null && box.y + box.height < 640, `${last} at ${width}`)
    await shown.close()
  }
})

t.test('a link sorts the hosts of a fleet', async (t) => {
  const path = join(directory, 'fleet.html')
  writeFileSync(path, pages['of a fleet with hostile names'] ?? '')
  const { page: shown } = await open(browser, path, 1400)
  const first = async () => shown.locator('tbody th:visible').first().textContent()
  t.match(await first(), /^1 \(restricted\)/)
  await shown.locator('a:visible', { hasText: 'Sort by name' }).click()
  t.match(await first(), /^0 \(classic\)/)
  t.strictSame(await flaws(shown), [])
  await shown.locator('a:visible', { hasText: 'Sort by number' }).click()
  t.match(await first(), /^1 \(restricted\)/)
  await shown.close()
})

t.test('the keyboard leads from a box to its evidence', async (t) => {
  const path = join(directory, 'keyboard.html')
  writeFileSync(path, pages['of scope 1'] ?? '')
  const { page: shown } = await open(browser, path, 1400)
  await shown.keyboard.press('Tab')
  t.equal(await shown.locator(':focus').textContent(), 'Skip to the details')
  const box = shown.locator('.wide a.box').first()
  await box.focus()
  await shown.keyboard.press('Enter')
  t.match(shown.url(), /#tried-1-child$/)
  t.match(await shown.locator('tr:target').textContent(), /^child/)
})

t.test('a command is selected as a whole', async (t) => {
  const path = join(directory, 'command.html')
  writeFileSync(path, await reportPage(reportNaming('sleep'), 'sleep'))
  const { page: shown } = await open(browser, path, 1400)
  await shown.locator('pre').first().click()
  const selected = await shown.evaluate(() => String(getSelection()))
  t.equal(selected.trim(), 'first sleep\nsecond')
})

t.test('on paper nothing is cut off', async (t) => {
  const path = join(directory, 'print.html')
  writeFileSync(path, pages['with hostile names'] ?? '')
  const { page: shown } = await open(browser, path, 794)
  await shown.emulateMedia({ media: 'print', colorScheme: 'dark' })
  t.strictSame(await flaws(shown), [])
  const ink = await shown.evaluate(() => getComputedStyle(document.body).backgroundColor)
  t.equal(ink, 'rgb(255, 255, 255)')
})

t.test('the drawing alone is shown as it is in the page', async (t) => {
  const path = join(directory, 'drawing.svg')
  writeFileSync(path, drawing(report({ yama: 1, capable: true, users: ['alice'] })))
  const { page: shown, messages, requests } = await open(browser, path, 1400)
  await shown.emulateMedia({ colorScheme: 'dark' })
  const fill = await shown.evaluate(() => {
    const box = document.querySelector('rect')
    return box === null ? '' : getComputedStyle(box).fill
  })
  t.equal(fill, 'rgb(15, 19, 24)')
  t.strictSame([messages, requests], [[], []])
})
