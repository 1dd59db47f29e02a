import { join } from 'node:path'
import t from 'tap'
import { diff } from '../../lib/fleet/diff.js'
import { readMeasured } from '../../lib/fleet/read.js'
import type { Envelope, Finding, Report } from '../../lib/model/index.js'
import { policies } from '../../lib/policy/table.js'
import { envelope } from '../helpers/envelopes.js'
import { report } from '../helpers/report.js'
import { configured } from '../helpers/systems.js'

const asked = policies.filter(({ id }) => id === 'stig')

/** `SUBJECT: MESSAGE` of each change. */
function changes(before: Report | Envelope, after: Report | Envelope): string[] {
  return diff(before, after).changes.map(({ subject, message }) => `${subject}: ${message}`)
}

t.test('nothing changed between two measurements of the same', async (t) => {
  t.match(diff(report({ yama: 1 }), report({ yama: 1 })), {
    schemaVersion: 1,
    message: 'Nothing changed.',
    changes: [],
    notCompared: [],
  })
  const both = envelope({ yama: 1 }, asked)
  t.strictSame(diff(both, both).changes, [])
})

t.test('another scope is told with what it lets in', async (t) => {
  t.strictSame(changes(report({ yama: 1 }), report({ yama: 0 })), [
    'enforced: The kernel enforced scope 1 (restricted), and enforces scope 0 (classic) now.',
    'effective: This process met scope 1 (restricted), and meets scope 0 (classic) now.',
    'attempts: For the process that measures, access to the parent, a sibling, an orphan, a sibling that named any process and took it back and a sibling that named another process was denied, and is allowed now.',
    'attempts: For a process without CAP_SYS_PTRACE, access to the parent, a sibling, an orphan, a sibling that named any process and took it back and a sibling that named another process was denied, and is allowed now.',
    'declared: The kernel declared scope 1 (restricted), and declares scope 0 (classic) now.',
  ])
})

t.test('methods are named where a target changed in part', async (t) => {
  const before = report({ yama: 0 })
  const after: Report = {
    ...before,
    observations: before.observations.map((each) =>
      each.id === 'unprivileged/sibling/attach' && each.status === 'allowed'
        ? { ...each, status: 'denied', step: 'try', syscall: 'ptrace', errno: 'EPERM' }
        : each,
    ),
  }
  t.strictSame(changes(before, after), [
    'attempts: For a process without CAP_SYS_PTRACE, access to a sibling (attach) was allowed, and is denied now.',
  ])
})

t.test('settings and policies are compared between envelopes', async (t) => {
  const before = envelope({ yama: 1 }, asked)
  const file = '/etc/sysctl.d/60-debug.conf'
  const persistent = { value: 1, file, line: 3, package: null } as const
  const after: Envelope = {
    ...envelope({ yama: 1 }, asked),
    settings: configured({ persistent, afterReboot: 1, drift: true }),
    asserts: before.asserts.map((each) => ({ ...each, met: false })),
  }
  t.strictSame(changes(before, after), [
    'policy: The policy stig was met before, and is not met now.',
    'after-reboot: A boot ended with scope 0 (classic), and ends with scope 1 (restricted) now.',
    `file: The scope was set by /usr/lib/sysctl.d/10-default-yama-scope.conf:2 of the package yama-ptrace-enable (0), and is set by ${file}:3 (1) now.`,
    'drift: A reboot would have kept the scope before, and would change it now.',
  ])
  const unknown = { ...after, asserts: before.asserts.map((each) => ({ ...each, met: null })) }
  t.match(changes(before, unknown)[0], 'was met before, and cannot be measured now.')
})

t.test('findings come and go', async (t) => {
  const found: Finding = {
    id: 'declared-differs',
    level: 'warning',
    message: 'The kernel declares 1.',
    evidence: [],
    remedies: [],
    source: 'https://docs.kernel.org/admin-guide/LSM/Yama.html',
  }
  const [without, withOne] = [report(), report({}, { findings: [found] })]
  t.strictSame(changes(without, withOne), [
    'finding: New warning declared-differs: The kernel declares 1.',
  ])
  t.strictSame(changes(withOne, without), ['finding: declared-differs is found no more.'])
})

