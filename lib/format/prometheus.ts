import type { Envelope, Evaluation, Scope } from '../model/index.js'

type Labels = Readonly<Record<string, string>>
interface Sample {
  readonly value: number
  readonly labels?: Labels
}
type Row = readonly [
  name: string,
  about: string,
  samples: (envelope: Envelope) => readonly Sample[],
]

/** The metrics. What is not known has no sample: a number that stands for nothing would be summed up. */
const rows: readonly Row[] = [
  [
    'info',
    'Who measured where; always 1.',
    ({ report: { tool, host } }) => [
      { value: 1, labels: { version: tool.version, kernel: host.kernel, arch: host.arch } },
    ],
  ],
  [
    'collected_timestamp_seconds',
    'When it was measured, in seconds since the epoch.',
    ({ collected }) => [{ value: Date.parse(collected) / 1000 }],
  ],
  ['yama_active', 'Whether Yama is active.', ({ report }) => flag(report.scope.yama)],
  [
    'scope_enforced',
    'The scope of Yama that the kernel enforces, found out by trying.',
    ({ report }) => scope(report.scope.enforced.value),
  ],
  [
    'scope_declared',
    'The scope that the kernel declares in kernel.yama.ptrace_scope.',
    ({ report }) => scope(report.scope.declared.value),
  ],
  [
    'scope_after_reboot',
    'The scope that a boot would end with.',
    ({ settings }) => scope(settings.afterReboot),
  ],
  [
    'scope_proved',
    'Whether the enforced scope is proved.',
    ({ report }) => flag(report.scope.enforced.certainty === 'proved'),
  ],
  [
    'scope_agrees',
    'Whether the kernel enforces what it declares.',
    ({ report }) => flag(report.scope.agrees),
  ],
  ['drift', 'Whether a reboot changes the scope.', ({ settings }) => flag(settings.drift)],
  [
    'finding',
    'A finding of the report; always 1.',
    ({ report }) => report.findings.map(({ id, level }) => ({ value: 1, labels: { id, level } })),
  ],
  ['policy_met', 'Whether the host meets a policy.', ({ asserts }) => asserts.flatMap(met)],
]

/** Metrics for the textfile collector of node_exporter, in the text format of Prometheus. */
export function collected(envelope: Envelope): string {
  return rows
    .flatMap(([name, about, samplesOf]) => {
      const metric = `ptrace_probe_${name}`
      const samples = samplesOf(envelope)
      if (samples.length === 0) return []
      const head = [`# HELP ${metric} ${about}`, `# TYPE ${metric} gauge`]
      return [...head, ...samples.map(({ value, labels }) => `${metric}${listed(labels)} ${value}`)]
    })
    .map((line) => `${line}\n`)
    .join('')
}

function flag(value: boolean | null): readonly Sample[] {
  return value === null ? [] : [{ value: Number(value) }]
}

function scope(value: Scope | null): readonly Sample[] {
  return value === null ? [] : [{ value }]
}

function met({ policy, met }: Evaluation): readonly Sample[] {
  return flag(met).map((sample) => ({ ...sample, labels: { policy: policy.id } }))
}

function listed(labels: Labels = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(text: string): string {
  return text
    .replace(/[\\"]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\p{Cs}/gu, '\ufffd')
}
