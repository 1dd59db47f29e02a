export type { AttachingTool } from './attaching.js'
export { findTool } from './attaching.js'
export { tools } from './tools.js'
