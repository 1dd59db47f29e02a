import t from 'tap'
import { rendererFor } from '../../lib/format/formats.js'
import { practices } from '../../lib/format/operations.js'
import { render } from '../../lib/format/report.js'
import { plain, type Style, wrap } from '../../lib/format/terminal.js'
import { views } from '../../lib/format/views.js'
import type { Finding, Observation } from '../../lib/model/index.js'
import { judgeUse, uses } from '../../lib/probe/operations.js'
import { type Machine, refused } from '../helpers/model.js'
import { report, unknownScope } from '../helpers/report.js'

const style: Style = { color: false, unicode: true, columns: 80 }
const ascii: Style = { ...style, unicode: false }

const finding: Finding = {
  id: 'another-rule',
  level: 'info',
  message:
    'A message with a dash \u2013 and words enough to need more than one line of a terminal.',
  evidence: [],
  remedies: [
    {
      id: 'start-under-debugger',
      does: 'Start the program under the debugger.',
      command: 'gdb --args PROGRAM ARGUMENT',
      needs: 'nothing',
      lasts: 'process',
      weakens: 'nothing',
    },
    {
      id: 'run-longer',
      does: 'Run a command that is longer than a line.',
      command: `true ${'x'.repeat(100)}`,
      needs: 'root',
      lasts: 'boot',
      weakens: 'machine',
    },
  ],
  source: 'https://docs.kernel.org/admin-guide/LSM/Yama.html',
}

/** Every combination of what the model knows. */
function* machines(): Generator<Partial<Machine>> {
  for (const yama of [null, 0, 1, 2, 3] as const) {
    for (const ptraceFilter of [null, 'EPERM', 'ENOSYS', 'KILL'] as const) {
      for (const bits of Array.from({ length: 32 }, (_, index) => index)) {
        yield {
          yama,
          ptraceFilter,
          capable: (bits & 1) > 0,
          userNamespaces: (bits & 2) > 0,
          traced: (bits & 4) > 0,
          prctlFilter: (bits & 8) > 0 ? 'EPERM' : null,
          otherCallsFiltered: (bits & 16) > 0,
          users: bits & 1 ? ['alice', 'a-user-with-a-rather-long-name'] : [],
          mac: bits === 3 ? 'selinux' : bits === 7 ? 'apparmor' : null,
        }
      }
    }
  }
}

const texts = (shown: Style) =>
  [...machines()].map((machine) => render(report(machine, { findings: [finding] }), shown))

const opening = (text: string) => text.slice(0, text.indexOf('\n\n')).replaceAll('\n', ' ')

