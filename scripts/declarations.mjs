// The declarations that users of the library meet; the others are left out of the package.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const statements = /^(import|export) (type )?\{([^}]*)\} from '(\.[^']+)\.js';$/gm
const stars = /^export (?:type )?\* from '(\.[^']+)\.js';$/gm

const textOf = (file) => readFileSync(file, 'utf8')
const namesIn = (list) =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
const bare = (name) => name.replace(/^type /, '')

/**
 * The file that declares a name which `file` exports, also over doors; null where there is none: the
 * declaration is internal, and the compiler has left it out.
 */
function originOf(file, name) {
  const text = textOf(file)
  const declared = `^export (declare )?(const|function|class|interface|type) ${name}\\b`
  if (new RegExp(declared, 'm').test(text)) return file
  const below = (path) => join(dirname(file), `${path}.d.ts`)
  for (const [, keyword, , list, path] of text.matchAll(statements)) {
    const isHere = keyword === 'export' && namesIn(list).map(bare).includes(name)
    if (isHere) return originOf(below(path), name)
  }
  for (const [, path] of text.matchAll(stars)) {
    const origin = originOf(below(path), name)
    if (origin !== null) return origin
  }
  return null
}

/** A statement, with each name taken from the file that declares it. */
function direct(file, [, keyword, type = '', list, path]) {
  const files = new Map()
  for (const name of namesIn(list)) {
    const origin = originOf(join(dirname(file), `${path}.d.ts`), bare(name))
    if (origin !== null) files.set(origin, [...(files.get(origin) ?? []), name])
  }
  return Array.from(files, ([origin, names]) => {
    const target = relative(dirname(file), origin).replace(/\.d\.ts$/, '.js')
    const place = target.startsWith('.') ? target : `./${target}`
    return `${keyword} ${type}{ ${names.join(', ')} } from '${place}';`
  }).join('\n')
}

/**
 * Takes every name from the file that declares it, which makes doors needless, and removes from a
 * directory every declaration file that index.d.ts does not lead to.
 */
export function keepPublicDeclarations(directory) {
  const reached = new Set([join(directory, 'index.d.ts')])
  const texts = new Map()
  // The set grows while it is walked through.
  for (const file of reached) {
    const text = textOf(file).replace(statements, (...match) => direct(file, match))
    texts.set(file, text)
    for (const [, path] of text.matchAll(/(?:\bfrom |\bimport\()'(\.[^']+)\.js'/g)) {
      reached.add(join(dirname(file), `${path}.d.ts`))
    }
  }
  for (const name of readdirSync(directory, { recursive: true })) {
    const file = join(directory, name)
    if (name.endsWith('.d.ts') && !reached.has(file)) rmSync(file)
  }
  for (const [file, text] of texts) writeFileSync(file, text)
}
