/** What the library answers with, and the JSON of the command: a file a command. */

export type * from './types/policy.js'
export type * from './types/report.js'
export type * from './types/settings.js'
export type * from './types/tools.js'
export type * from './types/verdict.js'
