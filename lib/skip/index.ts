export { reasonFor, unmeasured } from './reason.js'
export type { Requirement } from './requirement.js'
export { isRequired, parseRequirement } from './requirement.js'
export { skipReason } from './skip-reason.js'
