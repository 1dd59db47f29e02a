import type { Report } from '../types.js'
import type { Style } from './terminal.js'

/** Turns a report into what is written to standard output, the last newline included. */
export type Render = (report: Report, style: Style) => string

/**
 * The formats by name. A new one is one file and one line here. Each is loaded when it is asked
 * for, so that none costs time at the start of a command that prints another.
 */
export const formats: Readonly<Record<string, () => Promise<Render>>> = {
  text: async () => (await import('./text.js')).render,
  json: async () => (await import('./json.js')).render,
}
