import t from 'tap'
import { runCommand } from '../../helpers/verdicts.js'

t.test('only the page asks for more than the report', async (t) => {
  for (const format of ['text', 'json', 'markdown', 'svg']) {
    const { code, asked } = await runCommand(['--format', format])
    t.equal(code, 0)
    t.strictSame(
      asked.map(([what]) => what),
      ['probe'],
      format,
    )
  }
  const { code, asked, stdout } = await runCommand(['--format', 'html', '--timeout', '9'])
  t.equal(code, 0)
  t.strictSame(asked.slice(1), [
    ['settings', {}],
    ['survey', { tracer: 'stranger', timeoutMs: 9 }],
  ])
  t.match(stdout, /^<!DOCTYPE html>.*<\/html>\n$/s)
})

t.test('the page is there without what could not be had', async (t) => {
  const { code, stdout } = await runCommand(['--format', 'html'], {
    settings: async () => {
      throw new Error('no files here')
    },
    // biome-ignore lint/correctness/useYield: it fails before its first verdict
    survey: async function* () {
      throw new Error('no /proc here')
    },
  })
  t.equal(code, 0)
  t.match(stdout, 'What is configured could not be read: no files here.')
  t.match(stdout, 'The processes could not be asked about: no /proc here.')
})

t.test('the survey is a page and a drawing, too', async (t) => {
  t.match((await runCommand(['survey', '--format', 'html'])).stdout, /^<!DOCTYPE html>/)
  t.match((await runCommand(['survey', '--format', 'svg'])).stdout, /^<svg .*<\/svg>\n$/s)
})
