export { reasonFor, unmeasured } from './reason.js'
export type { Need } from './requirement.js'
export { isRequired, parseNeed } from './requirement.js'
export { skipReason } from './skip-reason.js'
