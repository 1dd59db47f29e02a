import { type AccessMethod, invalidArgument, unknownWord } from '../model/index.js'
import { findPrograms } from './programs.js'
import { toolRows } from './table.js'

/** A tool that attaches to processes: its program, and the calls by which it does that. */
export interface AttachingTool {
  readonly path: string
  /** All of these are needed; of each the first that is not filtered. */
  readonly by: readonly (readonly AccessMethod[])[]
}

/**
 * The tool of that name, as it is found in PATH.
 *
 * @param searchPath - as in the environment variable PATH
 * @throws Error with one sentence when there is none, or when it attaches to nothing
 */
export function findTool(name: string, searchPath: string, rows = toolRows): AttachingTool {
  const row = rows.find(({ names }) => names.includes(name))
  if (row === undefined) {
    const known = rows.filter(({ attach }) => attach !== null).flatMap(({ names }) => names)
    const others = '; for any other program use --tracer program:PATH'
    const sentence = unknownWord('tool', name, known)
    throw invalidArgument('value', sentence.endsWith('?') ? sentence : sentence + others)
  }
  if (row.attach === null) {
    const why = row.note === undefined ? '' : `: ${row.note}`
    throw invalidArgument('value', `${name} does not attach to processes${why}`)
  }
  const wanted = row.through ?? name
  const found = findPrograms(rows, searchPath).find((program) => program.name === wanted)
  if (found === undefined) {
    const needs = row.through === undefined ? '' : `, which ${name} starts,`
    throw new Error(`no program ${wanted}${needs} is installed here`)
  }
  return { path: found.path, by: row.by ?? [['attach']] }
}
