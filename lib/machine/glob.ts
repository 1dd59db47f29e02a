/** Patterns of paths as glob(3) takes them in the C locale, matched against one path. */

/** Whether sysctl.d(5) takes a key for a pattern (`string_is_glob()` of systemd and procps). */
export function isPattern(key: string): boolean {
  return /[*?[]/.test(key)
}

/**
 * The path that a pattern finds where there is nothing but `path`, with the pattern's own
 * redundant slashes; null when it does not match.
 *
 * @param braces - whether `{a,b}` stands for either (`GLOB_BRACE`)
 */
export function globPath(pattern: string, path: string, braces: boolean): string | null {
  for (const each of braces && pattern.length <= maxLength ? expand(pattern) : [pattern]) {
    const found = matchPath(each, path)
    if (found !== null) return found
  }
  return null
}

/** What glob(3) makes of a name among these, in their order: itself where it finds nothing. */
export interface Globbed {
  readonly names: readonly string[]
  /** How many comparisons of two characters it may have taken. */
  readonly comparisons: number
}

/**
 * Finds what a name opens where it is taken for a pattern.
 *
 * @param sorted - the names that are there, sorted by their bytes
 * @param limit - how many comparisons it may take
 * @returns null where it would take more
 */
export function globNames(
  pattern: string,
  sorted: readonly string[],
  limit: number,
): Globbed | null {
  const patterns = expand(pattern)
  const comparisons = lengthOf(patterns) * lengthOf(sorted)
  if (patterns.length > maxAlternatives || comparisons > limit) return null
  const found = patterns.flatMap((each) => {
    const parts = partsOf(each)
    // A period at the beginning has to be there in the pattern.
    const hidden = each.startsWith('.')
    return sorted.filter((name) => name.startsWith('.') === hidden && matchParts(parts, name))
  })
  return { names: found.length === 0 ? [pattern] : found, comparisons }
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0)
}

// Alternatives multiply; more than anybody writes must not take time.
const maxAlternatives = 1000
const maxLength = 4096

/**
 * `a{b,c}d` as `abd` and `acd`; beyond the limit braces stay. A brace without its end is an ordinary
 * character.
 */
function expand(pattern: string): string[] {
  const done: string[] = []
  const rest = [pattern]
  for (let each = rest.shift(); each !== undefined; each = rest.shift()) {
    const alternatives = firstBraces(each)
    if (alternatives === null) done.push(each)
    else rest.unshift(...alternatives)
    if (done.length + rest.length > maxAlternatives) return [...done, ...rest]
  }
  return done
}

function firstBraces(pattern: string): string[] | null {
  const open = find(pattern, 0, '{')
  if (open < 0) return null
  const alternatives: string[] = []
  let depth = 0
  let from = open + 1
  for (let i = from; i < pattern.length; i += 1) {
    const character = pattern[i]
    if (character === '\\') i += 1
    else if (character === '{') depth += 1
    else if (character === ',' && depth === 0) {
      alternatives.push(pattern.slice(from, i))
      from = i + 1
    } else if (character === '}') {
      if (depth > 0) {
        depth -= 1
        continue
      }
      alternatives.push(pattern.slice(from, i))
      return alternatives.map((each) => pattern.slice(0, open) + each + pattern.slice(i + 1))
    }
  }
  return null
}

function find(pattern: string, from: number, character: string): number {
  for (let i = from; i < pattern.length; i += 1) {
    if (pattern[i] === '\\') i += 1
    else if (pattern[i] === character) return i
  }
  return -1
}

function matchPath(pattern: string, path: string): string | null {
  const names = path.split('/')
  const found: string[] = []
  for (const part of pattern.split('/')) {
    if (part === '' || part === '.') {
      found.push(part)
      continue
    }
    const name = names.shift()
    if (name === undefined || !matchName(part, name)) return null
    found.push(name)
  }
  // What stands after the last name would have to be a directory.
  const last = found.at(-1)
  return names.length > 0 || last === '' || last === '.' ? null : found.join('/')
}

/** fnmatch(3) for one name that does not begin with a period. */
export function matchName(pattern: string, name: string): boolean {
  return matchParts(partsOf(pattern), name)
}

/** One part of a pattern: what one character has to be, or any number of characters. */
type Part = '*' | ((character: string) => boolean)

/** A pattern is taken apart once, so that a match takes no longer than both lengths multiplied. */
function partsOf(pattern: string): readonly Part[] {
  const parts: Part[] = []
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? ''
    const set = character === '[' ? bracket(pattern, at) : null
    if (character === '*') parts.push('*')
    else if (character === '?') parts.push(() => true)
    else if (set !== null) {
      parts.push(set.has)
      at = set.end - 1
    } else {
      if (character === '\\' && at + 1 < pattern.length) at += 1
      const expected = pattern[at]
      parts.push((each) => each === expected)
    }
  }
  return parts
}

function matchParts(parts: readonly Part[], name: string): boolean {
  // Where to go on when a `*` has to take one character more.
  let star: { readonly part: number; readonly name: number } | null = null
  let p = 0
  let n = 0
  while (p < parts.length || n < name.length) {
    const part = parts[p]
    if (part === '*') {
      star = { part: p + 1, name: n }
      p += 1
    } else if (part !== undefined && n < name.length && part(name[n] ?? '')) {
      p += 1
      n += 1
    } else if (star !== null && star.name < name.length) {
      star = { part: star.part, name: star.name + 1 }
      p = star.part
      n = star.name
    } else return false
  }
  return true
}

const classes: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[^ -~\x80-\xff]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t-\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
}

/** A bracket expression; null when it has no end and so is an ordinary character. */
function bracket(
  pattern: string,
  open: number,
): { readonly end: number; readonly has: (character: string) => boolean } | null {
  let at = open + 1
  const isNegated = pattern[at] === '!' || pattern[at] === '^'
  if (isNegated) at += 1
  const tests: ((character: string) => boolean)[] = []
  // An unknown class matches nothing, and neither does its negation.
  let isNothing = false
  const first = at
  for (;;) {
    if (at >= pattern.length) return null
    if (pattern[at] === ']' && at > first) break
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(at, at + 12))
    if (named) {
      const known = classes[named[1] ?? '']
      if (known) tests.push((character) => known.test(character))
      else isNothing = true
      at += named[0].length
      continue
    }
    const from = member(pattern, at)
    if (from === null) return null
    at = from.end
    if (pattern[at] === '-' && at + 1 < pattern.length && pattern[at + 1] !== ']') {
      const to = member(pattern, at + 1)
      if (to === null) return null
      at = to.end
      tests.push((character) => from.character <= character && character <= to.character)
    } else tests.push((character) => character === from.character)
  }
  return {
    end: at + 1,
    has: (character) => !isNothing && tests.some((test) => test(character)) !== isNegated,
  }
}

/** One character of a bracket expression: itself, escaped, `[.x.]` or `[=x=]`. */
function member(
  pattern: string,
  at: number,
): { readonly character: string; readonly end: number } | null {
  const character = pattern[at]
  if (character === undefined) return null
  if (character === '\\') {
    const escaped = pattern[at + 1]
    return escaped === undefined ? null : { character: escaped, end: at + 2 }
  }
  const named = /^\[([.=])(.)\1\]/s.exec(pattern.slice(at, at + 5))
  return named ? { character: named[2] ?? '', end: at + 5 } : { character, end: at + 1 }
}
