/** Envelopes of modelled hosts. */

import type { Envelope, Policy, SettingsReport } from '../../lib/model/index.js'
import { judgePolicy } from '../../lib/policy/evaluate.js'
import { policies } from '../../lib/policy/table.js'
import type { Machine } from './model.js'
import { type Circumstances, report } from './report.js'
import { configured } from './systems.js'

/** The envelope of a machine. */
export function envelope(
  differences: Partial<Machine> = {},
  policies: readonly Policy[] = [],
  { host = 'a.example', ...circumstances }: Circumstances & { readonly host?: string } = {},
): Envelope {
  const measured = report(differences, circumstances)
  return {
    schemaVersion: 1,
    host,
    collected: measured.time,
    report: measured,
    settings: configured(),
    asserts: policies.map((policy) => judgePolicy(measured, policy)),
  }
}

/** A stream of that text, in pieces of that size. */
export async function* bytes(text: string, size = 7): AsyncIterable<Buffer> {
  const whole = Buffer.from(text)
  for (let from = 0; from < whole.length; from += size) yield whole.subarray(from, from + size)
}

const configuredAt = (scope: 0 | 1): SettingsReport =>
  configured({
    declared: { value: scope, source: '/proc/sys/kernel/yama/ptrace_scope' },
    persistent: {
      value: scope,
      file: `/etc/sysctl.d/${scope === 0 ? '60-debug' : '10-ptrace'}.conf`,
      line: 1,
      package: scope === 0 ? null : 'procps',
    },
    afterReboot: scope,
  })

/** One host of the fleet that the guide is about, at that scope. */
export function fleetEnvelope(host = 'web1', scope: 0 | 1 = 1): Envelope {
  const asked = policies.filter(({ id }) => id === 'stig')
  return { ...envelope({ yama: scope }, asked, { host }), settings: configuredAt(scope) }
}

/** Its files: three web servers and a host for builds, and one of them before and after a change. */
export function fleetOf() {
  const at = (host: string, scope: 0 | 1): string =>
    `${JSON.stringify(fleetEnvelope(host, scope))}\n`
  return {
    hosts: {
      'build.json': at('build', 0),
      'web1.json': at('web1', 1),
      'web2.json': at('web2', 1),
      'web3.json': `${at('web3', 1)}cut off`,
    },
    'before.json': at('web1', 1),
    'after.json': at('web1', 0),
  }
}
