import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import type { SurveyOptions } from '../../../lib/cli/context.js'
import { commandForRoot } from '../../../lib/engine/index.js'
import { PtraceProbeError } from '../../../lib/model/errors.js'
import type { Verdict } from '../../../lib/model/index.js'
import { bin, cli, environment, shell } from '../../helpers/cli.js'
import { needs } from '../../helpers/needs.js'
import { report } from '../../helpers/report.js'
import { denied, runCommand as run, undetermined, verdict } from '../../helpers/verdicts.js'

type Answer = (pid: number, tracer: SurveyOptions['tracer']) => Verdict
const answering = (answer: Answer) => ({
  canAttach: async (pid: number, { tracer }: SurveyOptions) => answer(pid, tracer),
})

/** The tracers that were asked about, in order. */
const tracers = (asked: readonly unknown[][]) =>
  asked.map(([, , options]) => (options as SurveyOptions).tracer)

t.test('text asks about three tracers, JSON and --tracer about one', async (t) => {
  t.same(tracers((await run(['check', '12'])).asked), ['self', 'child', 'stranger'])
  t.same(tracers((await run(['check', '12', '--json'])).asked), ['self'])
  t.same(tracers((await run(['check', '12', '--tracer', 'child'])).asked), ['child'])
  t.same(tracers((await run(['check', '12', '--as-user', 'alice'])).asked), ['user:alice'])
})

t.test('a tool is its program, by each of its calls, or by the one that is named', async (t) => {
  const tool = { path: '/opt/pyspy', by: [['attach'], ['vm-read']] } as const
  const findTool = async () => tool
  const methods = (asked: readonly unknown[][]) =>
    asked.map(([, , options]) => (options as SurveyOptions).method)
  const { asked, code } = await run(['check', '12', '--tool', 'py-spy', '--json'], { findTool })
  t.same(tracers(asked), ['program:/opt/pyspy', 'program:/opt/pyspy'])
  t.same(methods(asked), ['attach', 'vm-read'])
  t.equal(code, 0)
  const named = await run(['check', '12', '--tool', 'py-spy', '--method', 'read'], { findTool })
  t.same(methods(named.asked), ['read'])
})

t.test('a call that a filter refuses is no loss where a tool has another one', async (t) => {
  const findTool = async () => ({ path: '/usr/bin/strace', by: [['seize', 'attach']] as const })
  const seccomp = { id: 'seccomp', certainty: 'proved', message: 'filtered', evidence: [] } as const
  const canAttach = async (pid: number, { method }: SurveyOptions) =>
    method === 'seize' ? denied({ pid, causes: [seccomp] }) : verdict({ pid })
  const { code, asked } = await run(['check', '12', '--tool', 'strace'], { findTool, canAttach })
  t.equal(code, 0)
  t.equal(asked.length, 2)
})

t.test('the timeout reaches the library', async (t) => {
  const { asked } = await run(['check', '12', '--json', '--timeout', '5'])
  t.same(asked, [['canAttach', 12, { tracer: 'self', timeoutMs: 5 }]])
})

const exits: readonly (readonly [number, string, Answer])[] = [
  [0, 'all allowed', (pid) => verdict({ pid })],
  [1, 'one denied', (pid) => (pid === 13 ? denied({ pid }) : verdict({ pid }))],
  [3, 'one undetermined', (pid) => (pid === 13 ? undetermined({ pid }) : verdict({ pid }))],
  [1, 'denied wins', (pid) => (pid === 13 ? denied({ pid }) : undetermined({ pid }))],
  [
    0,
    'only other tracers denied',
    (pid, tracer) => (tracer === 'self' ? verdict({ pid }) : denied({ pid, tracer: 'child' })),
  ],
]
for (const [expected, name, answer] of exits) {
  t.test(`check exits with ${expected}: ${name}`, async (t) => {
    const { code, stderr } = await run(['check', '12', '13', '14'], answering(answer))
    t.equal(code, expected)
    t.equal(stderr, '')
  })
}

