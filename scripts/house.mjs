// npm run house: draws docs/house.svg from the tables of folders in ARCHITECTURE.md.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The folders of a part of the checkout, such as `lib`, and what each may import. */
export function arrowsOf(architecture, part) {
  const rows = architecture.matchAll(new RegExp(`^\\| \`${part}/(\\w+)\` \\|.*\\| (.*)\\|$`, 'gm'))
  return Object.fromEntries(
    Array.from(rows, ([, folder, below]) => [folder, below.trim().split(', ').filter(Boolean)]),
  )
}

/** The floors of a part, the lowest first. A folder is one floor above the highest that it imports. */
export function floorsOf(arrows) {
  const floor = (folder) => Math.max(-1, ...arrows[folder].map(floor)) + 1
  const floors = []
  for (const folder of Object.keys(arrows)) {
    floors[floor(folder)] = [...(floors[floor(folder)] ?? []), folder]
  }
  return floors
}

const [width, height, gap] = [118, 40, 14]

function drawPart(part, floors, top, full) {
  const boxes = floors.toReversed().flatMap((folders, row) => {
    const left = (full - folders.length * (width + gap) + gap) / 2
    return folders.map((folder, i) => {
      const [x, y] = [left + i * (width + gap), top + row * (height + gap)]
      return `  <rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>
  <text x="${x + width / 2}" y="${y + 25}">${part}/${folder}</text>`
    })
  })
  return boxes.join('\n')
}

/** The picture: every folder stands above those that it may import. */
export function house(architecture) {
  const parts = ['lib', 'native'].map((part) => [part, floorsOf(arrowsOf(architecture, part))])
  const widest = Math.max(...parts.flatMap(([, floors]) => floors.map(({ length }) => length)))
  const full = widest * (width + gap) + gap
  let top = gap
  const drawn = parts.map(([part, floors]) => {
    const text = drawPart(part, floors, top, full)
    top += floors.length * (height + gap) + 2 * gap
    return text
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${full} ${top}" role="img">
  <title>The folders of lib/ and native/, each above those that it may import</title>
  <style>
    rect { fill: #f4f6fa; stroke: #51617a }
    text { font: 14px system-ui, sans-serif; text-anchor: middle; fill: #1c2530 }
  </style>
  <rect x="0" y="0" width="${full}" height="${top}" style="fill: #ffffff; stroke: none"/>
${drawn.join('\n')}
</svg>
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const architecture = readFileSync(`${root}/ARCHITECTURE.md`, 'utf8')
  writeFileSync(`${root}/docs/house.svg`, house(architecture))
}