t.test('the whole report of an ordinary user under scope 1', async (t) => {
  t.equal(
    render(report({}), style),
    `Yama restricts ptrace on this machine: a process may attach only to its own
descendants or to one that named it (scope 1, restricted). Proved by trying.

What was tried as this process (uid 1000, without CAP_SYS_PTRACE)
  target                      attach seize traceme vm-read pidfd-getfd proc-mem
  child                       ✓      ✓     ✓       ✓       ✓           ✓
  grandchild                  ✓      ✓             ✓       ✓           ✓
  adopted orphan              ✓      ✓     ✓       ✓       ✓           ✓
  parent                      ✗      ✗             ✗       ✗           ✗
  sibling                     ✗      ✗             ✗       ✗           ✗
  orphan                      ✗      ✗             ✗       ✗           ✗
  parent, named the tracer    ✓      ✓             ✓       ✓           ✓
  sibling, named the tracer   ✓      ✓             ✓       ✓           ✓
  sibling, named its ancestor ✓      ✓             ✓       ✓           ✓
  sibling, named any process  ✓      ✓             ✓       ✓           ✓
  sibling, named any, revoked ✗      ✗             ✗       ✗           ✗
  sibling, named another      ✗      ✗             ✗       ✗           ✗
  orphan, named any process   ✓      ✓             ✓       ✓           ✓
  child in a user namespace   ✓      ✓     ✓       ✓       ✓           ✓
  sibling in a user namespace ✓      ✓             ✓       ✓           ✓
  ✓ allowed, ✗ refused (EPERM, EACCES from proc-mem), blank: not tried

Scope
  Yama       active, enforcing  whether it is there and restricts anything
  declared   1 (restricted)     /proc/sys/kernel/yama/ptrace_scope
  enforced   1 (restricted)     proved, as declared
  effective  1 (restricted)     what this process meets (uid 1000)
  Measured on Linux 6.1.0-56-amd64, x64, debian 12, in 4.3 ms.
  Yama refused 50 of these attempts and logs each, at most 10 in 5 seconds.

In practice, judging by the attempts above
  gdb PROG, strace PROG (started under it)     works
  gdb -p PID, strace -p PID (same user)        refused
  rr record PROG (needs performance counters)  works
  jhsdb --pid PID (same user)                  refused
  criu dump -t PID (its attach only)           refused
  crash handler, a child of the program        refused
  crash handler, started beside the program    refused
  crash handler named with PR_SET_PTRACER      works
  LeakSanitizer (it names its tracer)          works
  profilers that read memory (such as py-spy)  refused

Strategy for a crash handler, judging by the attempts above
  for programs of its own user  consent
  for programs of another user  broker
  consent: the program names the handler with PR_SET_PTRACER, then the handler
  attaches
  broker: the program forks a broker, which attaches for the handler; with Yama
  the program names it with PR_SET_PTRACER

Decided by other rules than the scope, and not tried here
  core dumps      RLIMIT_CORE, kernel.core_pattern and PR_SET_DUMPABLE
  perf            kernel.perf_event_paranoid or CAP_PERFMON; Yama is not asked
  eBPF profilers  CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN
  Core dumps were tried in booted machines: the kernel wrote them at every
  scope. Here a crash would leave a file or start a program of the machine
  (core(5)).
  Root was not tried, for this process lacks CAP_SYS_PTRACE. In booted machines
  scopes 0, 1 and 2 did not restrict root, and scope 3 did.

Next
  ptrace-probe check PID  whether one process may be attached to, or why not
  ptrace-probe survey     the same for all processes, summed up
  ptrace-probe --json     this report and every detail, for a program
  ptrace-probe --help     all commands and options
`,
  )
})

t.test('a root without Yama is told in ASCII that nothing restricts', async (t) => {
  const text = render(report({ yama: null, capable: true }), ascii)
  t.match(text, /^Nothing restricts one process of a user from attaching to another process/)
  t.match(text, /\n {2}sibling {21}ok {5}ok {12}ok/)
  t.match(text, 'could not be made: prctl\n  failed with EINVAL.')
  t.match(text, /\n {2}declared {3}not declared {2}\/proc/)
  t.match(text, /\n {2}enforced {3}no Yama {7}proved\n/)
  t.match(text, 'ptrace-probe --as-user NAME')
  t.notMatch(text, /refused|skipped/)
})

const openings: readonly (readonly [string, Partial<Machine>, ...RegExp[]])[] = [
  [
    'scope 0',
    { yama: 0 },
    /^Yama is active but restricts nothing: .*\(scope 0, classic\)\. Proved/,
  ],
  ['scope 1', { yama: 1 }, /^Yama restricts .* own descendants .*\(scope 1, restricted\)\. Proved/],
  ['scope 2', { yama: 2 }, /^Yama reserves .* CAP_SYS_PTRACE .*\(scope 2, admin-only\)\. Proved/],
  [
    'scope 3',
    { yama: 3 },
    /^Yama forbids .* not even with CAP_SYS_PTRACE \(scope 3, no-attach\)\./,
  ],
  [
    'no Yama',
    { yama: null },
    /^Nothing restricts .* same user: this kernel runs without Yama\. Proved/,
  ],
  [
    'scope 2 or 3',
    { yama: 3, userNamespaces: false },
    /^Yama lets no unprivileged process attach .* that is proved\. Whether scope 2 .* or 3 /,
  ],
  [
    'Yama absent or open',
    { yama: null, prctlFilter: 'EPERM' },
    /^One process of a user may attach .* Whether Yama is at scope 0 .* could not be told\.$/,
  ],
  [
    'scope 1 seen by a capable process',
    { capable: true },
    /^Yama restricts .* This process may do more than that, as under scope 0 \(classic\), because it has CAP_SYS_PTRACE/,
  ],
  [
    'a filter with an error',
    { ptraceFilter: 'ENOSYS' },
    /^Yama restricts .* This process cannot use ptrace whatever the scope: the call fails with ENOSYS/,
  ],
  ['a filter that kills', { ptraceFilter: 'KILL' }, /cannot use ptrace .* answered with SIGSYS/],
  ['a rule behind Yama', { mac: 'selinux' }, /This process may attach to nothing, and that is not/],
]
for (const [name, machine, ...expected] of openings) {
  t.test(`the report opens with what matters: ${name}`, async (t) => {
    for (const pattern of expected) t.match(opening(render(report(machine), style)), pattern)
  })
}

