import {
  type Engine,
  type EngineResult,
  type Outcome,
  oracleBits,
  type Plan,
} from '../engine/engine.js'
import { readFacts } from '../machine/facts.js'
import type { Calibration } from '../model/index.js'
import type { Presumption } from '../presume.js'
import { observe } from '../probe/observations.js'
import { aloneTree, controls, landlockControl, type Scenario } from '../probe/scenarios.js'
import type { TracerControls } from './evidence.js'
import type { Surroundings } from './remedies.js'

/** What works for a tracer that is forked from this thread, found out once. */
export interface TracerCalibration extends Presumption {
  readonly lsm: readonly string[] | null
  readonly surroundings: Omit<Surroundings, 'capable' | 'owner'>
}

const scenario: Scenario = {
  identity: 'caller',
  relation: null,
  consent: 'none',
  attempts: controls,
}
const member = { identity: 'caller', user: 0, consent: 'none', ...aloneTree } as const

/** The controls, in processes that a filter may kill instead of this one. */
const plan: Plan = {
  families: [
    { ...member, methods: controls },
    { ...member, methods: [landlockControl] },
  ],
  users: [],
  deadlineMs: 10_000,
  attemptMs: 2_000,
}

let known: TracerCalibration | undefined

/** What was found out before. */
export function calibrated(): TracerCalibration | undefined {
  return known
}

/** Filters and domains are for life, so the first answer holds. */
export async function calibrate(engine: Engine): Promise<TracerCalibration> {
  return known ?? keep(interpret(await engine.measureAsync(plan)))
}

/** The same, blocking. */
export function calibrateSync(engine: Engine): TracerCalibration {
  return known ?? keep(interpret(engine.measure(plan)))
}

/** What a shortage of the moment kept from being found out is asked again the next time. */
function keep(found: TracerCalibration): TracerCalibration {
  if (found.controls.ptraceKnown) known = found
  return found
}

function interpret({ families, self }: EngineResult): TracerCalibration {
  const [answers = [], landlock = []] = families
  const { calibrations } = observe([scenario], [answers])
  const find = (name: string): Calibration | undefined =>
    calibrations.find(({ id }) => id === `control/${name}`)
  const { host, caller } = readFacts()
  const filtered = caller.seccomp === 'filter'
  return {
    controls: {
      yama: yamaOf(find('yama')),
      ptrace: ptraceOf(find('attach'), find('seize'), filtered),
      ptraceKnown: isPtraceKnown(find('attach')?.passes, find('seize')?.passes),
      read: find('read')?.passes === true,
      landlockDomains: domainsOf(landlock[0]),
    },
    oracles: Object.entries(oracleBits).reduce(
      (set, [name, bit]) => (find(name)?.passes === true ? set | bit : set),
      0,
    ),
    lsm: host.lsm,
    surroundings: {
      container: host.container,
      childNamespace: caller.userNamespace === 'child',
      sealed: caller.noNewPrivs === true || !self.bounding,
      os: host.os,
    },
  }
}

function yamaOf(control: Calibration | undefined): boolean | null {
  if (control?.passes === true) return true
  return control?.errno === 'EINVAL' ? false : null
}

/** Debuggers fall back from SEIZE to ATTACH, so only where both are filtered nothing works. */
function ptraceOf(
  attach: Calibration | undefined,
  seize: Calibration | undefined,
  filtered: boolean,
): TracerControls['ptrace'] {
  if (attach?.passes !== false || seize?.passes !== false) return null
  return { answer: attach.errno ?? attach.signal ?? 'success', filtered }
}

/** One request that gets through is enough to know; that none does takes both answers. */
function isPtraceKnown(...passes: readonly (boolean | null | undefined)[]): boolean {
  return passes.includes(true) || passes.every((each) => each === false)
}

/** The engine answers with the number of domains; where Landlock is off, nobody is in one. */
function domainsOf(outcome: Outcome | undefined): number | null {
  if (outcome === undefined) return null
  if (outcome.step === 'done') return outcome.errno
  return outcome.step === 'open' ? 0 : null
}
