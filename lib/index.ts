export { canAttach, canAttachSync } from './attach.js'
export type { ErrorCode } from './errors.js'
export { PtraceProbeError } from './errors.js'
export { evaluate } from './evaluate.js'
export type { Need } from './need.js'
export type { AttachOptions, ProbeOptions, SettingsOptions, TracerOption } from './options.js'
export { isSupported } from './platform.js'
export { policies } from './policies.js'
export { probe, probeSync } from './probe.js'
export { settings } from './settings.js'
export { skipReason } from './skip.js'
export type { Survey } from './survey.js'
export { survey } from './survey.js'
export { tools } from './tools.js'
export type * from './types.js'
export type {
  CauseId,
  Certainty,
  Consent,
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
} from './vocabulary.js'
