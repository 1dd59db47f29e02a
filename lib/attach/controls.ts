import {
  type Engine,
  type EngineResult,
  type Outcome,
  oracleBits,
  type Plan,
} from '../engine/index.js'
import { readSeccomp } from '../machine/index.js'
import { aloneTree, type Control, controlAttempts, landlockControl } from '../model/index.js'
import { observe, type Scenario } from '../probe/index.js'
import { type Deadline, timedOut } from './deadline.js'
import type { TracerControls } from './evidence.js'
import { type Steps, wait } from './steps.js'

/** What works for a tracer that is forked from this thread. */
export interface Trusted {
  readonly controls: TracerControls
  /** The oracles that answer truly here, as a set of {@link oracleBits}. */
  readonly oracles: number
}

/**
 * Where no seccomp filter is, the kernel itself answers. That is all that a grant needs; a refusal
 * may be Yama's or Landlock's, and to see whether they are there takes a measurement.
 */
const unfiltered: Trusted = {
  controls: { yama: null, ptrace: null, ptraceKnown: true, read: true, landlockDomains: null },
  oracles: Object.values(oracleBits).reduce((set, bit) => set | bit, 0),
}

let isUnfiltered: boolean | undefined
let measured: Trusted | undefined

/**
 * What it takes to believe a grant, or to explain a refusal. It is measured when it is first needed,
 * and kept: filters and domains are for life. What could not be measured because of a shortage of the
 * moment is measured again the next time.
 */
export function* trustedFor(
  engine: Pick<Engine, 'measure' | 'measureAsync'>,
  answer: 'grant' | 'refusal',
  deadline: Deadline,
): Steps<Trusted> {
  if (measured !== undefined) return measured
  isUnfiltered ??= readSeccomp() === 'disabled'
  if (answer === 'grant' && isUnfiltered) return unfiltered
  const found = interpret(yield* measure(engine, deadline))
  if (found.controls.ptraceKnown) measured = found
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
      () => engine.measureAsync(plan),
    )
    const isCut = result.families
      .flat()
      .some(({ step }) => step === 'deadline' || step === 'not-run')
    if (isCut && deadline.isOver()) throw timedOut()
    return result
  } catch (error) {
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

/** The controls, in processes that a filter may kill instead of this one. */
const planFor = (deadlineMs: number): Plan => ({
  families: [
    { ...member, methods: controlAttempts },
    { ...member, methods: [landlockControl] },
  ],
  users: [],
  deadlineMs,
  attemptMs: Math.min(2_000, deadlineMs),
})

function interpret({ families }: EngineResult): Trusted {
  const [answers = [], landlock = []] = families
  const { controls } = observe([scenario], [answers])
  const find = (name: string): Control | undefined =>
    controls.find(({ id }) => id === `control/${name}`)
  return {
    controls: {
      yama: yamaOf(find('yama')),
      ptrace: ptraceOf(find('attach'), find('seize')),
      ptraceKnown: isPtraceKnown(find('attach')?.passes, find('seize')?.passes),
      read: find('read')?.passes === true,
      landlockDomains: domainsOf(landlock[0]),
    },
    oracles: Object.entries(oracleBits).reduce(
      (set, [name, bit]) => (find(name)?.passes === true ? set | bit : set),
      0,
    ),
  }
}

function yamaOf(control: Control | undefined): boolean | null {
  if (control?.passes === true) return true
  return control?.errno === 'EINVAL' ? false : null
}

/** Debuggers fall back from SEIZE to ATTACH, so only where both are filtered nothing works. */
function ptraceOf(
  attach: Control | undefined,
  seize: Control | undefined,
): TracerControls['ptrace'] {
  if (attach?.passes !== false || seize?.passes !== false) return null
  return {
    answer: attach.errno ?? attach.signal ?? 'success',
    filtered: readSeccomp() === 'filter',
  }
}

/** One request that gets through is enough to know; that none does takes both answers. */
function isPtraceKnown(...passes: readonly (boolean | null | undefined)[]): boolean {
  return passes.includes(true) || passes.every((each) => each === false)
}

/** The engine answers with the number of domains; where Landlock is off, no process is in one. */
function domainsOf(outcome: Outcome | undefined): number | null {
  if (outcome === undefined) return null
  if (outcome.step === 'done') return outcome.errno
  return outcome.step === 'open' ? 0 : null
}
