/** What the library answers with, and the JSON of the command: a file a command. */

export type * from './policy.js'
export type * from './report.js'
export type * from './settings.js'
export type * from './tools.js'
export type * from './verdict.js'