t.test('a declared scope that is not enforced is said at once', async (t) => {
  const text = render(report({ yama: 1 }, { declared: 3 }), style)
  t.match(opening(text), 'The kernel declares 3 in /proc/sys/kernel/yama/ptrace_scope, but what')
  t.match(text, 'proved, NOT as declared')
  const absent = render(report({ yama: null }, { declared: 1 }), style)
  t.match(opening(absent), 'but what it enforces is nothing: Yama is not active.')
  const strict = render(report({ yama: 3, userNamespaces: false }, { declared: 1 }), style)
  t.match(opening(strict), 'but what it enforces is 2 or 3.')
  t.notMatch(render(report({ yama: 3, userNamespaces: false }), style), 'declares')
})

t.test('where nothing is known of the scope, what is known is said', async (t) => {
  const base = report({ otherCallsFiltered: true, ptraceFilter: 'EPERM' })
  const scope = { ...base.scope, enforced: unknownScope, agrees: null }
  const text = opening(render({ ...base, scope }, style))
  t.match(
    text,
    /could not be determined\. .* own child is allowed and access to a sibling is refused/,
  )
})

t.test('without Yama a refusal is not said to be no restriction', async (t) => {
  const base = report({ yama: null })
  const observations = base.observations.map((observation): Observation => {
    return refused(observation, 'EACCES')
  })
  t.match(
    opening(render({ ...base, observations }, style)),
    /^Yama is not active .* something else/,
  )
})

t.test('a process that can do everything needs no second table', async (t) => {
  const able = report({ yama: 2, capable: true })
  const own = able.observations.filter(({ identity }) => identity === 'caller')
  const text = render(able, style)
  const summary = `As this process (uid 0, with CAP_SYS_PTRACE): all ${own.length} attempts were allowed.`
  t.match(text, summary)
  t.match(text, /ordinary user {2}this process\n {2}gdb PROG.* refused {8}works\n/)
})

t.test('users that got the same answers share a table', async (t) => {
  const text = render(report({ capable: true, users: ['alice'] }), style)
  t.match(text, 'as an ordinary user (without CAP_SYS_PTRACE) and user alice\n')
  t.equal(text.split('  target ').length, 2)
  t.match(text, /ordinary users {2}this process\n/)
})

t.test('an unusual answer is spelled out in the legend', async (t) => {
  t.match(render(report({ ptraceFilter: 'ENOSYS' }), style), '✗* refused (ENOSYS)')
  t.match(render(report({ ptraceFilter: 'KILL' }), style), '✗* killed by SIGSYS')
  const traced = render(report({ traced: true }), { ...style, columns: 200 })
  t.match(traced.replaceAll('\n  ', ' '), '?* inconclusive (the target has a tracer already)')
  const base = report()
  const observations = base.observations.map((each): Observation => {
    if (each.relation === 'parent') return refused(each, 'EACCES')
    const late = { ...each, status: 'inconclusive', step: 'deadline', syscall: null } as const
    return each.relation === 'orphan' ? late : each
  })
  const mixed = render({ ...base, observations }, ascii)
  t.match(mixed, /\n {2}parent {22}no1 {4}no1 .* no\n/)
  t.match(mixed, /\n {2}orphan {22}\?2 /)
  t.match(mixed.replaceAll('\n  ', ' '), 'no1 refused (EACCES), ?2 inconclusive (out of time)')
})

