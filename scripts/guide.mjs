// npm run docs:tables: writes the tables of the guide, each between its marks, from the tables in lib/.

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadModule } from './tables.mjs'

const docs = join(dirname(fileURLToPath(import.meta.url)), '../docs/guide')
/** The pages that have tables of ours. */
export const pagesWithTables = [
  ...['report', 'check', 'assert', 'tools', 'command-line', 'settings', 'errors'],
]

const rows = await loadModule(`
  export { commands } from './cli/commands.js'
  export { optionRows } from './cli/options.js'
  export { accessRows, relationRows, consentRows, methodRows } from './model/index.js'
  export { findingRows, causeRows, readerRows, tracerRows } from './model/index.js'
  export { listScopes } from './model/scopes.js'
  export { policies } from './policy/table.js'
  export { toolRows } from './tools/table.js'
  export { formats } from './format/formats.js'
  export { rows as errorTexts } from './explain/table.js'`)

const code = (word) => `\`${word}\``
const listed = (words) => words.map(code).join(', ')
const abouts = (table) => Object.entries(table).map(([name, { about }]) => [code(name), about])

/** The cells of each table, its head first. */
const tables = {
  relations: [['Relation', 'The target is'], ...abouts(rows.relationRows)],
  consents: [['Consent', 'The target named'], ...abouts(rows.consentRows)],
  methods: [['Method', 'What is tried'], ...abouts(rows.methodRows)],
  readers: [
    ['Reader', 'Taken where', 'Reads'],
    ...Object.entries(rows.readerRows).map(([name, { when, about }]) => [code(name), when, about]),
  ],
  tracers: [['Tracer', 'Who it is'], ...abouts(rows.tracerRows)],
  ways: [
    ['Method', 'Call', 'Used by'],
    ...Object.entries(rows.accessRows).map(([name, { about, usedBy }]) => [
      ...[code(name), about, usedBy.join(', ')],
    ]),
  ],
  options: [
    ['Option', 'Commands', 'Does'],
    ...rows.optionRows.map(({ name, short, value, about }) => {
      const takers = Object.entries(rows.commands).filter(([, { options }]) => name in options)
      return [
        `${code(`--${name}${value ? ` ${value}` : ''}`)}${short ? `, ${code(`-${short}`)}` : ''}`,
        takers.map(([command]) => command).join(', '),
        about,
      ]
    }),
  ],
  findings: [
    ['Id', 'Level', 'Says'],
    ...Object.entries(rows.findingRows).map(([id, { level, about }]) => [code(id), level, about]),
  ],
  causes: [
    ['Cause', 'The tracer is refused because'],
    ...Object.entries(rows.causeRows).map(([id, { because }]) => [code(id), because]),
  ],
  policies: [
    ['Policy', 'Source', 'Date', 'Scope', 'Behaviour'],
    ...rows.policies.map(({ id, title, source, date, scope, relations }) => [
      ...[code(id), `[${title}](${source})`, date, rows.listScopes(scope), listed(relations)],
    ]),
  ],
  tools: [
    ['Kind', 'Looked for'],
    ...[...new Set(rows.toolRows.map(({ kind }) => kind))].map((kind) => {
      const ofKind = rows.toolRows.filter((row) => row.kind === kind)
      return [kind, listed([...new Set(ofKind.flatMap(namesOf))])]
    }),
  ],
  errors: [
    ['Text', 'Of', 'What tells', 'Page'],
    ...rows.errorTexts.map(({ text, programs, command, page }) => [
      code(text),
      programs.join(', '),
      command === null ? '' : code(command),
      `[${page.split('/').at(-1).replace('.md', '')}](${page.replace('docs/guide/', '').replace(/^docs\//, '../')})`,
    ]),
  ],
  formats: [
    ['Format', 'Of', 'Is'],
    ...Object.entries(rows.formats).map(([name, { about, ...answers }]) => [
      code(name),
      Object.keys(answers)
        .filter((answer) => answer !== 'policies')
        .join(', '),
      about,
    ]),
  ],
}

/** The names in PATH, or else those of the files. */
function namesOf({ names, places = [] }) {
  return names.length > 0 ? names : places.map((place) => place.split('/').at(-1))
}

function textOf([head, ...body]) {
  const line = (cells) => `| ${cells.join(' | ')} |\n`
  return [line(head), `|${'---|'.repeat(head.length)}\n`, ...body.map(line)].join('')
}

/** A page, with the tables of now between the marks. */
export function withTables(page) {
  return page.replace(
    /(<!-- table of (\w+): npm run docs:tables -->\n).*?(<!-- end of table -->)/gs,
    (_, start, name, end) => `${start}\n${textOf(tables[name])}\n${end}`,
  )
}

/** What the guide has and what it should have, page by page. */
export function guidePages() {
  return pagesWithTables.map((name) => {
    const path = join(docs, `${name}.md`)
    const text = readFileSync(path, 'utf8')
    return { name, path, text, wanted: withTables(text) }
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { path, wanted } of guidePages()) writeFileSync(path, wanted)
}
