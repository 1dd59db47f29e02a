export type { Access, Evidence } from './evidence.js'
export {
  access,
  capabilityGranted,
  capableAccess,
  decidingConsent,
  evidenceOf,
} from './evidence.js'
export { isPassing, observe } from './observations.js'
export type { Judgement, UseName } from './operations.js'
export { judgeUse, uses } from './operations.js'
export type { ProbeOptions } from './options.js'
export { defaultIdentities, identitiesFor } from './options.js'
export { probe, probeSync } from './probe.js'
export type { Scenario } from './scenarios.js'
export { familyId, observationId, scenariosFor } from './scenarios.js'
export { crashHandling } from './strategy.js'
