import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import t from 'tap'
import type { WatchedFacts } from '../../lib/machine/index.js'
import { bin, environment } from '../helpers/cli.js'
import { report } from '../helpers/report.js'
import { denied, runCommand, verdict } from '../helpers/verdicts.js'

/** A world in which each look finds the next of these, until the user ends it. */
function changing(facts: readonly WatchedFacts[]) {
  let looks = 0
  let asks = 0
  return {
    factsAbout: () => facts[Math.min(looks++, facts.length - 1)] ?? {},
    ticks: () => async () => looks < facts.length,
    probe: async () => report({ yama: asks++ === 0 ? 1 : 0 }),
    canAttach: async () => (asks++ === 0 ? denied() : verdict()),
  }
}

const scope = (value: number) => ({ 'kernel.yama.ptrace_scope': `${value}` })

t.test('the report is given again at each change of the scope, and no other time', async (t) => {
  const { code, written, asked } = await runCommand(
    ['--watch'],
    changing([scope(1), scope(1), scope(0), scope(0)]),
  )
  t.equal(code, 0)
  t.equal(asked.length, 2)
  t.equal(written.length, 2)
  t.match(written[0], /^Yama restricts ptrace .*\nWhat was tried/s)
  t.match(
    written[1],
    /^kernel\.yama\.ptrace_scope: 1 -> 0\. Yama is active but restricts nothing: [^\n]*\n$/,
  )
})

t.test('for a program each answer is a line', async (t) => {
  for (const argv of [
    ['--watch', '--json'],
    ['check', '--watch', '--json', '123'],
    ['check', '--watch', '--format', 'ndjson', '123'],
  ]) {
    const { written } = await runCommand(argv, changing([scope(1), scope(0)]))
    t.equal(written.length, 2)
    for (const line of written) {
      t.match(line, /^[^\n]*\n$/)
      t.match(JSON.parse(line), { schemaVersion: 1 })
    }
  }
})

t.test('check tells what changed of a target, and ends with the last answer', async (t) => {
  const { code, written } = await runCommand(
    ['check', '--watch', '--tracer', 'self', '123'],
    changing([
      { 123: 'there', '123 Name': 'sleep' },
      { 123: 'there', '123 Name': 'a\u001b[31m' },
    ]),
  )
  t.equal(code, 0)
  t.equal(written[1], '123 Name: sleep -> a?[31m. This process may attach to sleep (123).\n')
})

t.test(
  'it ends where no target is left, and of a target that is gone it says only that',
  async (t) => {
    const { written } = await runCommand(
      ['check', '--watch', '--tracer', 'self', '123'],
      changing([{ 123: 'there', '123 Uid': '0' }, { 123: 'gone' }, scope(7)]),
    )
    t.equal(written.length, 2)
    t.match(written[1], /^123: there -> gone\. /)
  },
)

t.test('it ends when its reader goes away', async (t) => {
  const { code, asked } = await runCommand(['--watch'], {
    ...changing([scope(1), scope(0)]),
    write: async () => {
      throw Object.assign(new Error('gone'), { code: 'EPIPE' })
    },
  })
  t.equal(code, 0)
  t.equal(asked.length, 1)
})

t.test('what cannot be watched is a mistake', async (t) => {
  for (const [argv, sentence] of [
    [['--watch', '--output', 'x'], /--watch and --output exclude each other/],
    [['--watch', '--format', 'html'], /--watch prints text, json or ndjson, not html/],
    [['check', '--watch', '--output', 'x', '1'], /--watch and --output exclude each other/],
    [['survey', '--watch'], /--watch is for report and check, not for survey/],
  ] as const) {
    t.match(await runCommand(argv), { code: 2, stderr: sentence })
  }
})

t.test('a real process is watched until the user interrupts', async (t) => {
  const target = spawn('sleep', ['1000'])
  t.teardown(() => target.kill('SIGKILL'))
  const args = [bin, 'check', '--watch', '--json', String(target.pid)]
  const watching = spawn(process.execPath, args, { env: environment() })
  t.teardown(() => watching.kill('SIGKILL'))
  const lines = createInterface(watching.stdout)[Symbol.asyncIterator]()
  const next = async () => JSON.parse(String((await lines.next()).value))
  const first = await next()
  t.match(first, { pid: target.pid })
  target.kill('SIGSTOP')
  t.match(await next(), { target: { state: 'T' }, verdict: first.verdict })
  watching.kill('SIGINT')
  const [code, signal] = await once(watching, 'exit')
  t.strictSame([code, signal], [first.verdict === 'allowed' ? 0 : 1, null])
})
