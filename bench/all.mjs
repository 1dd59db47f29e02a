// npm run bench: runs all of it, and makes docs/guide/speed.md and docs/pictures/speed.svg of what it said.

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

/** One line for each size: what was measured of that many processes. */
const surveys = [
  ...printed.matchAll(/^survey +(\d+) processes in (\d+) ms.* C (\d+(?:\.\d+)?) ms/gm),
].map(([, ...numbers]) => numbers.map(Number))
writeFileSync(
  join(root, 'docs/pictures/speed.svg'),
  plot({ title: 'How a survey grows', x: 'processes', y: 'ms' }, [
    { name: 'survey', points: surveys.map(([count, ms]) => [count, ms]) },
    { name: 'C, reads status', points: surveys.map(([count, , c]) => [count, c]) },
  ]),
)
