// npm run pictures: the README's pictures, docs/pictures/*.png, are what Chromium shows of the page of
// the report in docs/report.json, which is from a real run. What is configured on that machine and its
// processes are not in that file, so the pictures end above those parts of the page.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { loadModule } from './tables.mjs'

const docs = join(dirname(fileURLToPath(import.meta.url)), '../docs')
const pictures = join(docs, 'pictures')

const { reportPage, judgePolicy, policies } = await loadModule(`
  export { reportPage } from './format/html/index.js'
  export { judgePolicy, policies } from './policy/index.js'`)

const report = JSON.parse(readFileSync(join(docs, 'report.json'), 'utf8'))
const text = await reportPage(report, {}, async () => ({
  settings: { failure: 'Not in this file.' },
  evaluations: policies.map((policy) => judgePolicy(report, policy)),
  survey: { failure: 'Not in this file.' },
}))

const directory = mkdtempSync(join(tmpdir(), 'ptrace-probe-pictures-'))
const path = join(directory, 'report.html')
writeFileSync(path, text)
mkdirSync(pictures, { recursive: true })

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
for (const { name, width, height, colorScheme } of [
  { name: 'page', width: 1060, height: 908, colorScheme: 'light' },
  { name: 'page-narrow', width: 360, height: 832, colorScheme: 'dark' },
]) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme })
  await page.goto(pathToFileURL(path).href)
  const picture = join(pictures, `${name}.png`)
  await page.screenshot({ path: picture })
  // Few colours are enough, and the pictures travel with the package.
  execFileSync('pngquant', ['--force', '--strip', '--speed=1', '--output', picture, '64', picture])
  execFileSync('zopflipng', ['-y', '--iterations=30', '--filters=0me', picture, picture])
  await page.close()
}
await browser.close()
rmSync(directory, { recursive: true })
