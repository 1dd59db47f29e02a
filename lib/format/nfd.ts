import type { Envelope } from '../model/index.js'

const prefix = 'feature.node.kubernetes.io/ptrace-probe'

/** What was measured is not told for longer: a scope may change while the node runs. */
const validForMs = 24 * 60 * 60 * 1000

/**
 * A feature file for Node Feature Discovery, which makes labels of a node from it. What is not known
 * has no label, and all of them expire: no label is better than an old one.
 */
export function collected({ collected, report, settings, asserts }: Envelope): string {
  const { enforced, yama, agrees } = report.scope
  const labels: readonly (readonly [name: string, value: string | number | boolean | null])[] = [
    ['yama', yama],
    ['scope', enforced.value],
    ['scope-name', enforced.name],
    ['certainty', enforced.certainty],
    ['agrees', agrees],
    ['after-reboot', settings.afterReboot],
    ...asserts.map(({ policy, met }) => [`policy.${policy.id}`, met] as const),
  ]
  const expiry = new Date(Date.parse(collected) + validForMs).toISOString().replace(/\.\d+Z$/, 'Z')
  return [
    `# +expiry-time=${expiry}`,
    ...labels.flatMap(([name, value]) => (value === null ? [] : [`${label(name)}=${value}`])),
    '',
  ].join('\n')
}

/** The name behind the prefix has at most 63 characters (Kubernetes, "Labels and Selectors"). */
function label(name: string): string {
  return `${prefix}.${name}`.slice(0, prefix.indexOf('/') + 1 + longestName).replace(/[-.]+$/, '')
}

const longestName = 63
