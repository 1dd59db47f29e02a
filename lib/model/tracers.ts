import { maxPid } from './limits.js'
import type { ProgramPath, UserName } from './shapes.js'
import { keysOf } from './tables.js'

/**
 * Whose access is in question: this process itself (`self`), a debugger that this process starts
 * (`child`), an unrelated process of this user (`stranger`), one of another user (`user:NAME`), a
 * process that runs (`pid:N`), or a program that this process would start (`program:PATH`). They
 * differ under scope 1, where descent and PR_SET_PTRACER decide, and where a program's file gives it
 * capabilities.
 */
export type TracerName =
  | 'self'
  | 'child'
  | 'stranger'
  | `user:${UserName}`
  | `pid:${number}`
  | `program:${ProgramPath}`

/** The same, taken apart. */
export type NamedTracer =
  | { readonly kind: 'self' | 'child' | 'stranger' }
  | { readonly kind: 'user'; readonly user: string }
  | { readonly kind: 'pid'; readonly pid: number }
  | { readonly kind: 'program'; readonly path: string }

/** THE table of tracers, one row a form of a {@link TracerName}. */
export const tracerRows = {
  self: { about: 'the process that asks: Node' },
  child: {
    about:
      'a debugger that Node starts, with the capabilities that it would still have after execve(2)',
  },
  stranger: {
    about: 'a process of the same user that is neither a descendant nor an ancestor of Node',
  },
  'user:NAME': {
    about:
      'a stranger with the ids and groups of that user and, unless it is root, no capabilities; needs root',
  },
  'pid:N': { about: 'a process that runs already' },
  'program:PATH': { about: 'a program that Node would start, such as `/usr/bin/gdb`' },
} as const satisfies Readonly<Record<string, { readonly about: string }>>

/** The forms of a {@link TracerName}, for people. */
export const tracerForms = keysOf(tracerRows)

/** Takes the name of a tracer apart; null: it is none. */
export function namedTracer(word: string): NamedTracer | null {
  if (word === 'self' || word === 'child' || word === 'stranger') return { kind: word }
  const [, kind, value = ''] = /^(user|pid|program):([^\0]+)$/.exec(word) ?? []
  switch (kind) {
    case 'user':
      return { kind, user: value }
    case 'pid':
      return /^[1-9]\d{0,9}$/.test(value) && Number(value) <= maxPid
        ? { kind, pid: Number(value) }
        : null
    case 'program':
      return value.startsWith('/') ? { kind, path: value } : null
    default:
      return null
  }
}

/** Whether a word names a tracer. */
export function isTracerName(word: string): word is TracerName {
  return namedTracer(word) !== null
}