t.test('every cell of a table is the status of its observation', async (t) => {
  const signs = { allowed: '✓', denied: '✗', unavailable: '–', inconclusive: '?' }
  const wrong: unknown[] = []
  const columns = ['attach', 'seize', 'traceme', 'vm-read', 'pidfd-getfd', 'proc-mem']
  for (const machine of machines()) {
    const world = report(machine)
    const [first] = views(world)
    const lines = render(world, style).split('\n')
    const head = lines.find((line) => line.startsWith('  target'))
    for (const [key, { status }] of first?.cells ?? []) {
      const [relation = '', method = ''] = key.split('/')
      const line = lines.find((candidate) => new RegExp(`^  ${relation}  `).test(candidate))
      if (!line || !head || !columns.includes(method)) continue
      const shown = line.at(head.indexOf(` ${method}`) + 1)
      if (shown !== signs[status]) wrong.push({ key, status, shown, machine })
    }
  }
  t.same(wrong, [])
})

t.test('what works in practice follows from the attempts', async (t) => {
  const judged = (machine: Partial<Machine>, identity: 'caller' | 'unprivileged') => {
    const view = views(report(machine)).find(({ identities }) => identities.includes(identity))
    return practices
      .map(([, use]) => (view ? judgeUse(uses[use], view.cells)?.outcome : null))
      .join(' ')
  }
  const everything = Array(practices.length).fill('works').join(' ')
  const nothing = Array(practices.length).fill('refused').join(' ')
  t.equal(judged({ yama: 0 }, 'unprivileged'), everything)
  t.equal(judged({ yama: null }, 'unprivileged'), everything)
  t.equal(
    judged({ yama: 1 }, 'unprivileged'),
    'works refused works refused refused refused refused works works refused',
  )
  t.equal(judged({ yama: 2 }, 'unprivileged'), nothing)
  t.equal(judged({ yama: 2, capable: true }, 'caller'), everything)
  t.equal(judged({ yama: 3, capable: true }, 'caller'), nothing)
  t.equal(
    judged({ yama: 0, ptraceFilter: 'EPERM' }, 'caller'),
    'refused refused refused refused refused refused refused refused refused works',
  )
  t.equal(
    judged({ yama: 0, traced: true }, 'caller'),
    `${Array(practices.length - 1)
      .fill('undetermined')
      .join(' ')} works`,
  )
})

t.test(
  'a use is not said to work where only some of its attempts were made or allowed',
  async (t) => {
    const { observations } = report({ yama: 0 })
    const cells = (change: (observation: Observation) => Observation | null) => {
      const changed = observations.map(change).filter((each) => each !== null)
      return views({ ...report(), observations: changed })[0]?.cells ?? new Map()
    }
    const start = uses['trace-child']
    const partly = cells((o) => (o.method === 'seize' ? refused(o, 'EPERM') : o))
    t.equal(judgeUse(start, partly)?.outcome, 'partly')
    const none = cells(() => null)
    t.equal(judgeUse(start, none), null)
  },
)

t.test('no machine makes a line too long, a trailing space or an empty section', async (t) => {
  for (const columns of [80, 200, 60, 40]) {
    const width = Math.min(80, columns)
    const isBad = (line: string) =>
      /\s$/.test(line) || (line.length > width && !/^\s+true x+$/.test(line))
    const bad = texts({ ...style, columns }).filter((text) => {
      const lines = text.replace(/\n$/, '').split('\n')
      return (
        lines.some((line) => line !== '' && isBad(line)) || /^\n|\n{3}|undefined|null/.test(text)
      )
    })
    t.equal(bad[0], undefined, `${columns} columns`)
  }
})

