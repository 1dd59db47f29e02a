import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../helpers/node.js'
import {
  blameErrors,
  blames,
  predictionErrors,
  predictions,
  situations,
} from '../helpers/static-rules.js'

const page = readFileSync(join(root, 'docs/guide/static-rules.md'), 'utf8')
const users = ['user', 'root'] as const
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`

t.test('the page says how often each prediction is wrong', async (t) => {
  for (const rule of predictions) {
    for (const as of users) t.match(page, row(rule.id, as, ...predictionErrors(rule, as)))
  }
})

t.test('the page says how often each rule blames what does not refuse first', async (t) => {
  for (const rule of blames) {
    for (const as of users) t.match(page, row(rule.id, as, ...blameErrors(rule, as)))
  }
})

t.test('the page names the source and the date of each rule', async (t) => {
  for (const { id, source, date } of [...predictions, ...blames]) {
    const [file = '', name = ''] = source.split(', ')
    t.match(page, row(id, `\`${file}\`, \`${name}\``, date))
  }
})

t.test('the situations are those of the lane', async (t) => {
  const perScope = situations.length / 8
  t.match(page, `${perScope} processes`)
  const refused = situations.filter(({ as, refusing }) => as === 'user' && refusing.length > 0)
  t.ok(refused.length > 0 && refused.length < situations.length / 2)
})
