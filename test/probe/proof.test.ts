/**
 * That the classifier believes nothing that the kernel cannot have answered. What it can answer is
 * written down here once more, from kernel/ptrace.c, security/commoncap.c and
 * security/yama/yama_lsm.c and from a table of answers of real kernels, without anything of lib/.
 */

import t from 'tap'
import type { Control, Measurement, Observation } from '../../lib/model/index.js'
import type { FamilyId } from '../../lib/model/vocabulary.js'
import { judge } from '../../lib/probe/scope.js'
import { type Machine, machine, measure } from '../helpers/model.js'

type World = 'no-yama' | 'classic' | 'restricted' | 'admin-only' | 'no-attach'
const worlds: readonly World[] = ['no-yama', 'classic', 'restricted', 'admin-only', 'no-attach']

const declared = { value: null, source: '/proc/sys/kernel/yama/ptrace_scope' } as const
const verdict = (measurement: Measurement) => judge(measurement, declared).enforced
const provedBy = (measurement: Measurement): string | null => {
  const { name, certainty } = verdict(measurement)
  return certainty === 'proved' ? name : null
}

/** How Yama treats a target. */
type Kind = 'descends or named' | 'neither' | 'capable tracer'
/** In which worlds Yama grants it. */
const grants: Readonly<Record<Kind, readonly World[]>> = {
  'descends or named': ['no-yama', 'classic', 'restricted'],
  neither: ['no-yama', 'classic'],
  'capable tracer': ['no-yama', 'classic', 'restricted', 'admin-only'],
}

interface Seat {
  readonly identity: 'unprivileged' | 'owner'
  readonly relation: Observation['relation']
  readonly consent: Observation['consent']
  readonly kind: Kind
}

/** Two families of each kind: one could be wrong. */
const seats = [
  { identity: 'unprivileged', relation: 'child', consent: 'none', kind: 'descends or named' },
  { identity: 'unprivileged', relation: 'sibling', consent: 'any', kind: 'descends or named' },
  { identity: 'unprivileged', relation: 'sibling', consent: 'none', kind: 'neither' },
  { identity: 'unprivileged', relation: 'orphan', consent: 'none', kind: 'neither' },
  { identity: 'owner', relation: 'child', consent: 'none', kind: 'capable tracer' },
  { identity: 'owner', relation: 'sibling', consent: 'none', kind: 'capable tracer' },
] as const satisfies readonly Seat[]

/** What a cell may say. `EACCES` comes from a security module, `unnamed`: EINVAL to PR_SET_PTRACER. */
type Answer = 'granted' | 'EPERM' | 'EACCES' | 'unknown' | 'unnamed'

function cell({ identity, relation, consent }: Seat, answer: Answer): Observation {
  const family: FamilyId =
    consent === 'none' ? `${identity}/${relation}` : `${identity}/${relation}+${consent}`
  const none = {
    status: 'inconclusive',
    step: 'deadline',
    syscall: null,
    errno: null,
    signal: null,
  } as const
  const id = `${family}/seize` as const
  return answered({ id, identity, relation, consent, method: 'seize', ...none }, answer)
}

/** The same attempt with another answer. */
function answered(observation: Observation, answer: Answer): Observation {
  const { id, identity, relation, consent, method } = observation
  const what = { id, identity, relation, consent, method }
  const none = { step: null, syscall: null, errno: null, signal: null }
  switch (answer) {
    case 'granted':
      return { ...what, status: 'allowed', ...none }
    case 'EPERM':
    case 'EACCES':
      return { ...what, status: 'denied', ...none, step: 'try', syscall: 'ptrace', errno: answer }
    case 'unknown':
      return { ...what, status: 'inconclusive', ...none, step: 'deadline' }
    case 'unnamed':
      return { ...what, status: 'unavailable', ...none, step: 'consent', errno: 'EINVAL' }
  }
}

function control(id: Control['id'], passes: boolean | null, errno: string | null): Control {
  return { id, passes, syscall: 'ptrace', errno, signal: null }
}

/** One combination of everything that tells one scope from another. */
interface Combination {
  readonly answers: readonly Answer[]
  /** What PR_SET_PTRACER(0) answers; EPERM: a filter. */
  readonly yama: null | 'EINVAL' | 'EPERM'
  /** Whether the call of the method reaches a target. */
  readonly reached: boolean
  /** READ access to the child of each identity. */
  readonly read: Readonly<Record<'unprivileged' | 'owner', boolean | null>>
}

