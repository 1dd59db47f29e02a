import {
  type Engine,
  type EngineResult,
  type Outcome,
  oracleBit,
  oracles,
  type Plan,
} from '../engine/index.js'
import { readSeccomp, readStandIn, readYama, type StandIn } from '../machine/index.js'
import {
  type AccessMethod,
  aloneTree,
  type Control,
  controlAttempts,
  landlockControl,
  yamaPresence,
} from '../model/index.js'
import { isPassing, observe, type Scenario } from '../probe/index.js'
import { type Deadline, timedOut } from './deadline.js'
import type { CallAnswer, TracerControls } from './evidence.js'
import { type Call, methodRows, otherRequest } from './methods.js'
import { type Steps, wait } from './steps.js'

/** What works for a tracer that is forked from this thread. */
export interface Trusted {
  /** What holds for every method. */
  readonly all: Pick<TracerControls, 'yama' | 'read' | 'landlockDomains' | 'standIn'>
  readonly calls: Readonly<Record<Call, CallAnswer>>
  /** A seccomp filter may answer. */
  readonly filtered: boolean
  /** The oracles that answer truly here, as a set of {@link oracleBit}s. */
  readonly oracles: number
}

let measured: Trusted | undefined

/**
 * What it takes to believe an answer, and to explain a refusal. It is measured when it is first
 * needed, and kept: filters and domains are for life. What could not be measured because of a
 * shortage of the moment is measured again the next time.
 *
 * A grant needs it, too: an emulator of a processor or of ptrace hands the oracles to the kernel and
 * answers ptrace(2) itself.
 */
export function* trustedFor(
  engine: Pick<Engine, 'measure' | 'measureAsync'>,
  deadline: Deadline,
): Steps<Trusted> {
  if (measured !== undefined) return measured
  const result = yield* measure(engine, deadline)
  const found = interpret(result, readStandIn())
  if (!result.families.flat().some(isPassing)) measured = found
  return found
}

/** Measures the controls in the time that is left. What is cut short is a time-out, no answer. */
function* measure(
  engine: Pick<Engine, 'measure' | 'measureAsync'>,
  deadline: Deadline,
): Steps<EngineResult> {
  const plan = planFor(deadline.leftMs())
  try {
    const result = yield* wait(
      () => engine.measure(plan),
      () => engine.measureAsync(plan, deadline.signal),
    )
    const isCut = result.families
      .flat()
      .some(({ step }) => step === 'deadline' || step === 'not-run')
    if (isCut && deadline.isOver()) throw timedOut()
    return result
  } catch (error) {
    deadline.signal?.throwIfAborted()
    // A supervisor that does not end by itself is killed, which the engine reports.
    throw deadline.isOver() ? timedOut(error) : error
  }
}

const scenario: Scenario = {
  identity: 'caller',
  relation: null,
  consent: 'none',
  attempts: controlAttempts,
}
const member = { identity: 'caller', user: 0, consent: 'none', ...aloneTree } as const

/**
 * The controls, in processes that a filter may kill instead of this one. None of them attaches to a
 * child of its own: where proot emulates ptrace, that ends everything that it runs.
 */
const planFor = (deadlineMs: number): Plan => ({
  families: [
    { ...member, methods: controlAttempts },
    { ...member, methods: [landlockControl] },
  ],
  users: [],
  deadlineMs,
  attemptMs: Math.min(2_000, deadlineMs),
})

function interpret({ families }: EngineResult, standIn: StandIn | null): Trusted {
  const [answers = [], landlock = []] = families
  const { controls } = observe([scenario], [answers])
  const find = (name: string): Control | undefined =>
    controls.find(({ id }) => id === `control/${name}`)
  const call = (name: Call): CallAnswer =>
    callOf(find(name), answers[controlAttempts.indexOf(`control-${name}`)])
  return {
    all: {
      yama: yamaPresence({ control: find('yama'), files: readYama(), seccomp: readSeccomp() }),
      read: find('read')?.passes === true,
      landlockDomains: domainsOf(landlock[0]),
      standIn,
    },
    calls: {
      attach: call('attach'),
      seize: call('seize'),
      'vm-read': call('vm-read'),
      'proc-mem': call('proc-mem'),
      'pidfd-getfd': call('pidfd-getfd'),
    },
    filtered: readSeccomp() === 'filter',
    oracles: oracles.reduce(
      (set, oracle) => (find(oracle)?.passes === true ? set | oracleBit(oracle) : set),
      0,
    ),
  }
}

function callOf(control: Control | undefined, outcome: Outcome | undefined): CallAnswer {
  if (control?.passes === true) return { works: true }
  // What the call needs first may be missing, as pidfd_open(2) is in old kernels.
  const isAbsent = outcome?.step === 'open' && control?.errno === 'ENOSYS'
  return control?.passes === false || isAbsent
    ? { works: false, answer: control?.errno ?? control?.signal ?? 'success' }
    : { works: null }
}

/** What is known about the call of one method. */
export function controlsFor(
  { all, calls, filtered }: Trusted,
  method: AccessMethod,
): TracerControls {
  // Any of many calls stands for READ access: there is none to be filtered.
  if (method === 'read') return { call: { works: true }, other: null, filtered, ...all }
  const other = isRequest(method) ? calls[otherRequest[method]] : null
  return { call: calls[method], other, filtered, ...all }
}

function isRequest(method: AccessMethod): method is keyof typeof otherRequest {
  return Object.hasOwn(otherRequest, method)
}

/** What is asked to learn whether a method gets at a target. */
export function oraclesFor({ calls, oracles }: Trusted, method: AccessMethod): number {
  // Where the call itself gets nowhere, the other oracles tell what would refuse besides.
  const isUseless = method !== 'read' && calls[method].works !== true
  return isUseless ? oracles : methodRows[method].asks(oracles)
}

/** The engine answers with the number of domains; where Landlock is off, no process is in one. */
function domainsOf(outcome: Outcome | undefined): number | null {
  if (outcome === undefined) return null
  if (outcome.step === 'done') return outcome.errno
  return outcome.step === 'open' ? 0 : null
}
