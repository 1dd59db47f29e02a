import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { bin } from '../helpers/cli.js'
import { needs } from '../helpers/needs.js'
import { ended, root } from '../helpers/node.js'
import { sleeper } from '../helpers/sleeper.js'

const absent = 4_194_304 // the kernel's highest PID is one less (PID_MAX_LIMIT)
const canType = needs.all(needs.program('gdb'), needs.program('script'))
const load = `source ${join(root, 'contrib/gdb/ptrace_probe.py')}`

/** What gdb prints where the lines are typed at a terminal, or come from a pipe. */
async function gdb(t: Test, lines: readonly string[], { isTyped = true } = {}): Promise<string> {
  const home = t.testdir()
  // The line that an earlier session typed last.
  const history = join(home, 'history')
  writeFileSync(history, `attach ${absent}\n`)
  const start = [
    ...['set debuginfod enabled off', 'set pagination off', 'set confirm off'],
    ...[`set history filename ${history}`, 'set history save on'],
  ].flatMap((line) => ['-iex', `'${line}'`])
  const line = `gdb -nx -q ${start.join(' ')}`
  const [program, args]: [string, string[]] = isTyped
    ? ['script', ['--quiet', '--echo', 'never', '--command', line, '/dev/null']]
    : ['sh', ['-c', `exec ${line} 2>&1`]]
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...{ PATH: process.env['PATH'], LC_ALL: 'C', TERM: 'dumb' },
      PTRACE_PROBE_COMMAND: `'${process.execPath}' '${bin}'`,
    },
  })
  child.stdin.end(`${[load, ...lines, 'quit'].join('\n')}\n`)
  return (await ended(child)).stdout
}

const on = 'preflight-before-attach on'
const denied = /denied: There is no such process/
const tried = /ptrace: No such process/

t.test('an attach that is typed is checked first', canType, async (t) => {
  const pid = await sleeper(t)
  const refused = await gdb(t, [on, `attach ${absent}`])
  t.match(refused, denied)
  t.notMatch(refused, tried, 'the kernel was not asked to attach')
  const allowed = await gdb(t, [on, `attach ${pid}`, 'detach'])
  t.match(allowed, `(process ${pid}) detached`)
  t.notMatch(allowed, /denied|not checked/)
})

t.test('an attach that is typed is not checked without the hook', canType, async (t) => {
  for (const before of [[], [on, 'preflight-before-attach off']]) {
    const printed = await gdb(t, [...before, `attach ${absent}`])
    t.match(printed, tried)
    t.notMatch(printed, denied)
  }
})

t.test('an attach that is not typed is not taken for an old one', canType, async (t) => {
  const pid = await sleeper(t)
  const printed = await gdb(t, [on, `attach ${pid}`, 'detach'], { isTyped: false })
  t.match(printed, `(process ${pid}) detached`)
  t.notMatch(printed, denied)
})
