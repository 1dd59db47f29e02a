import t from 'tap'
import { answerTitles, causeRows, causes } from '../../lib/model/causes.js'

t.test('every title fits a pop-up, and none is said twice', async (t) => {
  const titles = [...causes.map((id) => causeRows[id].title), ...Object.values(answerTitles)]
  for (const title of titles) t.match(title, /^[A-Z][^\n]{2,79}$/)
  t.equal(new Set(titles).size, titles.length)
})