t.test('no machine needs more than ASCII where the locale is not UTF-8', async (t) => {
  t.equal(
    texts(ascii).find((text) => /\P{ASCII}/u.test(text)),
    undefined,
  )
})

t.test('colour is nothing but colour', async (t) => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: SGR sequences begin with one
  const bare = (text: string) => text.replace(/\u001b\[\d+m/g, '')
  const colored = texts({ ...style, color: true })
  t.ok(colored.every((text) => text.startsWith('\u001b[')))
  t.equal(colored.map(bare).join(), texts(style).join())
  t.notMatch(texts(style).join(), '\u001b')
})

t.test('a command is never broken', async (t) => {
  t.match(render(report({}, { findings: [finding] }), style), `        true ${'x'.repeat(100)}\n`)
})

t.test('the gravest finding comes first, its remedies in their order', async (t) => {
  const findings = (['info', 'error', 'warning'] as const).map((level) => ({ ...finding, level }))
  const text = render(report({}, { findings }), style)
  const levels = [...text.matchAll(/^ {2}(info|warning|error)\[[a-z-]+\]: /gm)].map(
    ([, level]) => level,
  )
  t.same(levels, ['error', 'warning', 'info'])
  t.ok(text.indexOf('Start the program') < text.indexOf('Run a command'))
  t.match(text, '(needs no privilege, lasts as long as\n      the process, weakens nothing)')
})

t.test('a finding has its id, and in detail what was seen and who says so', async (t) => {
  const world = report({}, { findings: [{ ...finding, evidence: ['control/yama'] }] })
  t.match(render(world, style), `[${finding.id}]: `)
  t.notMatch(render(world, style), 'source: ')
  const full = render(world, { ...style, detail: 'verbose' })
  t.match(full, '    seen: control/yama')
  t.match(full, `    source: ${finding.source}`)
  t.equal(
    render(world, { ...style, detail: 'quiet' })
      .trimEnd()
      .split('\n\n').length,
    1,
  )
})

t.test('a verdict that scrolls out of the terminal is the last thing as well', async (t) => {
  const text = render(report(), { ...style, rows: 10 })
  const [verdict = ''] = text.split('\n\n')
  t.ok(text.endsWith(`\n\n${verdict}\n`))
  t.equal(render(report(), { ...style, rows: 1000 }), render(report(), style))
})

t.test('what a machine contains cannot command a terminal', async (t) => {
  t.equal(plain('a\u001b[31mb\nc\u202e\u2028', style), 'a?[31mb?c??')
  t.equal(plain('caf\u00e9\u2026', ascii), 'caf?...')
  const hostile = { ...finding, message: 'evil \u001b]0;title\u0007', remedies: [] }
  t.notMatch(render(report({}, { findings: [hostile] }), style), '\u001b')
})

t.test('wrapping keeps words whole', async (t) => {
  t.same(wrap('aa bb', { ...style, columns: 40 }, '  '), ['  aa bb'])
  t.same(wrap('', style), [])
  t.same(wrap(`a ${'x'.repeat(90)} b`, style), ['a', 'x'.repeat(90), 'b'])
})

t.test('JSON is the report itself', async (t) => {
  const alone = async () => {
    throw new Error('This format asks for nothing more')
  }
  const json = await rendererFor('report', 'json')
  t.same(JSON.parse(await json(report(), style, alone)), report())
  const text = await rendererFor('report', 'text')
  t.equal(await text(report(), style, alone), render(report(), style))
})

t.test(
  'in a narrow terminal no mark is torn from its method, and no blank is explained',
  async (t) => {
    for (const columns of [40, 50, 60]) {
      const text = render(report(), { ...style, columns })
      t.notMatch(text, /[✓✗?]$/m)
      t.notMatch(text, 'blank')
      t.match(text, /^ {2}enforced: 1 \(restricted\) \(proved, as\s+declared\)$/m)
      t.match(text, /^ {2}ptrace-probe survey: the same/m)
    }
  },
)