t.test('the exit status is by the tracer that was named', async (t) => {
  const world = answering((pid, tracer) => (tracer === 'child' ? denied({ pid }) : verdict()))
  t.equal((await run(['check', '12', '--tracer', 'child'], world)).code, 1)
  t.equal((await run(['check', '12', '--tracer', 'stranger'], world)).code, 0)
})

t.test('check --json is always an array', async (t) => {
  const world = answering((pid) => denied({ pid }))
  t.same(JSON.parse((await run(['check', '12', '--json'], world)).stdout), [denied({ pid: 12 })])
  const several = JSON.parse((await run(['check', '12', '13', '--json'], world)).stdout)
  t.same(several, [denied({ pid: 12 }), denied({ pid: 13 })])
})

t.test('a name stands for every process that has it, each once', async (t) => {
  const world = { processesNamed: async () => [13, 4242, 12] }
  const { stdout, code } = await run(['check', '12', '--name', 'sh', '--json'], world)
  t.equal(code, 0)
  t.same(
    JSON.parse(stdout).map(({ pid }: Verdict) => pid),
    [12, 13],
  )
})

t.test('a name that no process has is answered as a PID that is not there', async (t) => {
  const argv = ['check', '12', '--name', 'no\u001bsuch', '--tracer', 'self']
  const { code, stdout, stderr } = await run(argv)
  t.equal(code, 1)
  t.match(
    stdout,
    /^This process may attach to sleep \(12\)\..*^No other process has the name 'no\?such'\.$/ms,
  )
  t.equal(stderr, '')
  const json = await run([...argv, '--json'])
  t.equal(json.code, 1)
  t.match(JSON.parse(json.stdout), [
    { pid: 12, verdict: 'allowed' },
    { pid: null, name: 'no\u001bsuch', verdict: 'denied', cause: 'no-such-process' },
  ])
  const lines = await run(['check', '--name', 'nosuch', '--format', 'ndjson'])
  t.match(JSON.parse(lines.stdout), { pid: null, name: 'nosuch', tracer: 'self' })
})

t.test('where root is needed, the sentence ends with this command as root', async (t) => {
  const canAttach = async (): Promise<Verdict> => {
    throw new PtraceProbeError('This takes root', 'ERR_PTRACE_PROBE_IDENTITY')
  }
  const { code, stderr } = await run(['check', '12', '--as-user', "o'x"], { canAttach })
  t.equal(code, 3)
  t.equal(
    stderr,
    `ptrace-probe: This takes root: sudo ${commandForRoot()} check 12 --as-user 'o'\\''x'\n`,
  )
})

t.test('a user that the library does not know is a usage mistake', async (t) => {
  const canAttach = async (): Promise<Verdict> => {
    throw Object.assign(new TypeError("no user 'x'"), { code: 'ERR_INVALID_ARG_VALUE' })
  }
  const { code, stderr } = await run(['check', '12', '--as-user', 'x'], { canAttach })
  t.equal(code, 2)
  t.equal(stderr, "ptrace-probe: no user 'x' (see 'ptrace-probe help check')\n")
})

t.test('another tracer that cannot be asked about is said, and changes nothing else', async (t) => {
  const canAttach = async (pid: number, { tracer }: SurveyOptions): Promise<Verdict> => {
    if (tracer === 'stranger') {
      throw new PtraceProbeError('EAGAIN: fork', 'ERR_PTRACE_PROBE_ENGINE')
    }
    return verdict({ pid })
  }
  const { code, stdout } = await run(['check', '12'], { canAttach })
  t.equal(code, 0)
  t.match(stdout, 'What an unrelated process of this user may do could not be told: EAGAIN: fork.')
})

t.test('no other tracer is asked about a process that does not exist', async (t) => {
  const gone = denied({ cause: 'no-such-process', causes: [] })
  t.same(
    tracers(
      (
        await run(
          ['check', '12'],
          answering(() => gone),
        )
      ).asked,
    ),
    ['self'],
  )
})

