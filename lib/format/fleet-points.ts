import type { Fleet, FleetPolicy, HostGroup } from '../model/index.js'

/** One thing that is expected of a fleet. */
export interface FleetPoint {
  /** The policy, or `envelopes`. */
  readonly subject: string
  readonly expected: string
  /** Null where some host could not be measured, and no host fails. */
  readonly met: boolean | null
  readonly found: string
}

/** A point for each policy that hosts were asked about, and one for what could not be read. */
export function pointsOf({ policies, unread, envelopes }: Fleet): FleetPoint[] {
  return [
    {
      subject: 'envelopes',
      expected: 'every line and file is read',
      met: unread.count === 0,
      found: [
        `${envelopes} read, ${unread.count} not read`,
        ...unread.first.map(({ place, reason }) => `${place}: ${reason}`),
      ].join('; '),
    },
    ...policies.map(policyPoint),
  ]
}

function policyPoint({ id, answers }: FleetPolicy): FleetPoint {
  const has = (value: string) => answers.some((group) => group.value === value && group.count > 0)
  return {
    subject: id,
    expected: 'every host meets it',
    met: has('not met') ? false : has('unknown') ? null : true,
    found: answers.map(described).join('; '),
  }
}

function described({ value, count, hosts }: HostGroup): string {
  const more = count > hosts.length ? ` and ${count - hosts.length} more` : ''
  return `${count} ${value} (${hosts.join(', ')}${more})`
}
