export type { AttachOptions, Survey, TracerOption } from './attach/index.js'
export { canAttach, canAttachSync, survey } from './attach/index.js'
export { isSupported } from './engine/index.js'
export type {
  Acceptance,
  Assertion,
  Assignment,
  CallerFacts,
  CapabilityState,
  Cause,
  CauseId,
  Certainty,
  Consent,
  Control,
  DeclaredScope,
  EffectiveScope,
  EnforcedScope,
  ErrorCode,
  Evaluation,
  Evidence,
  Expectation,
  Finding,
  HostFacts,
  Identity,
  Level,
  Measurement,
  Method,
  Observation,
  Outcome,
  Policy,
  PolicyInput,
  PulledIn,
  Relation,
  Remedy,
  RemedyId,
  Report,
  Scope,
  ScopeName,
  ScopeReport,
  SettingsRemedy,
  SettingsReport,
  Status,
  Step,
  Tool,
  ToolEffect,
  ToolKind,
  ToolPrivileges,
  ToolsReport,
  TracerName,
  UnreadDatabase,
  Verdict,
} from './model/index.js'
export { PtraceProbeError } from './model/index.js'
export { evaluate, policies } from './policy/index.js'
export type { ProbeOptions } from './probe/index.js'
export { probe, probeSync } from './probe/index.js'
export type { SettingsOptions } from './settings/index.js'
export { settings } from './settings/index.js'
export type { Requirement } from './skip/index.js'
export { skipReason } from './skip/index.js'
export { tools } from './tools/index.js'
