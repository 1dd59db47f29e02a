import t from 'tap'
import { collected as fact } from '../../lib/format/ansible-fact.js'
import { markdown as changes, render as renderChanges } from '../../lib/format/difference.js'
import { markdown, render } from '../../lib/format/fleet.js'
import { collected as nfd } from '../../lib/format/nfd.js'
import { collected as prometheus } from '../../lib/format/prometheus.js'
import type { Difference, Fleet } from '../../lib/model/index.js'
import { policies } from '../../lib/policy/table.js'
import { envelope } from '../helpers/envelopes.js'

const style = { color: false, unicode: false, columns: 80 }
const asked = policies.filter(({ id }) => id === 'stig')

const fleet: Fleet = {
  schemaVersion: 1,
  tool: { name: 'ptrace-probe', version: '0.1.0' },
  message: '7 hosts enforce 2 different things; most of them, 6: 1 (restricted), proved.',
  envelopes: 8,
  hosts: 7,
  enforced: [
    { value: '1 (restricted), proved', count: 6, hosts: ['a', 'b', 'c', 'd', 'e'] },
    { value: '0 (classic), proved', count: 1, hosts: ['f|g'] },
  ],
  agreement: [{ value: 'as declared', count: 7, hosts: ['a', 'b', 'c', 'd', 'e'] }],
  drift: [],
  afterReboot: [],
  findings: [],
  policies: [{ id: 'stig', answers: [{ value: 'met', count: 6, hosts: ['a'] }] }],
  kernels: [],
  unread: {
    count: 7,
    first: [{ place: 'x.ndjson:1', reason: 'expected an envelope as one line of JSON' }],
  },
}

t.test('a fleet is groups of hosts, with what could not be read last', async (t) => {
  t.equal(
    render(fleet, style),
    `7 hosts enforce 2 different things; most of them, 6: 1 (restricted), proved.

Enforced scope
  6: 1 (restricted), proved (a, b, c, d, e and 1 more)
  1: 0 (classic), proved (f|g)

Declared and enforced
  7: as declared (a, b, c, d, e and 2 more)

Policy stig
  6: met (a and 5 more)

Not read
  x.ndjson:1: expected an envelope as one line of JSON
  6 more
`,
  )
  t.equal(render(fleet, { ...style, detail: 'quiet' }), `${fleet.message}\n`)
})

t.test('a fleet is the same in Markdown', async (t) => {
  const text = markdown(fleet, style)
  t.match(text, '| 6 | 1 (restricted), proved | `a`, `b`, `c`, `d`, `e` and 1 more |')
  t.match(text, '| 1 | 0 (classic), proved | `f\\|g` |')
  t.match(text, '## Not read: 7\n\n| Where | Why |')
  t.equal(markdown(fleet, { ...style, detail: 'quiet' }), `**${fleet.message}**\n`)
  t.notMatch(markdown({ ...fleet, unread: { count: 0, first: [] } }, style), 'Not read')
  t.notMatch(render({ ...fleet, unread: { count: 0, first: [] } }, style), 'Not read')
})

const difference: Difference = {
  schemaVersion: 1,
  tool: { name: 'ptrace-probe', version: '0.1.0' },
  message: 'One thing changed.',
  before: { host: 'a', time: '2026-11-21T12:00:00.000Z' },
  after: { host: null, time: '2026-11-22T12:00:00.000Z' },
  changes: [
    { subject: 'kernel', before: '1', after: '2', message: 'The kernel was 1, and is 2 now.' },
  ],
  notCompared: ['Only the first is an envelope, so settings and policies are not compared.'],
}

t.test('changes are sentences, in text and in Markdown', async (t) => {
  t.equal(
    renderChanges(difference, style),
    `One thing changed.
Before: a, 2026-11-21T12:00:00.000Z. After: 2026-11-22T12:00:00.000Z.

  - The kernel was 1, and is 2 now.

Only the first is an envelope, so settings and policies are not compared.
`,
  )
  t.match(
    changes(difference, style),
    /^\*\*One thing changed\.\*\*\n\n.*\n\n- The kernel was 1, and is 2/,
  )
  t.equal(renderChanges(difference, { ...style, detail: 'quiet' }), 'One thing changed.\n')
  t.equal(changes(difference, { ...style, detail: 'quiet' }), '**One thing changed.**\n')
})

t.test('Prometheus gets a sample for what is known, and none for what is not', async (t) => {
  const text = prometheus(envelope({ yama: 1 }, asked))
  t.match(text, /^ptrace_probe_yama_active 1$/m)
  t.match(text, /^ptrace_probe_scope_enforced 1$/m)
  t.match(text, /^ptrace_probe_scope_after_reboot 0$/m)
  t.match(text, /^ptrace_probe_policy_met\{policy="stig"\} 1$/m)
  t.match(text, /^ptrace_probe_collected_timestamp_seconds 1795262400$/m)
  const without = prometheus(envelope({ yama: null }))
  t.match(without, /^ptrace_probe_yama_active 0$/m)
  t.notMatch(without, 'ptrace_probe_scope_enforced')
  t.notMatch(without, 'ptrace_probe_policy_met')
})

t.test('a label of Prometheus takes any text', async (t) => {
  const plain = envelope({ yama: 1 })
  const host = { ...plain.report.host, kernel: '"\\\n\ud800' }
  const text = prometheus({ ...plain, report: { ...plain.report, host } })
  t.match(text, '{version="0.1.0",kernel="\\"\\\\\\n\ufffd",arch="x64"} 1\n')
})

t.test('Ansible gets what playbooks decide by', async (t) => {
  t.match(JSON.parse(fact(envelope({ yama: 1 }, asked))), {
    schema_version: 1,
    yama: true,
    enforced: { value: 1, name: 'restricted', certainty: 'proved' },
    after_reboot: 0,
    policies: { stig: true },
  })
})

t.test('NFD gets labels that expire, and none for what is not known', async (t) => {
  const text = nfd(envelope({ yama: null }, asked))
  t.match(text, /^# \+expiry-time=2026-11-22T12:00:00Z\n/)
  t.notMatch(text, /scope=|null/)
  t.match(text, /^feature\.node\.kubernetes\.io\/ptrace-probe\.policy\.stig=false$/m)
  const long = { ...policies[0], id: `a${'-'.repeat(63)}`, origin: 'program' } as const
  const lines = nfd(
    envelope({ yama: 1 }, [
      { scope: [1], title: '', source: null, date: null, relations: [], ...long },
    ]),
  )
    .trim()
    .split('\n')
    .slice(1)
  // Kubernetes, "Labels and Selectors": what a name and a value may consist of.
  const part = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?'
  for (const line of lines) {
    t.match(line, new RegExp(`^feature\\.node\\.kubernetes\\.io/${part}=${part}$`))
  }
})