t.test('what the rest has to be read with comes first: another host, another caller', async (t) => {
  const before = envelope({ yama: 1 }, [], { host: 'a' })
  const after = envelope({ yama: 1, capable: true }, [], { host: 'b' })
  const { changes, notCompared } = diff(before, after)
  t.strictSame(
    changes.slice(0, 2).map(({ message }) => message),
    [
      'These are two hosts: a, then b.',
      'It was measured as uid 1000, without CAP_SYS_PTRACE, and is measured as uid 0, with CAP_SYS_PTRACE now.',
    ],
  )
  t.notOk(
    changes.some(
      ({ subject, message }) => subject === 'effective' || /the process that/.test(message),
    ),
  )
  t.match(notCompared, ['The two were measured by different callers'])
})

t.test('kernel, system and version are told last', async (t) => {
  const before = report({ yama: 1 })
  const after: Report = {
    ...before,
    tool: { name: 'ptrace-probe', version: '9.9.9' },
    host: { ...before.host, kernel: '6.12.0', os: { id: null, version: null } },
  }
  t.strictSame(changes(before, after), [
    'kernel: The kernel was 6.1.0-56-amd64, and is 6.12.0 now.',
    'os: The system was debian 12, and is not named now.',
    'tool: ptrace-probe was 0.1.0, and is 9.9.9 now.',
  ])
})

t.test('no Yama and undecided scopes are told as what they are', async (t) => {
  t.match(changes(report({ yama: 1 }), report({ yama: null })), [
    'yama: Yama was active, and is not active now.',
    /enforces no scope of Yama now/,
  ])
  const undecided = report({ yama: 2, userNamespaces: false })
  t.match(
    changes(report({ yama: 1 }), undecided).join('\n'),
    /enforces scope 2 or 3, which could not be told apart now/,
  )
})

t.test('what only one of the two says is not compared, and that is said', async (t) => {
  const plain = report({ yama: 1 })
  const more: Report = {
    ...plain,
    observations: plain.observations.flatMap((each) =>
      each.id === 'unprivileged/sibling/attach'
        ? [each, { ...each, id: 'user:alice/sibling/attach', identity: 'user:alice' }]
        : [each],
    ),
  }
  t.strictSame(diff(plain, more).notCompared, ['Only the second was measured as user:alice.'])
  t.strictSame(diff(more, plain).notCompared, ['Only the first was measured as user:alice.'])
  t.strictSame(diff(envelope({ yama: 1 }), plain).notCompared, [
    'Only the first is an envelope, so settings and policies are not compared.',
  ])
  t.strictSame(diff(envelope({}, asked), envelope()).notCompared, [
    'Only the first was asked about the policy stig.',
  ])
  t.strictSame(diff(envelope(), envelope({}, asked)).notCompared, [
    'Only the second was asked about the policy stig.',
  ])
})

t.test('what is neither a report nor an envelope is refused', async (t) => {
  const wrong = JSON.parse('{}')
  t.throws(() => diff(wrong, report()), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: /^The first argument is neither a report nor an envelope: \/schemaVersion: expected/,
  })
  t.throws(() => diff(report(), wrong), /^TypeError: The second|The second/)
})

t.test('a file is read whether it has a report or an envelope', async (t) => {
  const directory = t.testdir({
    'report.json': JSON.stringify(report()),
    'envelope.json': JSON.stringify(envelope()),
    'no.json': 'no',
    'empty.json': '{}',
  })
  t.match(readMeasured(join(directory, 'report.json')), { host: null, settings: null })
  t.match(readMeasured(join(directory, 'envelope.json')), { host: 'a.example', asserts: [] })
  for (const [name, message] of [
    ['no.json', /no\.json': expected a report or an envelope as JSON$/],
    ['empty.json', /empty\.json': expected a report or an envelope, \/schemaVersion: expected/],
    ['absent.json', /absent\.json': no such file or directory$/],
  ] as const) {
    t.throws(() => readMeasured(join(directory, name)), { code: 'ERR_INVALID_ARG_VALUE', message })
  }
})
