import t from 'tap'
import { runCommand } from '../helpers/verdicts.js'

for (const argv of [
  ['--json'],
  ['check', '--json', '123'],
  ['tools', '--json'],
  ['settings', '--json'],
  ['assert', '--json', '--policy', 'cis'],
  ['assert', '--json', '--list-policies'],
]) {
  t.test(`${argv.join(' ')} prints one document and a newline`, async (t) => {
    const { stdout } = await runCommand(argv)
    t.equal(stdout, `${JSON.stringify(JSON.parse(stdout), null, 2)}\n`)
  })
}

t.test('several processes are an array, and one is an object', async (t) => {
  const one = JSON.parse((await runCommand(['check', '--json', '123'])).stdout)
  t.match(one, { pid: 123 })
  const two = JSON.parse((await runCommand(['check', '--json', '123', '124'])).stdout)
  t.match(two, [{ pid: 123 }, { pid: 124 }])
})

t.test('a survey is one verdict a line', async (t) => {
  const { stdout } = await runCommand(['survey', '--json'])
  const lines = stdout.trimEnd().split('\n')
  t.ok(lines.length > 0)
  for (const line of lines) t.match(JSON.parse(line), { pid: 123, verdict: 'allowed' })
})
