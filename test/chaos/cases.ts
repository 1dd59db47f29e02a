import { constants } from 'node:os'
import type { Fault, Who } from './points.js'
import { type Random, randomFor } from './random.js'
import { type WorldName, worldNames } from './worlds.js'

/** The calls that the deadlines, and the proof of whom a signal is for, rest on. */
const grave = [
  ...['waitid', 'wait4', 'ppoll', 'kill', 'clone', 'clock_gettime', 'prctl', 'getpid', 'getppid'],
  ...['pidfd_open', 'pidfd_send_signal', 'timer_create', 'timer_settime', 'setpgid', 'ptrace'],
]

function callOf(random: Random, calls: readonly string[]): string {
  return random.oneIn(2) ? random.pick(grave) : random.pick(calls)
}

/** What is asked of the library while a fault happens. */
export type Question =
  | { readonly ask: 'probeSync' | 'probe' | 'two-probes' | 'survey' }
  | { readonly ask: 'report' }
  | { readonly ask: 'check'; readonly tracer: TracerName; readonly target: TargetName }
  | {
      readonly ask: 'canAttachSync' | 'canAttach'
      readonly tracer: TracerName
      readonly target: TargetName
    }
  /** Probes without end in a Worker, which is terminated after so long. */
  | { readonly ask: 'worker'; readonly terminateAfterMs: number }

export const tracerNames = ['self', 'child', 'stranger', 'user'] as const
export type TracerName = (typeof tracerNames)[number]
export const targetNames = ['bystander', 'other', 'agent', 'init', 'none'] as const
export type TargetName = (typeof targetNames)[number]

/** A seccomp filter for one system call. */
export interface Filter {
  readonly call: string
  readonly mode: 'fail' | 'kill' | 'trap' | 'ask'
  /** With `ask`, null leaves the call without an answer. */
  readonly errno: 'EPERM' | 'ENOSYS' | 'EAGAIN' | 'EINTR' | 'ENOMEM' | 'EMFILE' | null
  /** Of the calls that are counted, with `ask`. */
  readonly first: number
  readonly last: number
  /** Whether the calls of Node itself count, too. */
  readonly alsoNode: boolean
}

export interface Limit {
  readonly resource: 'NOFILE' | 'NPROC' | 'AS'
  /** Above what is in use. */
  readonly left: number
}

/** Shots at processes that are there at some moment. */
export interface Shots {
  readonly alsoNode: boolean
  readonly delayUs: number
  readonly signal: 'SIGKILL' | 'SIGSTOP' | 'SIGSEGV'
  readonly pick: number
  readonly count: number
  readonly gapUs: number
}

/** One run. */
export interface Case {
  readonly index: number
  readonly kind: Kind
  readonly world: WorldName
  /** Root, or an ordinary user of this run's own. */
  readonly user: 'root' | 'ordinary'
  readonly question: Question
  readonly timeoutMs: number
  readonly faults: readonly Fault[]
  readonly filters: readonly Filter[]
  readonly limit: Limit | null
  readonly shots: Shots | null
}

export interface Tables {
  readonly points: readonly string[]
  /** The system calls of the engine. */
  readonly calls: readonly string[]
}

type Maker = (random: Random, tables: Tables) => Partial<Omit<Case, 'index' | 'kind'>>

const short = 400
const long = 5000

const examiners = /^k(Examin|Stranger)/
const belongsToNode =
  /^k(Measurement|Exam\w+(Starts|Forked|Kills|Reaped)|Stranger(Released|Overdue))/

function attachQuestion(random: Random): Question {
  return {
    ask: random.pick(['canAttachSync', 'canAttach']),
    tracer: random.pick(['self', 'child', 'child', 'stranger', 'stranger', 'user']),
    target: random.pick(targetNames),
  }
}

function probeQuestion(random: Random): Question {
  return { ask: random.pick(['probeSync', 'probeSync', 'probe', 'two-probes']) }
}

function questionAt(point: string, random: Random): Question {
  if (!examiners.test(point)) return probeQuestion(random)
  if (random.oneIn(8)) return { ask: 'survey' }
  const tracer = /Stranger/.test(point)
    ? random.pick(['stranger', 'user'] as const)
    : random.pick(['child', 'stranger'] as const)
  return {
    ...attachQuestion(random),
    ask: 'canAttachSync',
    tracer,
    target: random.pick(targetNames),
  }
}

