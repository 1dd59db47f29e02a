// The declarations that users of the library meet; the others are left out of the package.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

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
  const spelled = spellOut([...texts.keys()])
  const needed = neededNames(spelled)
  for (const [file, statements] of spelled) writeFileSync(file, textFrom(statements, needed))
}

const format =
  ts.TypeFormatFlags.NoTruncation |
  ts.TypeFormatFlags.InTypeAlias |
  ts.TypeFormatFlags.UseSingleQuotesForStringLiteralType

/**
 * The statements of each file, with what each declares. A type that is taken from a table of ours is
 * spelled out, so that the table need not be declared.
 */
function spellOut(files) {
  const program = ts.createProgram(files, { types: [], skipLibCheck: true })
  const checker = program.getTypeChecker()
  return files.map((path) => {
    const file = program.getSourceFile(path)
    const statements = file.statements.map((statement) => {
      const text = statement.getFullText()
      const isTaken =
        ts.isTypeAliasDeclaration(statement) && /\btypeof\b/.test(statement.type.getText())
      if (!isTaken) return { text, names: declaredNames(statement) }
      const type = checker.typeToString(
        checker.getTypeAtLocation(statement.name),
        undefined,
        format,
      )
      return { text: text.replace(statement.type.getText(), type), names: declaredNames(statement) }
    })
    return [path, statements]
  })
}

/** Null where a statement declares nothing of its own. */
function declaredNames(statement) {
  // A value is needed where the door exports it; elsewhere its name is that of a property.
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => `value ${name.getText()}`)
  }
  return statement.name === undefined ? null : [statement.name.getText()]
}

/** The names that a statement needs: every word of it that is no comment and no text. */
const wordsOf = (text) =>
  text.replace(/\/\*.*?\*\/|'[^']*'|"[^"]*"/gs, '').match(/[A-Za-z_]\w*/g) ?? []

/** What index.d.ts exports, and what that needs. */
function neededNames(spelled) {
  const [[, door]] = spelled
  const exported = door.flatMap(({ text }) => wordsOf(text))
  const needed = new Set([...exported, ...exported.map((name) => `value ${name}`)])
  const declared = spelled.flatMap(([, statements]) => statements.filter(({ names }) => names))
  // The set grows while it is walked through.
  for (const name of needed) {
    for (const { names, text } of declared) {
      if (names.includes(name)) for (const word of wordsOf(text)) needed.add(word)
    }
  }
  return needed
}

function textFrom(all, needed) {
  const kept = all.flatMap(({ text, names }) => {
    if (names !== null) return names.some((name) => needed.has(name)) ? [text] : []
    if (!/^\s*import /.test(text)) return [text]
    const list = namesIn(/\{([^}]*)\}/.exec(text)?.[1] ?? '').filter((name) =>
      needed.has(bare(name)),
    )
    return list.length === 0 ? [] : [text.replace(/\{[^}]*\}/, `{ ${list.join(', ')} }`)]
  })
  return `${kept.join('').trimStart()}\n`
}
