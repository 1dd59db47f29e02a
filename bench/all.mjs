// npm run bench: runs all of it, and makes docs/guide/speed.md and its pictures of what it said.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { plot } from './plot.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What one of the scripts prints, which is shown at once, too. */
async function output(script) {
  const child = spawn(process.execPath, [join(root, 'bench', script)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let text = ''
  for await (const part of child.stdout.setEncoding('utf8')) {
    text += part
    process.stdout.write(part)
  }
  const [status] = await ended
  if (status !== 0) throw new Error(`bench/${script} ended with ${status}`)
  return text
}

const printed = `${await output('run.mjs')}\n${await output('attach.mjs')}\n${await output('dap.mjs')}`
const page = join(root, 'docs/guide/speed.md')
writeFileSync(
  page,
  readFileSync(page, 'utf8').replace(/(```text\n).*?(\n```)/s, (_, start, end) => {
    return `${start}${printed.trimEnd()}${end}`
  }),
)

/** Draws the lines that match, whose groups are numbers: the first goes across, the others up. */
function draw(file, pattern, words, names) {
  const rows = [...printed.matchAll(pattern)].map(([, ...numbers]) => numbers.map(Number))
  const series = names.map((name, i) => ({
    name,
    points: rows.map(([size, ...values]) => [size, values[i]]),
  }))
  writeFileSync(join(root, 'docs/pictures', file), plot({ ...words, y: 'ms' }, series))
}

draw(
  'speed.svg',
  /^survey +(\d+) processes in (\d+) ms.* C (\d+(?:\.\d+)?) ms/gm,
  { title: 'How a survey grows', x: 'processes' },
  ['survey', 'C, reads status'],
)
draw(
  'speed-probe.svg',
  /^ +(\d+) +([\d.]+) +([\d.]+) +([\d.]+) +[\d.]+$/gm,
  { title: 'How the measurement grows', x: 'memory of Node in MB' },
  ['probeSync()', 'C, the same cells', 'a bare fork of Node'],
)
