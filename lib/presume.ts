import type { TracerControls } from './attach/evidence.js'
import { oracleBits } from './engine/engine.js'
import { readSeccomp } from './machine/facts.js'
import type { CallerFacts } from './model/index.js'

/** What it takes to ask for a tracer and to believe a grant. */
export interface Presumption {
  readonly controls: TracerControls
  /** The oracles that answer truly here, as a set of {@link oracleBits}. */
  readonly oracles: number
}

const unfiltered: Presumption = {
  controls: { yama: null, ptrace: null, ptraceKnown: true, read: true, landlockDomains: null },
  oracles: Object.values(oracleBits).reduce((set, bit) => set | bit, 0),
}

let seccomp: CallerFacts['seccomp'] | undefined

/** What holds without trying anything; undefined where a filter may answer for the kernel. */
export function presume(): Presumption | undefined {
  seccomp ??= readSeccomp()
  return seccomp === 'disabled' ? unfiltered : undefined
}