function measured({ answers, yama, reached, read }: Combination): Measurement {
  return {
    observations: seats.map((seat, i) => cell(seat, answers[i] ?? 'unknown')),
    controls: [
      control('control/yama', yama === null, yama),
      control('control/seize', reached, reached ? 'ESRCH' : 'EPERM'),
      control('control/read', true, null),
      control('unprivileged/child/read', read.unprivileged, read.unprivileged ? null : 'EPERM'),
      control('owner/child/read', read.owner, read.owner ? null : 'EPERM'),
    ],
    label: null,
    seccomp: 'disabled',
    emulator: null,
    yama: null,
  }
}

/**
 * Whether a kernel can have answered so in that world. Three rules refuse: first those for
 * credentials and Landlock, which refuse READ access, too; then Yama and a module that knows labels,
 * in the order that the boot parameter `lsm=` gives them. AppArmor refuses READ access, too.
 */
function isPossible(world: World, combination: Combination): boolean {
  const { yama } = combination
  if (yama === null && world === 'no-yama') return false
  if (yama === 'EINVAL' && world !== 'no-yama') return false
  return [true, false].some((yamaFirst) =>
    (['unprivileged', 'owner'] as const).every((identity) =>
      [true, false].some((before) =>
        modules.some((byLabel) =>
          isPossibleFor(identity, world, { yamaFirst, before, byLabel }, combination),
        ),
      ),
    ),
  )
}

interface Rules {
  readonly yamaFirst: boolean
  /** A rule for credentials refuses. */
  readonly before: boolean
  /** What a module refuses by label. */
  readonly byLabel: (typeof modules)[number]
}

const modules = ['nothing', 'attach', 'attach and read'] as const

function isPossibleFor(
  identity: Seat['identity'],
  world: World,
  { yamaFirst, before, byLabel }: Rules,
  { answers, yama, reached, read }: Combination,
): boolean {
  if (read[identity] === (before || byLabel === 'attach and read')) return false
  return seats.every((seat, i) => {
    const answer = answers[i] ?? 'unknown'
    if (seat.identity !== identity || answer === 'unknown') return true
    // The kernel knows PR_SET_PTRACER with Yama and only then.
    if (answer === 'unnamed') return world === 'no-yama' || yama === 'EPERM'
    if (seat.consent !== 'none' && world === 'no-yama') return false
    // A filter refuses every target; what it refuses the kernel has not judged.
    if (!reached && answer !== 'granted') return true
    const byYama = !grants[seat.kind].includes(world)
    if (before) return answer === 'EPERM'
    if (byLabel === 'nothing') return answer === (byYama ? 'EPERM' : 'granted')
    return answer === (byYama && yamaFirst ? 'EPERM' : 'EACCES')
  })
}

/** Every way to take one of each. */
function product<T>(choices: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return choices.reduce<readonly (readonly T[])[]>(
    (made, next) => made.flatMap((head) => next.map((each) => [...head, each])),
    [[]],
  )
}

function* combinations(): Generator<Combination> {
  const plain: readonly Answer[] = ['granted', 'EPERM', 'EACCES', 'unknown']
  const choices = seats.map(({ consent }): readonly Answer[] =>
    consent === 'none' ? plain : [...plain, 'unnamed'],
  )
  const sets = product(choices)
  const read = [true, false, null] as const
  const open = read.flatMap((unprivileged) =>
    read.map((owner) => ({ reached: true, read: { unprivileged, owner } })),
  )
  const filtered = { reached: false, read: { unprivileged: true, owner: true } }
  const kernels = ([null, 'EINVAL'] as const).flatMap((yama) =>
    [...open, filtered].map((calls) => ({ yama, ...calls })),
  )
  const unnamed = { yama: 'EPERM', reached: true, read: filtered.read } as const
  for (const calls of [...kernels, unnamed]) for (const answers of sets) yield { answers, ...calls }
}

t.test('what is proved is the one thing that a kernel can have answered so', async (t) => {
  const wrong: unknown[] = []
  const proofs = new Map<string, number>()
  for (const combination of combinations()) {
    const proved = provedBy(measured(combination))
    if (proved === null) continue
    proofs.set(proved, (proofs.get(proved) ?? 0) + 1)
    const possible = worlds.filter((world) => isPossible(world, combination))
    if (possible.join() !== proved) wrong.push({ proved, possible, ...combination })
  }
  t.strictSame(wrong.slice(0, 3), [], `${wrong.length} are wrong`)
  t.strictSame([...proofs.keys()].sort(), [...worlds].sort(), 'each world can be proved')
})