t.test('survey asks about a stranger unless told otherwise', async (t) => {
  const asked = async (...argv: string[]) => (await run(['survey', ...argv])).asked
  t.same(await asked(), [['survey', { tracer: 'stranger' }]])
  t.same(await asked('--tracer', 'child'), [['survey', { tracer: 'child' }]])
  t.same(await asked('--as-user', 'alice', '--timeout', '9'), [
    ['survey', { tracer: 'user:alice', timeoutMs: 9 }],
  ])
})

t.test('survey --json writes each verdict before it asks for the next', async (t) => {
  const order: string[] = []
  const result = await run(['survey', '--json'], {
    survey: async function* () {
      for (const pid of [1, 2, 3]) {
        order.push(`made ${pid}`)
        yield denied({ pid })
      }
    },
    write: async (text) => {
      await new Promise(setImmediate)
      order.push(`written ${JSON.parse(text).pid}`)
    },
  })
  t.equal(result.code, 0)
  t.same(order, ['made 1', 'written 1', 'made 2', 'written 2', 'made 3', 'written 3'])
})

t.test(
  'survey --verbose has a line for each process, with the rule that refuses first',
  async (t) => {
    const survey = async function* () {
      yield verdict({ pid: 7 })
      yield denied({ pid: 12 })
    }
    const { stdout } = await run(['survey', '--verbose'], { survey })
    t.match(stdout, '\nEvery process\n  7   sleep  open\n  12  sleep  refused (yama-restricted)\n')
    t.notMatch((await run(['survey'], { survey })).stdout, 'Every process')
  },
)

t.test('survey stops when its reader goes away, and lets the library know', async (t) => {
  let made = 0
  let ended = false
  const { code, stderr } = await run(['survey', '--json'], {
    survey: async function* () {
      try {
        for (;;) yield verdict({ pid: ++made })
      } finally {
        ended = true
      }
    },
    write: async () => {
      throw Object.assign(new Error('EPIPE: write'), { code: 'EPIPE' })
    },
  })
  t.match({ code, stderr, made, ended }, { code: 0, stderr: '', made: 1, ended: true })
})

t.test('where no stranger can be made, survey says so and asks about a child', async (t) => {
  async function* survey({ tracer }: SurveyOptions) {
    if (tracer === 'stranger') {
      throw Object.assign(new Error('None here'), { code: 'ERR_PTRACE_PROBE_NO_STRANGER' })
    }
    yield verdict({ tracer: 'child' })
  }
  const { code, stdout, stderr } = await run(['survey', '--json'], { survey })
  t.equal(code, 0)
  t.match(JSON.parse(stdout), { tracer: 'child' })
  t.equal(stderr, 'ptrace-probe: None here; this is the survey of --tracer child\n')
  t.match(await run(['survey', '--tracer', 'stranger'], { survey }), { code: 3, stdout: '' })
})

t.test('a survey that cannot be made is one sentence and exit code 3', async (t) => {
  const survey = () => {
    throw new Error('no engine\nat x')
  }
  const { code, stderr } = await run(['survey'], { survey })
  t.match({ code, stderr }, { code: 3, stderr: 'ptrace-probe: no engine\n' })
})