function faultAt(point: string, random: Random): Fault {
  const isNodes = belongsToNode.test(point)
  const others: readonly Who[] = examiners.test(point)
    ? ['self', 'self', 'child', 'node']
    : [
        'self',
        'self',
        'self',
        'supervisor',
        'tracer',
        'target',
        'target',
        'middle',
        'bystander',
        'node',
      ]
  const whos: readonly Who[] = isNodes ? ['child', 'child', 'child', 'self'] : others
  const blow = random.pick([
    'SIGKILL',
    'SIGKILL',
    'SIGSTOP',
    'SIGSTOP',
    'SIGSEGV',
    'delay',
  ] as const)
  return {
    point,
    family: examiners.test(point) || isNodes || random.oneIn(4) ? null : random.below(60),
    count: random.oneIn(3) ? random.between(1, 6) : 1,
    who: random.pick(whos),
    blow,
    ms: random.pick([1, 20, 100]),
  }
}

const isSlow = ({ blow }: Fault): boolean => blow === 'SIGSTOP' || blow === 'delay'

const atPoints =
  (count: number): Maker =>
  (random, { points }) => {
    const first = random.pick(points)
    const alike = points.filter((point) => examiners.test(point) === examiners.test(first))
    const faults = [faultAt(first, random)]
    while (faults.length < count) faults.push(faultAt(random.pick(alike), random))
    return {
      question: questionAt(first, random),
      faults,
      timeoutMs: faults.some(isSlow) ? short : long,
    }
  }

const command: Maker = (random, tables) => ({
  ...atPoints(1)(random, tables),
  question: random.oneIn(2)
    ? { ask: 'report' }
    : { ask: 'check', tracer: random.pick(['child', 'stranger']), target: 'bystander' },
})

const shots: Maker = (random) => {
  const question = random.oneIn(3) ? attachQuestion(random) : probeQuestion(random)
  const signal = random.pick(['SIGKILL', 'SIGKILL', 'SIGSTOP', 'SIGSEGV'] as const)
  return {
    question,
    shots: {
      alsoNode: random.oneIn(10),
      delayUs: random.below(question.ask.startsWith('can') ? 4_000 : 40_000),
      signal,
      pick: random.below(64),
      count: random.pick([1, 1, 1, 3, 8]),
      gapUs: random.between(100, 4_000),
    },
    timeoutMs: signal === 'SIGSTOP' ? short : long,
  }
}

function anyQuestion(random: Random): Question {
  return random.oneIn(2) ? probeQuestion(random) : attachQuestion(random)
}

const refusedCall: Maker = (random, { calls }) => {
  const mode = random.pick(['fail', 'fail', 'kill', 'trap'] as const)
  const filter: Filter = {
    call: callOf(random, calls),
    mode,
    errno: random.pick(['EPERM', 'ENOSYS', 'EPERM', 'ENOSYS', 'EAGAIN', 'EINTR', 'ENOMEM']),
    first: 0,
    last: 0,
    alsoNode: true,
  }
  return { question: anyQuestion(random), filters: [filter], timeoutMs: random.pick([short, 2000]) }
}

const failingCall: Maker = (random, { calls }) => {
  const first = random.oneIn(2) ? random.between(1, 8) : random.between(1, 400)
  const filter: Filter = {
    call: callOf(random, calls),
    mode: 'ask',
    errno: random.pick(['EPERM', 'ENOSYS', 'EAGAIN', 'EINTR', 'ENOMEM', 'EMFILE', null]),
    first,
    last: random.pick([first, first, first + 3, 1_000_000]),
    alsoNode: random.oneIn(6),
  }
  return { question: anyQuestion(random), filters: [filter], timeoutMs: random.pick([short, 2000]) }
}

const filteredPoint: Maker = (random, tables) => {
  const { filters = [] } = (random.oneIn(2) ? refusedCall : failingCall)(random, tables)
  const made = atPoints(1)(random, tables)
  // Two things that end in waiting.
  return { ...made, filters, timeoutMs: short }
}

const limited: Maker = (random) => {
  const resource = random.pick(['NOFILE', 'NPROC', 'AS'] as const)
  return {
    user: resource === 'NPROC' ? 'ordinary' : random.pick(['root', 'ordinary']),
    question: anyQuestion(random),
    limit: { resource, left: random.below(resource === 'AS' ? 64 : 14) },
    timeoutMs: 2000,
  }
}

const inWorld: Maker = (random) => {
  const heavy: readonly WorldName[] = ['strace', 'strace-f', 'gdb']
  const light = worldNames.filter((name) => name !== 'plain' && !heavy.includes(name))
  const world = random.oneIn(6) ? random.pick(heavy) : random.pick(light)
  const isElsewhere = world === 'proc-elsewhere'
  return {
    world,
    user: random.oneIn(3) && !heavy.includes(world) ? 'ordinary' : 'root',
    question: isElsewhere ? probeQuestion(random) : anyQuestion(random),
    timeoutMs: 5000,
  }
}

