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
export function globNames(pattern: string, names: readonly string[]): readonly string[] {
  const sorted = [...names].sort()
  const found = expand(pattern).flatMap((each) =>
    sorted.filter((name) => {
      // A period at the beginning has to be there in the pattern.
      return name.startsWith('.') === each.startsWith('.') && matchName(each, name)
    }),
  )
  return found.length === 0 ? [pattern] : found
}

// Alternatives multiply; more than anybody writes must not take time.
const maxAlternatives = 1000
const maxLength = 4096

/** `a{b,c}d` as `abd` and `acd`. A brace without its end is an ordinary character. */
function expand(pattern: string): string[] {
  const done: string[] = []
  const rest = [pattern]
  for (let each = rest.shift(); each !== undefined; each = rest.shift()) {
    const alternatives = firstBraces(each)
    if (alternatives === null) done.push(each)
    else rest.unshift(...alternatives)
    if (done.length + rest.length > maxAlternatives) break
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
  // Where to go on when a `*` has to take one character more.
  let star: { readonly pattern: number; readonly name: number } | null = null
  let p = 0
  let n = 0
  while (p < pattern.length || n < name.length) {
    if (pattern[p] === '*') {
      star = { pattern: p + 1, name: n }
      p += 1
      continue
    }
    const next = n < name.length ? matchOne(pattern, p, name[n] ?? '') : null
    if (next !== null) {
      p = next
      n += 1
    } else if (star !== null && star.name < name.length) {
      star = { pattern: star.pattern, name: star.name + 1 }
      p = star.pattern
      n = star.name
    } else return false
  }
  return true
}

/** Where the pattern goes on if its next part is this character; null when it is not. */
function matchOne(pattern: string, at: number, character: string): number | null {
  const next = pattern[at]
  if (next === undefined) return null
  if (next === '?') return at + 1
  if (next === '[') {
    const set = bracket(pattern, at)
    if (set !== null) return set.has(character) ? set.end : null
  }
  if (next === '\\' && at + 1 < pattern.length) {
    return pattern[at + 1] === character ? at + 2 : null
  }
  return next === character ? at + 1 : null
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
