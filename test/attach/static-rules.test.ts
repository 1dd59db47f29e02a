import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { root } from '../helpers/node.js'
import { blames, predictions, rowOf, rulesRows, situations } from '../helpers/static-rules.js'

const page = readFileSync(join(root, 'docs/guide/static-rules.md'), 'utf8')

t.test('the page says how often each rule is wrong', async (t) => {
  for (const row of rulesRows(situations)) t.match(page, row)
})

t.test('the page names the source and the date of each rule', async (t) => {
  for (const { id, source, date } of [...predictions, ...blames]) {
    const [file = '', name = ''] = source.split(', ')
    t.match(page, rowOf(id, `\`${file}\`, \`${name}\``, date))
  }
})

t.test('the situations are those of the lane', async (t) => {
  const perScope = situations.length / 8
  t.match(page, `${perScope} processes`)
  const refused = situations.filter(({ as, isRefused }) => as === 'user' && isRefused)
  t.ok(refused.length > 0 && refused.length < situations.length / 2)
})
