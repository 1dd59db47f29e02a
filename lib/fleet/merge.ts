import { version } from '../engine/index.js'
import { type BadLine, type Fleet, type HostGroup, namedScope, visible } from '../model/index.js'
import { type Line, linesOf } from './lines.js'
import { type Merged, type Read, readMerged } from './shape.js'
import { type Source, type Unreadable, wordsOf } from './sources.js'

/** What is told while it is read. */
export interface Progress {
  /** After each envelope. */
  readonly read: (envelopes: number) => void
  /** For each line and file that cannot be read. */
  readonly failed: (bad: BadLine) => void
}

/**
 * Everything that is summed up of one host. Hosts that share every fact share one, so that a host
 * takes a hundred bytes.
 */
interface Profile {
  readonly enforced: string
  readonly agreement: string
  readonly drift: string
  readonly afterReboot: string
  readonly kernel: string
  readonly findings: readonly string[]
  readonly policies: readonly (readonly [id: string, answer: string])[]
}

/** The latest of each host, in lists beside one another: an object for each would double its size. */
interface Hosts {
  readonly indexes: Map<string, number>
  readonly collected: number[]
  readonly profiles: Profile[]
  /** Each profile once, by its JSON. */
  readonly known: Map<string, Profile>
}

/** How many names stand for a group. */
const named = 5

/** Sums up the envelopes of these sources, one line at a time. */
export async function mergeSources(
  sources: Iterable<Source | Unreadable>,
  progress: Progress,
): Promise<Fleet> {
  const hosts: Hosts = { indexes: new Map(), collected: [], profiles: [], known: new Map() }
  const first: BadLine[] = []
  let envelopes = 0
  let unread = 0
  const fail = (place: string, reason: string): void => {
    const bad = { place: visible(place), reason: visible(reason) }
    unread += 1
    if (first.length < named) first.push(bad)
    progress.failed(bad)
  }
  for (const source of sources) {
    if ('wrong' in source) {
      fail(source.name, source.wrong)
      continue
    }
    try {
      for await (const line of linesOf(source.open())) {
        const envelope = envelopeIn(line)
        if ('wrong' in envelope) {
          fail(`${source.name}:${line.number}`, envelope.wrong)
          continue
        }
        envelopes += 1
        keep(envelope.value, hosts)
        progress.read(envelopes)
      }
    } catch (error) {
      fail(source.name, wordsOf(error))
    }
  }
  return summedUp(hosts, envelopes, { count: unread, first })
}

function envelopeIn({ text }: Line): Read<Merged> {
  if (text === null) return { wrong: 'expected an envelope, got a line of more than 16 MiB' }
  try {
    return readMerged(JSON.parse(text))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return { wrong: 'expected an envelope as one line of JSON' }
  }
}

/** Of several envelopes of a host the latest counts; of two of the same time the one read last. */
function keep(envelope: Merged, { indexes, collected, profiles, known }: Hosts): void {
  const time = Date.parse(envelope.collected)
  const index = indexes.get(envelope.host) ?? indexes.size
  const last = collected[index]
  if (last !== undefined && last > time) return
  const draft = profileOf(envelope)
  const key = JSON.stringify(draft)
  const profile = known.get(key) ?? draft
  known.set(key, profile)
  indexes.set(envelope.host, index)
  collected[index] = time
  profiles[index] = profile
}

function profileOf({ report, settings, asserts }: Merged): Profile {
  const { afterReboot, drift } = settings
  const { enforced, agrees } = report.scope
  // Without Yama there is nothing to declare, and nothing that a reboot could change.
  const hasNone = enforced.name === 'no-yama' || settings.yama === false
  const orNone = (words: string): string => (hasNone ? 'no Yama' : words)
  return {
    enforced: enforcedWords(enforced),
    agreement: orNone(answer(agrees, 'as declared', 'not as declared')),
    drift: orNone(answer(drift, 'a reboot changes it', 'a reboot keeps it')),
    afterReboot: orNone(afterReboot === null ? untold : `scope ${namedScope(afterReboot)}`),
    kernel: report.host.kernel,
    findings: [...new Set(report.findings.map(({ id }) => id))],
    policies: asserts.map(({ policy, met }) => [policy.id, answer(met, 'met', 'not met')]),
  }
}

const untold = 'cannot be told'

function answer(value: boolean | null, yes: string, no: string): string {
  return value === null ? untold : value ? yes : no
}

type EnforcedScope = Merged['report']['scope']['enforced']

function enforcedWords({ value, name, candidates, certainty }: EnforcedScope): string {
  if (name === 'no-yama') return `no Yama, ${certainty}`
  if (value !== null) return `scope ${namedScope(value)}, ${certainty}`
  return candidates.length === 0 ? untold : `scope ${candidates.join(' or ')}, undetermined`
}

function summedUp(hosts: Hosts, envelopes: number, unread: Fleet['unread']): Fleet {
  const by = (values: (profile: Profile) => readonly string[]) => grouped(hosts, values)
  const ids = new Set([...hosts.known.values()].flatMap(idsOf))
  const enforced = by((profile) => [profile.enforced])
  return {
    schemaVersion: 1,
    tool: { name: 'ptrace-probe', version: version() },
    message: message(hosts.indexes.size, enforced, unread.count),
    envelopes,
    hosts: hosts.indexes.size,
    enforced,
    agreement: by((profile) => [profile.agreement]),
    drift: by((profile) => [profile.drift]),
    afterReboot: by((profile) => [profile.afterReboot]),
    findings: by((profile) => profile.findings),
    policies: [...ids].sort().flatMap((id) => {
      const answers = by(({ policies }) =>
        policies.flatMap(([name, answer]) => (name === id ? [answer] : [])),
      )
      // None where only an earlier envelope of a host was asked.
      return answers.length === 0 ? [] : [{ id, answers }]
    }),
    kernels: by((profile) => [profile.kernel]),
    unread,
  }
}

function idsOf({ policies }: Profile): string[] {
  return policies.map(([id]) => id)
}

/** The largest group first. */
function grouped(
  { indexes, profiles, known }: Hosts,
  values: (profile: Profile) => readonly string[],
): HostGroup[] {
  // Once for each profile and not for each host, which would leave much to be collected.
  const valuesOf = new Map([...known.values()].map((each) => [each, new Set(values(each))]))
  const groups = new Map<string, { count: number; hosts: string[] }>()
  // The keys of a Map come in the order in which they were entered, which is that of the lists.
  let index = 0
  for (const host of indexes.keys()) {
    const profile = profiles[index++]
    for (const value of (profile && valuesOf.get(profile)) ?? []) {
      const group = groups.get(value) ?? { count: 0, hosts: [] }
      group.count += 1
      if (group.hosts.length < named) group.hosts.push(host)
      groups.set(value, group)
    }
  }
  return [...groups]
    .map(([value, group]) => ({ value, ...group }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}

function message(hosts: number, enforced: readonly HostGroup[], unread: number): string {
  const lines = unread === 1 ? 'One line or file' : `${unread} lines or files`
  const lost = unread === 0 ? '' : ` ${lines} could not be read.`
  const [most, ...others] = enforced
  if (most === undefined) return `There is no envelope to sum up.${lost}`
  if (others.length === 0) {
    const all = hosts === 1 ? 'The one host enforces' : `All ${hosts} hosts enforce`
    return `${all} the same: ${most.value}.${lost}`
  }
  const ways = `${hosts} hosts enforce ${enforced.length} different things`
  return `${ways}, and ${most.count} of them ${most.value}.${lost}`
}
