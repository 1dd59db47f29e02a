// npm run picture: draws docs/report.svg, a terminal that shows the report in docs/report.json.
// That one is from a real run. To take another: npx ptrace-probe --json >docs/report.json

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadModule } from './tables.mjs'

const docs = join(dirname(fileURLToPath(import.meta.url)), '../docs')
const [, , target = join(docs, 'report.svg')] = process.argv

const cell = { width: 8.4, height: 18 }
const margin = 16
const tones = { 1: 'bold', 2: 'dim', 31: 'red', 32: 'green', 33: 'yellow', 36: 'cyan' }
const light = {
  rect: ['#ffffff', '#d0d7de'],
  text: ['#1f2328'],
  '.dim': ['#656d76'],
  '.red': ['#b3261e'],
  '.green': ['#1a7f37'],
  '.yellow': ['#8a6100'],
  '.cyan': ['#0b6e83'],
}
const dark = {
  rect: ['#0d1117', '#30363d'],
  text: ['#e6edf3'],
  '.dim': ['#8d96a0'],
  '.red': ['#ff7b72'],
  '.green': ['#56d364'],
  '.yellow': ['#e3b341'],
  '.cyan': ['#76e3ea'],
}
const end = new Set(['22', '39'])

/** Pieces of a line that a reader sees, each with its column and tone; SGR sequences set the tone. */
function pieces(line) {
  let column = 0
  let tone = ''
  return line.split('\u001b[').flatMap((part, i) => {
    const [, code = '', text = part] = i === 0 ? [] : (/^(\d+)m(.*)$/s.exec(part) ?? [])
    if (i > 0) tone = end.has(code) ? '' : (tones[code] ?? '')
    const start = column
    column += text.length
    // Gaps are left out, so that columns stay in line whatever font there is.
    return [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: words, index }) => {
      return { words, tone, column: start + index }
    })
  })
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`)
}

function sheet(colours) {
  return Object.entries(colours)
    .map(
      ([what, [fill, stroke]]) => `${what} { fill: ${fill}${stroke ? `; stroke: ${stroke}` : ''} }`,
    )
    .join('\n')
}

function draw(text, title) {
  const lines = text.trimEnd().split('\n')
  const width = 80 * cell.width + 2 * margin
  const height = lines.length * cell.height + 2 * margin
  const rows = lines.flatMap((line, i) =>
    pieces(line).map(({ words, tone, column }) => {
      const x = (margin + column * cell.width).toFixed(1)
      const y = margin + (i + 0.75) * cell.height
      return `<text x="${x}" y="${y}"${tone && ` class="${tone}"`}>${escaped(words)}</text>`
    }),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<style>
text { white-space: pre;
  font: 14px ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace }
.bold { font-weight: bold }
${sheet(light)}
@media (prefers-color-scheme: dark) {
${sheet(dark)}
}
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${rows.join('\n')}
</svg>
`
}

const { render } = await loadModule("export { render } from './format/report.js'")
const report = JSON.parse(readFileSync(join(docs, 'report.json'), 'utf8'))
const text = render(report, { color: true, unicode: true, columns: 80 })
const [verdict] = render(report, { color: false, unicode: true, columns: 80 }).split('\n\n')
writeFileSync(target, draw(text, `ptrace-probe: ${verdict.replaceAll('\n', ' ')}`))
