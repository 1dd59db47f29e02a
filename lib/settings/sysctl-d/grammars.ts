/** How the readers of sysctl.d(5) understand a line. */

import { globPath, isPattern } from '../../machine/index.js'
import { type Cut, getlineCut, systemdCut } from './lines.js'

/** The key as a path below /proc/sys. */
export const scopeKey = 'kernel/yama/ptrace_scope'

/** A line that concerns the key. */
export interface Entry {
  /** What the reader tells keys apart by. */
  readonly key: string
  /** For a pattern, the path that it finds; otherwise null. */
  readonly finds: string | null
  /** Null: the line excludes the key. */
  readonly value: string | null
}

/** What a line is: one that concerns the key, one that means to and fails, or any other. */
export type Parsed = Entry | { readonly mistake: string } | null

/** A way to read. */
export interface Grammar {
  readonly cut: Cut
  readonly parse: (line: string) => Parsed
}

/** `WHITESPACE` of systemd. */
const blanks = ' \t\n\r'
/** isspace(3) in the C locale. */
const spaces = ' \t\n\v\f\r'

/** What busybox splits at. */
const delimiters = ' \t='

/** systemd-sysctl (src/sysctl/sysctl.c). */
export const systemdGrammar: Grammar = {
  cut: systemdCut,
  parse: (line) => {
    const text = strip(line, blanks)
    if (text === '' || '#;'.includes(text[0] ?? '')) return null
    const equals = text.indexOf('=')
    const isNegative = text.startsWith('-')
    if (equals < 0 && !isNegative) return misses(text, 'is no assignment, for it has no "="')
    const name = text.slice(isNegative ? 1 : 0, equals < 0 ? undefined : equals)
    const key = normalized(swapped(strip(name, blanks)))
    const value = equals < 0 ? null : strip(text.slice(equals + 1), blanks)
    if (!isPattern(key)) {
      return key === scopeKey ? { key, finds: null, value } : misses(name, otherKey(key))
    }
    const finds = globPath(key, scopeKey, true)
    return finds === null ? misses(name, otherKey(key)) : { key, finds, value }
  },
}

/** sysctl(8) of procps (src/sysctl.c). */
export const procpsGrammar: Grammar = {
  cut: getlineCut,
  parse: (line) => {
    // To C, a NUL is the end.
    const text = stripStart(before(line, '\0'), spaces)
    if (text.length < 2 || '#;'.includes(text[0] ?? '')) return null
    const equals = text.indexOf('=')
    const isNegative = text.startsWith('-')
    if (equals < 0 && !isNegative) return misses(text, 'is no assignment, for it has no "="')
    const name = text.slice(isNegative ? 1 : 0, equals < 0 ? undefined : equals)
    // A second minus is skipped as well.
    const key = swapped(stripEnd(name, spaces).replace(/^-/, ''))
    const value = equals < 0 ? null : strip(text.slice(equals + 1), spaces)
    if (!isPattern(key)) {
      return leadsToKey(key) ? { key, finds: null, value } : misses(name, otherKey(key))
    }
    const finds = globPath(key, scopeKey, false)
    return finds === null ? misses(name, otherKey(key)) : { key, finds, value }
  },
}

/** sysctl of busybox (procps/sysctl.c, `config_read()` in libbb/parse_config.c). */
export const busyboxGrammar: Grammar = {
  cut: getlineCut,
  parse: (line) => {
    const text = strip(before(before(line, '\0'), '#'), delimiters)
    const end = text.search(/[ \t=]/)
    const name = end < 0 ? text : text.slice(0, end)
    const value = end < 0 ? '' : stripStart(text.slice(end), delimiters)
    if (name === '') return null
    // It replaces as many dots by slashes as it takes to find a file.
    const isKey = name.replaceAll('.', '/') === scopeKey
    if (!isKey) return misses(name, otherKey(name))
    return value === ''
      ? misses(text, 'is no assignment, for it has no value')
      : { key: scopeKey, finds: null, value }
  },
}

function before(text: string, mark: string): string {
  const at = text.indexOf(mark)
  return at < 0 ? text : text.slice(0, at)
}

// Loops, because a regular expression would look at a long run of blanks again from each of them.
function stripStart(text: string, characters: string): string {
  let start = 0
  while (start < text.length && characters.includes(text[start] ?? '')) start += 1
  return text.slice(start)
}

function stripEnd(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text[end - 1] ?? '')) end -= 1
  return text.slice(0, end)
}

function strip(text: string, characters: string): string {
  return stripEnd(stripStart(text, characters), characters)
}

/** Only what looks as if it were meant for this key is worth a word. */
function misses(text: string, fault: string): Parsed {
  return text.includes('ptrace_scope') ? { mistake: fault } : null
}

function otherKey(key: string): string {
  return `names another key, /proc/sys/${key}`
}

/**
 * The first separator decides: a slash leaves all of them, a dot exchanges dots and slashes
 * (`sysctl_normalize()` of systemd, `slashdot()` of procps).
 */
function swapped(name: string): string {
  return /^[^/.]*\./.test(name)
    ? name.replace(/[/.]/g, (separator) => (separator === '.' ? '/' : '.'))
    : name
}

/** `path_simplify()` of systemd, without the slash that a path may begin with. */
function normalized(path: string): string {
  const kept = path.split('/').filter((part) => part !== '' && part !== '.')
  return kept.join('/')
}

/**
 * Whether a path below /proc/sys is that of the key, however it gets there. It may climb from the
 * directories of the key; which others a kernel has is not known.
 */
function leadsToKey(path: string): boolean {
  const names = scopeKey.split('/')
  let depth = 0
  for (const part of path.split('/')) {
    // What stands after the file's name would have to be in a directory.
    if (depth === names.length) return false
    if (part === '' || part === '.') continue
    depth += part === '..' ? -1 : 1
    if (depth < 0 || (part !== '..' && part !== names[depth - 1])) return false
  }
  return depth === names.length
}
