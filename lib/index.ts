export type { ErrorCode } from './errors.js'
export { PtraceProbeError } from './errors.js'
export type { ProbeOptions } from './options.js'
export { isSupported, probe, probeSync } from './probe.js'
export type * from './types.js'
export type {
  Certainty,
  Consent,
  Identity,
  Method,
  Relation,
  Scope,
  ScopeName,
  Status,
  Step,
} from './vocabulary.js'