const worker: Maker = (random, { points }) => ({
  question: { ask: 'worker', terminateAfterMs: random.below(80) },
  faults: random.oneIn(2)
    ? [
        {
          point: random.pick(points.filter((point) => !examiners.test(point))),
          family: random.below(40),
          count: 1,
          who: random.pick(['self', 'supervisor', 'tracer'] as const),
          blow: random.pick(['delay', 'SIGSTOP', 'SIGKILL'] as const),
          ms: 30,
        },
      ].map((fault) =>
        belongsToNode.test(fault.point)
          ? ({ ...fault, who: 'self', blow: 'delay' } as const)
          : fault,
      )
    : [],
  timeoutMs: short,
})

const ordinary: Maker = (random, tables) => ({
  ...atPoints(1)(random, tables),
  user: 'ordinary',
})

/** The kinds of runs, and how often each is chosen. */
const kinds = {
  point: { weight: 34, make: atPoints(1) },
  'two-points': { weight: 8, make: atPoints(2) },
  command: { weight: 3, make: command },
  ordinary: { weight: 5, make: ordinary },
  shots: { weight: 15, make: shots },
  'refused-call': { weight: 9, make: refusedCall },
  'failing-call': { weight: 11, make: failingCall },
  'filtered-point': { weight: 6, make: filteredPoint },
  limit: { weight: 5, make: limited },
  world: { weight: 6, make: inWorld },
  worker: { weight: 3, make: worker },
} as const satisfies Record<string, { weight: number; make: Maker }>
export type Kind = keyof typeof kinds
export const kindNames = Object.keys(kinds) as readonly Kind[]

const wheel = kindNames.flatMap((kind) => Array<Kind>(kinds[kind].weight).fill(kind))

/** Case number `index` of a seed. */
export function caseOf(seed: number, index: number, tables: Tables): Case {
  const random = randomFor(seed, index)
  const kind = random.pick(wheel)
  return {
    index,
    kind,
    world: 'plain',
    user: 'root',
    question: { ask: 'probeSync' },
    timeoutMs: long,
    faults: [],
    filters: [],
    limit: null,
    shots: null,
    ...kinds[kind].make(random, tables),
  }
}

/** A case in one line. */
export function describe(each: Case): string {
  const { question, faults, filters, limit, shots: fired } = each
  return [
    `#${each.index} ${each.kind}: ${Object.values(question).join(' ')}`,
    `as ${each.user} in ${each.world}, ${each.timeoutMs} ms`,
    ...faults.map(
      ({ point, family, count, who, blow, ms }) =>
        `${blow}${blow === 'delay' ? ` ${ms} ms` : ''} to ${who} at ${point} (family ${family ?? 'any'}, time ${count})`,
    ),
    ...filters.map(
      ({ call, mode, errno, first, last, alsoNode }) =>
        `${call} ${mode} ${errno ?? 'without an answer'}${mode === 'ask' ? ` from ${first} to ${last}` : ''}${alsoNode ? ', of Node too' : ''}`,
    ),
    ...(limit === null ? [] : [`RLIMIT_${limit.resource} with ${limit.left} left`]),
    ...(fired === null ? [] : [`${fired.count} ${fired.signal} after ${fired.delayUs} us`]),
  ].join('; ')
}

/** What may become of Node itself, so that nothing is answered. */
export function mayEndNode({ faults, filters, limit, shots: fired, world }: Case): boolean {
  const isNode = ({ who, point }: Fault): boolean =>
    who === 'node' || (who === 'self' && (belongsToNode.test(point) || /^kExamination/.test(point)))
  return (
    faults.some((fault) => isNode(fault) && fault.blow !== 'delay') ||
    filters.some(({ alsoNode }) => alsoNode) ||
    fired?.alsoNode === true ||
    (limit !== null && limit.resource !== 'NOFILE') ||
    world === 'memory' ||
    world === 'pids'
  )
}

/** Calls without which Node itself stands still. */
const nodesOwn = ['futex', 'read', 'write']

/** Calls about files: libuv makes them again, without an end, when they are interrupted (uv__fs_work()). */
const repeated = ['openat', 'statx', 'statfs', 'readlink', 'readlinkat', 'getdents64']

/** Whether an answer has to come, of whatever kind: Node is not held in a call that is its own. */
export function mayAnswer({ filters }: Case): boolean {
  return !filters.some(
    ({ alsoNode, call, errno }) =>
      alsoNode &&
      (errno === null || nodesOwn.includes(call) || (errno === 'EINTR' && repeated.includes(call))),
  )
}

/** The number of a signal. */
export function signalNumber(name: Shots['signal']): number {
  return constants.signals[name]
}
