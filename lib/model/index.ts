export type { AbortSignalLike } from './arguments.js'
export { checkNames, checkSignal, checkTimeout } from './arguments.js'
export type * from './attempts.js'
export type { CapabilityName, CapabilitySet, FileCapabilities } from './capabilities.js'
export {
  capabilityNames,
  hasCapability,
  hasSysPtrace,
  holdsSysPtrace,
  maySwitchUser,
  parseFileCapabilities,
} from './capabilities.js'
export type { CauseId } from './causes.js'
export { answerTitles, causeRows, causes } from './causes.js'
export type { Consent } from './consents.js'
export { consentRows, consents } from './consents.js'
export type { ControlName } from './controls.js'
export { controlNames, controlRows } from './controls.js'
export { declaredDiffers } from './declared.js'
export type * from './difference.js'
export type * from './envelope.js'
export { errnoName, signalName } from './errno.js'
export type { ErrorCode } from './errors.js'
export { invalidArgument, mayNotBecome, PtraceProbeError } from './errors.js'
export type { AfterExec, BeforeExec, ExecutedFile } from './exec.js'
export { credentialsAfter } from './exec.js'
export type * from './explanation.js'
export type { FindingId, Level } from './findings.js'
export { findingIds, findingRows } from './findings.js'
export type * from './fleet.js'
export { isObject, isUser, oneOf, userOf } from './guards.js'
export { maxPid, maxTimeoutMs } from './limits.js'
export type { AccessMethod, Method } from './methods.js'
export { accessMethods, accessRows, attachMethods, methodRows, methods } from './methods.js'
export { nearest, unknownWord } from './nearest.js'
export type * from './policies.js'
export { policyRows } from './policies.js'
export type * from './policy.js'
export type { ProfileAdvice, ProfileName } from './profiles.js'
export { profileNames, profileRows } from './profiles.js'
export type { ReaderName } from './readers.js'
export { readerRows } from './readers.js'
export type { Relation, Tree } from './relations.js'
export { aloneTree, relationRows, relations } from './relations.js'
export type { Remedy, RemedyId, SettingsRemedy } from './remedies.js'
export { enableYama, fedoraPackage, remedy, switchingPackages, undoable } from './remedy.js'
export type * from './report.js'
export type * from './scope-report.js'
export type { Scope, ScopeName, Scopes } from './scopes.js'
export { listScopes, namedScope, scopeNames, scopes } from './scopes.js'
export { capital, list, namedTarget, quote, shellWord, tracerWords, visible } from './sentences.js'
export type * from './settings.js'
export type { Step } from './steps.js'
export { stepRows, steps } from './steps.js'
export type { CrashHandling, Strategy } from './strategies.js'
export { strategyRows } from './strategies.js'
export { keysOf } from './tables.js'
export type * from './tools.js'
export type { NamedTracer, TracerName } from './tracers.js'
export { isTracerName, namedTracer, tracerForms, tracerRows } from './tracers.js'
export type * from './verdict.js'
export type {
  Attempt,
  Certainty,
  ControlAttempt,
  ControlId,
  EvidenceIds,
  FamilyId,
  Identity,
  ObservationId,
  Outcome,
  ReadAttempt,
  Status,
  ToolKind,
} from './vocabulary.js'
export {
  controlAttempts,
  landlockControl,
  readAttempts,
} from './vocabulary.js'
export { yamaPresence, yamaRefuses } from './yama.js'
