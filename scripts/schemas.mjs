// The JSON Schemas of what the command prints and reads, from the types of lib/model.
//
// Their descriptions and rules (`@minimum`, `@pattern`, ...) are the comments of these types. The
// generator knows no patterns: what follows makes one of each template literal, such as the id of an
// observation, from the words of the tables.

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  AliasType,
  AnnotatedType,
  BaseType,
  createFormatter,
  createParser,
  createProgram,
  DefinitionType,
  LiteralType,
  NeverType,
  NumberType,
  SchemaGenerator,
  StringType,
  ts,
  UnionType,
} from 'ts-json-schema-generator'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** THE table of schemas: the type of each, and what has it. */
const rows = {
  report: { type: 'Report', title: 'The report: ptrace-probe --json' },
  verdict: {
    type: 'CheckAnswer',
    title:
      'A verdict: ptrace-probe check --json prints an array of these; with --format ndjson, and by ptrace-probe survey --json, there is one a line',
  },
  settings: { type: 'SettingsReport', title: 'What is configured: ptrace-probe settings --json' },
  assert: { type: 'Assertion', title: 'The answer of ptrace-probe assert --json' },
  policy: { type: 'PolicyInput', title: 'A policy for ptrace-probe assert --policy-file' },
  explain: {
    type: 'ExplanationReport',
    title: 'What is behind an error text: ptrace-probe explain --json',
  },
  envelope: { type: 'Envelope', title: 'Everything about one host: ptrace-probe collect' },
  fleet: { type: 'Fleet', title: 'Many hosts in one summary: ptrace-probe merge --json' },
  diff: { type: 'Difference', title: 'What changed: ptrace-probe diff --json' },
  tools: { type: 'ToolsReport', title: 'The tools of a machine: ptrace-probe tools --json' },
}

const config = {
  path: join(root, 'lib/model/index.ts'),
  tsconfig: join(root, 'tsconfig.json'),
  // The build has checked them.
  skipTypeCheck: true,
  type: '*',
  expose: 'export',
  topRef: true,
  jsDoc: 'extended',
  extraTags: [],
  additionalProperties: false,
  encodeRefs: false,
  functions: 'fail',
  discriminatorType: 'json-schema',
}

/** A text of a certain form. */
class PatternType extends BaseType {
  constructor(pattern) {
    super()
    this.pattern = pattern
  }

  getId() {
    return `pattern ${this.pattern}`
  }
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The pattern of a part of a template; null where it is no text. */
function patternOf(type) {
  if (type instanceof AnnotatedType) {
    const { pattern } = type.getAnnotations()
    return pattern === undefined ? patternOf(type.getType()) : pattern.replace(/^\^|\$$/g, '')
  }
  if (type instanceof AliasType || type instanceof DefinitionType) return patternOf(type.getType())
  if (type instanceof PatternType) return type.pattern
  if (type instanceof LiteralType) return escaped(String(type.getValue()))
  if (type instanceof StringType) return '.+'
  if (type instanceof NumberType) return '\\d+'
  if (type instanceof UnionType) {
    const parts = type.getTypes().map(patternOf)
    if (parts.includes(null)) return null
    const alternatives = parts.filter((part) => part !== '')
    return `(${alternatives.join('|')})${alternatives.length < parts.length ? '?' : ''}`
  }
  return null
}

/** Reads `${Identity}/${Relation}`. */
const templates = (chain) => ({
  supportsNode: ({ kind }) => kind === ts.SyntaxKind.TemplateLiteralType,
  createType({ head, templateSpans }, context) {
    const parts = templateSpans.map(
      ({ type, literal }) => patternOf(chain.createType(type, context)) + escaped(literal.text),
    )
    return new PatternType(escaped(head.text) + parts.join(''))
  },
})

/** Reads `keyof typeof rows`: the names of a table's rows, in their order, whatever is in them. */
const names = (checker) => ({
  supportsNode: ({ kind, operator, type }) =>
    kind === ts.SyntaxKind.TypeOperator &&
    operator === ts.SyntaxKind.KeyOfKeyword &&
    type.kind === ts.SyntaxKind.TypeQuery,
  createType({ type }) {
    const rows = checker.getTypeAtLocation(type.exprName).getProperties()
    return new UnionType(rows.map(({ name }) => new LiteralType(name)))
  },
})

/** Reads `string & {}`: a compiler offers the other members of a union with it, and takes any text. */
const anyText = {
  supportsNode: (node) =>
    node.kind === ts.SyntaxKind.IntersectionType && node.getText() === 'string & {}',
  createType: () => new NeverType(),
}

const isPattern = (type) => {
  if (type instanceof PatternType) return true
  return type instanceof UnionType && type.getTypes().some(isPattern) && patternOf(type) !== null
}

const patterns = {
  supportsType: isPattern,
  getDefinition: (type) => ({ type: 'string', pattern: `^${patternOf(type)}$` }),
  getChildren: () => [],
}

/** Draft 2020-12, with descriptions that need no other page. A list of values needs no type. */
function modern(value) {
  if (Array.isArray(value)) return value.map(modern)
  if (typeof value !== 'object' || value === null) return value
  const isListed = 'enum' in value || 'const' in value
  const entries = Object.entries(value).filter(([key]) => !(isListed && key === 'type'))
  return Object.fromEntries(
    entries.map(([key, each]) => {
      if (key === '$ref') return [key, each.replace('#/definitions/', '#/$defs/')]
      return [key, key === 'description' && typeof each === 'string' ? plain(each) : modern(each)]
    }),
  )
}

/** Without links to the documentation of the library. */
function plain(text) {
  return text.replace(/\s*\{@link\s+(\S+?)\s*\}\s*/g, ' $1 ').replace(/ (?=[.,:;])/g, '')
}

/** The texts of all schemas, by the names of their files; without white space, which is half of them. */
export function schemas() {
  const program = createProgram(config)
  const checker = program.getTypeChecker()
  const parser = createParser(program, config, (chain) => {
    chain.addNodeParser(templates(chain)).addNodeParser(names(checker)).addNodeParser(anyText)
  })
  const formatter = createFormatter(config, (chain) => chain.addTypeFormatter(patterns))
  const generator = new SchemaGenerator(program, parser, formatter, config)
  return Object.fromEntries(
    Object.entries(rows).map(([name, { type, title }]) => {
      const { [type]: whole, ...definitions } = generator.createSchema(type).definitions
      const schema = {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: `urn:ptrace-probe:schema:${name}:1`,
        title,
        ...modern(whole),
        $defs: modern(definitions),
      }
      return [`${name}.json`, `${JSON.stringify(schema)}\n`]
    }),
  )
}
