/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** Debian's Chromium, and what its users see of a page. */

import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'

/** A browser that runs as root in a container, too: it shows pages of our own only. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
}

/** A page that is open, with everything that it said or asked for beside itself. */
export interface Opened {
  readonly page: Page
  readonly messages: readonly string[]
  readonly requests: readonly string[]
}

/** Opens a file as a user would. */
export async function open(browser: Browser, path: string, width: number): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  const messages: string[] = []
  const requests: string[] = []
  const address = pathToFileURL(path).href
  page.on('console', (message) => messages.push(message.text()))
  page.on('pageerror', (error) => messages.push(error.message))
  page.on('dialog', (dialog) => messages.push(`dialog: ${dialog.message()}`))
  page.on('request', (request) => {
    const url = request.url()
    if (url !== address && url !== 'data:,') requests.push(url)
  })
  await page.goto(address)
  return { page, messages, requests }
}

/** What axe-core finds: rule and element. */
export async function violations(page: Page): Promise<string[]> {
  // The page's own policy lets no script in; the debugger's protocol does not ask it.
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const run: unknown = Reflect.get(globalThis, 'axe')
    if (typeof run !== 'object' || run === null || !('run' in run)) throw new Error('no axe')
    if (typeof run.run !== 'function') throw new Error('no axe')
    const { violations: found } = await run.run(document)
    return found.flatMap(({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
    )
  })
}

/** What a reader would trip over: each is one sentence. */
export function flaws(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const shown = (element: Element): boolean => element.getClientRects().length > 0
    const all = [...document.body.querySelectorAll('*')].filter(shown)
    const found: string[] = []
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
    if (wide > 0) found.push(`the page is ${wide} pixels wider than its window`)
    for (const element of all) {
      const { left, right } = element.getBoundingClientRect()
      const isHidden = element.closest('.skip') !== null
      if (!isHidden && (left < -1 || right > innerWidth + 1)) {
        found.push(`cut off: ${element.outerHTML.slice(0, 120)}`)
      }
      const ownText = [...element.childNodes].some(
        (node) => node.nodeType === 3 && node.textContent?.trim() !== '',
      )
      if (!ownText) continue
      // Text of a drawing is as high as its letters are after scaling.
      const scale = element instanceof SVGGraphicsElement ? (element.getScreenCTM()?.a ?? 1) : 1
      const size = Number.parseFloat(getComputedStyle(element).fontSize) * scale
      if (size < 10) found.push(`text of ${size.toFixed(1)} pixels: ${element.textContent}`)
    }
    for (const box of all.filter((element) => element.matches('svg .box'))) {
      const frame = box.querySelector('rect')?.getBoundingClientRect()
      if (frame === undefined) continue
      for (const text of box.querySelectorAll('text')) {
        const { left, right, top, bottom } = text.getBoundingClientRect()
        const inside =
          left >= frame.left &&
          right <= frame.right &&
          top >= frame.top &&
          bottom <= frame.bottom + 1
        if (!inside) found.push(`text leaves its box: ${text.textContent}`)
      }
      const [first, second] = [...box.querySelectorAll('.name,.sign')].map((each) =>
        each.getBoundingClientRect(),
      )
      if (first && second && first.right > second.left) {
        found.push(`a name meets its sign: ${box.textContent}`)
      }
    }
    const boxes = all
      .filter((element) => element.matches('svg .box rect'))
      .map((element) => element.getBoundingClientRect())
    const lines = all.filter((element) =>
      element.matches('svg .line, svg .trunk, svg .head, svg .bar'),
    )
    for (const line of lines) {
      if (!(line instanceof SVGPathElement)) continue
      const matrix = line.getScreenCTM()
      if (matrix === null) continue
      const length = line.getTotalLength()
      for (let i = 0; i <= 200; i += 1) {
        const { x, y } = line.getPointAtLength((length * i) / 200).matrixTransform(matrix)
        const crossed = boxes.some(
          (box) => x > box.left + 1 && x < box.right - 1 && y > box.top + 1 && y < box.bottom - 1,
        )
        if (!crossed) continue
        found.push(`a line crosses a box: ${line.outerHTML}`)
        break
      }
    }
    return found
  })
}