/** Callers that see machines differently. */
const contexts: readonly Partial<Machine>[] = [
  {},
  { capable: true },
  { userNamespaces: false },
  { ptraceFilter: 'EPERM' },
  // The others give no family another shape.
  { capable: true, ptraceFilter: 'KILL' },
  { ptraceFilter: 'ENOSYS', otherCallsFiltered: true },
  { capable: true, withheld: 'all' },
  { mac: 'selinux' },
  { prctlFilter: 'EPERM' },
]

const machinesFor = (context: Partial<Machine>) =>
  ([null, 0, 1, 2, 3] as const).map((yama) => machine({ yama, ...context }))

const answers: readonly Answer[] = ['granted', 'EPERM', 'EACCES', 'unknown', 'unnamed']

/** Every measurement that differs in one cell or one control, and which that is. */
function* neighbours(base: Measurement): Generator<[string, string, Measurement]> {
  const { observations, controls } = base
  for (const [i, each] of observations.entries()) {
    const without = observations.toSpliced(i, 1)
    yield [`${each.id} is missing`, each.id, { ...base, observations: without }]
    for (const answer of answers) {
      const changed = observations.with(i, answered(each, answer))
      yield [`${each.id} ${answer}`, each.id, { ...base, observations: changed }]
    }
  }
  const answersOfControls = [
    { passes: true, errno: null },
    { passes: false, errno: 'EPERM' },
    { passes: false, errno: 'EINVAL' },
    { passes: null, errno: 'EAGAIN' },
  ]
  for (const [i, each] of controls.entries()) {
    yield [`${each.id} is missing`, each.id, { ...base, controls: controls.toSpliced(i, 1) }]
    for (const answer of answersOfControls) {
      const changed = controls.with(i, { ...each, ...answer })
      yield [`${each.id} ${answer.passes} ${answer.errno}`, each.id, { ...base, controls: changed }]
    }
  }
}

/** Whether a tracer has CAP_SYS_PTRACE rests on one control each. */
const capabilityProofs = ['caller/child/read-protected', 'owner/child/read']

t.test('a single wrong, missing or unknown answer never proves another scope', async (t) => {
  const wrong: unknown[] = []
  const invented = new Set<string>()
  let kept = 0
  for (const world of contexts.flatMap(machinesFor)) {
    const base = measure(world)
    const truth = world.yama === null ? 'no-yama' : worlds[world.yama + 1]
    const before = provedBy(base)
    if (before !== null) t.equal(before, truth)
    for (const [change, id, neighbour] of neighbours(base)) {
      const proved = provedBy(neighbour)
      if (proved === truth) kept += 1
      else if (proved !== null && before !== null) wrong.push({ proved, truth, change, world })
      else if (proved !== null) invented.add(id)
    }
  }
  t.strictSame(wrong.slice(0, 3), [], `${wrong.length} are wrong`)
  t.strictSame([...invented].sort(), capabilityProofs, 'nothing else proves what was not known')
  t.ok(kept > 1000, `${kept} stay proved`)
})

const tellingFamilies = [
  'unprivileged/child',
  'unprivileged/sibling',
  'unprivileged/sibling+any',
  'owner/child',
]

t.test('however the methods of one family answer, no other scope is proved', async (t) => {
  const methods = ['seize', 'attach', 'pidfd-getfd', 'vm-read', 'proc-mem'] as const
  const wrong: unknown[] = []
  for (const world of contexts.slice(0, 4).flatMap(machinesFor)) {
    const base = measure(world)
    const truth = world.yama === null ? 'no-yama' : worlds[world.yama + 1]
    for (const family of tellingFamilies) {
      for (const set of product(methods.map(() => ['granted', 'EPERM', 'unknown'] as const))) {
        const observations = base.observations.map((each) => {
          const index = methods.findIndex((method) => each.id === `${family}/${method}`)
          return index < 0 ? each : answered(each, set[index] ?? 'unknown')
        })
        const proved = provedBy({ ...base, observations })
        if (proved !== null && proved !== truth) wrong.push({ proved, truth, family, set, world })
      }
    }
  }
  t.strictSame(wrong.slice(0, 3), [], `${wrong.length} are wrong`)
})
