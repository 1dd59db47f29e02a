export { checkNames, checkTimeout } from './arguments.js'
export type { CapabilitySet } from './capabilities.js'
export { capabilityNames, hasSysPtrace, parseFileCapabilities } from './capabilities.js'
export type { CauseId } from './causes.js'
export { causes, causeTable } from './causes.js'
export type { Consent } from './consents.js'
export { consentRows, consents } from './consents.js'
export { declaredDiffers } from './declared.js'
export { errnoName, signalName } from './errno.js'
export type { ErrorCode } from './errors.js'
export { invalidArgument, PtraceProbeError } from './errors.js'
export { isObject, isUser, oneOf, userOf } from './guards.js'
export { maxPid, maxTimeoutMs } from './limits.js'
export type { Method } from './methods.js'
export { methodRows, methods } from './methods.js'
export type * from './policy.js'
export type { Relation, Tree } from './relations.js'
export { aloneTree, relationRows, relations } from './relations.js'
export type { Remedy, RemedyId, SettingsRemedy } from './remedies.js'
export { enableYama, fedoraPackage, remedy, switchingPackages, undoable } from './remedy.js'
export type * from './report.js'
export type { Scope, ScopeName } from './scopes.js'
export { namedScope, scopeNames, scopes } from './scopes.js'
export { namedTarget, quote, visible } from './sentences.js'
export type * from './settings.js'
export { keysOf } from './tables.js'
export type * from './tools.js'
export type * from './verdict.js'
export type {
  Attempt,
  Certainty,
  ControlAttempt,
  FamilyId,
  FindingId,
  Identity,
  ObservationId,
  Outcome,
  PolicyId,
  Status,
  Step,
  ToolKind,
  TracerName,
} from './vocabulary.js'
export {
  controlAttempts,
  landlockControl,
  steps,
} from './vocabulary.js'
export { yamaRefuses } from './yama.js'
