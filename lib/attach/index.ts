export type { Answer } from './can-attach.js'
export { canAttach, canAttachEach, canAttachSync, verdictIn } from './can-attach.js'
export type { Survey } from './survey.js'
export { survey } from './survey.js'
