import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { bin } from '../helpers/cli.js'
import { needs } from '../helpers/needs.js'
import { ended, root } from '../helpers/node.js'
import { preflightDebuggers, sessionOf } from '../helpers/preflights.js'
import { sleeper } from '../helpers/sleeper.js'

const absent = 4_194_304 // the kernel's highest PID is one less (PID_MAX_LIMIT)
const canType = needs.all(needs.program('gdb'), needs.program('script'))
const load = `source ${join(root, 'contrib/gdb/ptrace_probe.py')}`

/** What gdb prints where the lines are typed at a terminal, or come from a pipe. */
async function gdb(
  t: Test,
  lines: readonly string[],
  { isTyped = true, command = `'${process.execPath}' '${bin}'` } = {},
): Promise<string> {
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
      PTRACE_PROBE_COMMAND: command,
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

t.test('the short names of attach go on to work, and are checked', canType, async (t) => {
  for (const short of ['at', 'attac']) {
    const bare = await gdb(t, [`${short} ${absent}`])
    t.match(bare, tried)
    t.notMatch(bare, denied)
    const hooked = await gdb(t, [on, `${short} ${absent}`])
    t.match(hooked, denied)
    t.notMatch(hooked, tried)
  }
})

t.test('a refusal is shown where gdb writes ASCII alone', canType, async (t) => {
  const verdict = {
    ...{ verdict: 'denied', certainty: 'proved', cause: 'yama-restricted', title: 'Yama refuses' },
    ...{ message: 'It is not the debugger’s child: naïve (7).', remedies: [] },
  }
  const command = `'${process.execPath}' -p 'JSON.stringify(${JSON.stringify([verdict])})'`
  const printed = await gdb(t, [on, `attach ${absent}`], { command })
  t.match(printed, "denied: Yama refuses\r\n  It is not the debugger's child: na\\xefve (7).\r\n")
  t.notMatch(printed, /Python/)
})

t.test('an attach that is not typed is not taken for an old one', canType, async (t) => {
  const pid = await sleeper(t)
  const printed = await gdb(t, [on, `attach ${pid}`, 'detach'], { isTyped: false })
  t.match(printed, `(process ${pid}) detached`)
  t.notMatch(printed, denied)
})

/** What lldb prints for each line, by its number. */
async function lldb(t: Test, lines: readonly string[]): Promise<string[]> {
  const [found] = preflightDebuggers.filter(({ id }) => id === 'lldb')
  if (found === undefined) throw new Error('There is no lldb')
  const home = t.testdir()
  const file = join(root, 'contrib', found.file)
  const marked = lines.flatMap((line, i) => [`script print("-- ${i} --", flush=True)`, line])
  writeFileSync(join(home, 'script'), [`command script import ${file}`, ...marked].join('\n'))
  const [shell = '', ...line] = sessionOf(found, [], join(home, 'script'))
  const child = spawn(shell, line, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...{ PATH: process.env['PATH'], HOME: home, LC_ALL: 'C', TERM: 'dumb', ...found.environment },
      PTRACE_PROBE_COMMAND: `'${process.execPath}' '${bin}'`,
    },
  })
  const { stdout } = await ended(child)
  return stdout.split(/^-- \d+ --\n/m).slice(1)
}

t.test(
  'in lldb attach and its short names are checked with the hook',
  needs.program('lldb'),
  async (t) => {
    const names = ['attach', 'attach -p', 'att', 'at']
    const attaches = names.map((name) => `${name} ${absent}`)
    const off = 'preflight-before-attach off'
    // What is on already stays on.
    const lines = [...attaches, on, on, ...attaches, off, off, ...attaches]
    const printed = await lldb(t, lines)
    for (const [i, line] of lines.entries()) {
      const isHooked = i > lines.indexOf(on) && i < lines.indexOf(off)
      if (line === on || line === off) t.notMatch(printed[i], /error/, line)
      else t.match(printed[i], isHooked ? denied : /error: attach failed: /, line)
      t.notMatch(printed[i], isHooked ? /attach failed/ : denied)
    }
  },
)
