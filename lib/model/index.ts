export { checkNames, checkTimeout } from './arguments.js'
export type { CapabilitySet } from './capabilities.js'
export { capabilityNames, hasSysPtrace, parseFileCapabilities } from './capabilities.js'
export type { CauseId } from './causes.js'
export { causes, causeTable } from './causes.js'
export { errnoName, signalName } from './errno.js'
export type { ErrorCode } from './errors.js'
export { invalidArgument, PtraceProbeError } from './errors.js'
export { isObject, isUser, oneOf, userOf } from './guards.js'
export { maxPid, maxTimeoutMs } from './limits.js'
export type * from './policy.js'
export { quote } from './quote.js'
export type { Remedy, RemedyId, SettingsRemedy } from './remedies.js'
export { enableYama, fedoraPackage, remedy, switchingPackages, undoable } from './remedy.js'
export type * from './report.js'
export { naming, targets } from './sentences.js'
export type * from './settings.js'
export type * from './tools.js'
export type * from './verdict.js'
export type {
  Attempt,
  Certainty,
  Consent,
  ControlAttempt,
  Identity,
  Method,
  Outcome,
  Relation,
  Scope,
  ScopeName,
  Status,
  Step,
  ToolKind,
  TracerName,
  Tree,
} from './vocabulary.js'
export {
  consents,
  controlAttempts,
  landlockControl,
  methods,
  relations,
  scopeNames,
  steps,
} from './vocabulary.js'
export { yamaRefuses } from './yama.js'