t.test('require says by its exit status whether a test can run', async (t) => {
  const probe = async () => report({ yama: 1 })
  const met = await run(['require', 'child'], { probe })
  t.match(met, { code: 0, stdout: '', stderr: '' })
  const unmet = await run(['require', 'sibling'], { probe })
  t.match(unmet, { code: 77, stderr: '' })
  t.match(unmet.stdout, /^needs ptrace of a sibling; refused here with EPERM: Yama's scope is 1 /)
  const required = await run(['require', 'sibling'], { probe, env: { PTRACE_PROBE_REQUIRE: '1' } })
  t.match(required, { code: 1, stdout: '', stderr: `ptrace-probe: ${unmet.stdout}` })
  t.equal((await run(['require', 'sibling+any/seize'], { probe })).code, 0)
})

t.test('require does not run a test where nothing can be measured', async (t) => {
  const probe = async () => {
    throw new Error('works on Linux only')
  }
  const skipped = await run(['require', 'child'], { probe })
  t.match(skipped, {
    code: 77,
    stdout: 'needs ptrace of a child; could not be measured here: works on Linux only\n',
  })
  t.equal((await run(['require', 'child'], { probe, env: { PTRACE_PROBE_REQUIRE: '1' } })).code, 1)
})

t.test('require takes only what is tried', async (t) => {
  for (const need of ['uncle', 'child+any', 'sibling/traceme', 'child/poke', 'sibling+', '+any']) {
    const { code, stdout, stderr, asked } = await run(['require', need])
    t.match({ code, stdout, asked }, { code: 2, stdout: '', asked: [] }, need)
    t.match(stderr, /^ptrace-probe: (?:Unknown (?:relation|consent|method)|No attempt) /, need)
  }
})

/** A process that waits; ends with the test. */
function sleeper(t: { teardown: (end: () => void) => void }): ChildProcess {
  const child = spawn('sleep', ['1000'], { stdio: 'ignore' })
  t.teardown(() => child.kill())
  return child
}

t.test('the built command judges a process and prints the same as JSON', async (t) => {
  const { pid } = sleeper(t)
  const json = cli(['check', '--json', String(pid)])
  const [answer] = JSON.parse(json.stdout) as [Verdict]
  t.match(answer, { schemaVersion: 1, pid, tracer: 'self', target: { name: 'sleep' } })
  const codes = { allowed: 0, denied: 1, undetermined: 3 }
  t.match(json, { code: codes[answer.verdict], stderr: '' })
  const text = cli(['check', String(pid)])
  t.match(text, { code: json.code, stderr: '' })
  t.equal(text.stdout.startsWith(answer.message.slice(0, 30)), true)
  t.ok(text.stdout.split('\n').every((line) => line.length <= 80))
})

t.test('the built command knows who is not there', async (t) => {
  const child = sleeper(t)
  child.kill()
  await once(child, 'exit')
  const { code, stdout } = cli(['check', '--json', String(child.pid)])
  t.equal(code, 1)
  t.match(JSON.parse(stdout), [{ target: null, verdict: 'denied', cause: 'no-such-process' }])
})

t.test('the built command finds processes by name, but not itself', async (t) => {
  const { pid = 0 } = sleeper(t)
  const named = JSON.parse(cli(['check', '--json', '--name', 'sleep']).stdout) as Verdict[]
  t.ok(named.some((each) => each.pid === pid))
  const node = cli(['check', '--json', '--name', 'node'])
  t.notOk((JSON.parse(node.stdout) as Verdict[]).some(({ cause }) => cause === 'self'))
})

t.test('the built command surveys the machine, a line a process', async (t) => {
  const { pid } = sleeper(t)
  const { code, stdout, stderr } = cli(['survey', '--json', '--tracer', 'self'])
  t.match({ code, stderr }, { code: 0, stderr: '' })
  const verdicts = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict)
  t.ok(verdicts.some((each) => each.pid === pid))
  t.ok(verdicts.some(({ cause }) => cause === 'self'))
  const text = cli(['survey', '--tracer', 'self'])
  t.match(text, { code: 0, stderr: '' })
  t.match(text.stdout, /^This process could read/)
  t.equal(shell('"$@" | head -n 1', ['survey', '--json', '--tracer', 'self']).stderr, '')
})

t.test('a survey on a terminal warns of nothing', needs.program('script'), async (t) => {
  const command = `'${process.execPath}' '${bin}' survey --json`
  const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
    encoding: 'utf8',
    env: environment(),
    timeout: 30_000,
  })
  t.equal(status, 0)
  t.notMatch(stdout, /warning/i)
  t.match(stdout, /^\{"schemaVersion":1,/)
})
