import type { Envelope } from '../model/index.js'
import { asciiJson } from './json.js'

/**
 * A static fact for /etc/ansible/facts.d/ptrace_probe.fact: what playbooks decide by. The names are
 * Ansible's: in lower case, with underscores.
 */
export function collected({ collected, report, settings, asserts }: Envelope): string {
  const { enforced, effective, declared, agrees, yama } = report.scope
  return `${asciiJson(
    {
      schema_version: 1,
      version: report.tool.version,
      collected,
      yama,
      enforced: { value: enforced.value, name: enforced.name, certainty: enforced.certainty },
      effective: { value: effective.value, name: effective.name },
      declared: declared.value,
      agrees,
      after_reboot: settings.afterReboot,
      drift: settings.drift,
      set_by: settings.persistent.file,
      findings: report.findings.map(({ id }) => id),
      policies: Object.fromEntries(asserts.map(({ policy, met }) => [policy.id, met])),
    },
    2,
  )}\n`
}
