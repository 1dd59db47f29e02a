export { canAttach, canAttachSync } from './attach/can-attach.js'
export type { Survey } from './attach/survey.js'
export { survey } from './attach/survey.js'
export { isSupported } from './engine/platform.js'
export type {
  AttachOptions,
  ProbeOptions,
  SettingsOptions,
  TracerOption,
} from './model/arguments.js'
export type { ErrorCode } from './model/errors.js'
export { PtraceProbeError } from './model/errors.js'
export type * from './model/index.js'
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
} from './model/vocabulary.js'
export { evaluate } from './policy/evaluate.js'
export { policies } from './policy/table.js'
export { probe, probeSync } from './probe/probe.js'
export { settings } from './settings/settings.js'
export type { Need } from './skip/requirement.js'
export { skipReason } from './skip/skip-reason.js'
export { tools } from './tools/tools.js'
