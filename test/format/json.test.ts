import t from 'tap'
import { json, jsonLine } from '../../lib/format/json.js'
import { runCommand, verdict } from '../helpers/verdicts.js'

for (const argv of [
  ['--json'],
  ['check', '--json', '123'],
  ['tools', '--json'],
  ['settings', '--json'],
  ['assert', '--json', '--policy', 'cis'],
  ['collect', '--json', '--policy', 'cis'],
  ['merge', '--json'],
  ['assert', '--json', '--list-policies'],
]) {
  t.test(`${argv.join(' ')} prints one document in ASCII and a newline`, async (t) => {
    const { stdout } = await runCommand(argv)
    t.match(stdout, /^[ -~\n]+\n$/)
    t.ok(JSON.parse(stdout))
  })
}

t.test('check prints an array, also for one process', async (t) => {
  const one = JSON.parse((await runCommand(['check', '--json', '123'])).stdout)
  t.match(one, [{ pid: 123 }])
  const two = JSON.parse((await runCommand(['check', '--json', '123', '124'])).stdout)
  t.match(two, [{ pid: 123 }, { pid: 124 }])
})

t.test('a survey is one verdict a line', async (t) => {
  const { stdout } = await runCommand(['survey', '--json'])
  const lines = stdout.trimEnd().split('\n')
  t.ok(lines.length > 0)
  for (const line of lines) t.match(JSON.parse(line), { pid: 123, verdict: 'allowed' })
})

t.test('what a terminal would obey is escaped, and parses to the same text', async (t) => {
  const name = 'a\u001b[2J\u007f\u009b\u202e\u2028\u{1f41b}é'
  const hostile = verdict({ target: { pid: 123, name, uid: 0, state: 'S', parent: 1 } })
  for (const text of [json([hostile]), jsonLine(hostile)]) {
    t.match(text, /^[ -~\n]+$/)
    t.same([JSON.parse(text)].flat(), [hostile])
  }
})
