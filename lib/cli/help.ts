import type { CommandName } from './command-line.js'
import { type CommandRow, commands } from './commands.js'
import { optionRows } from './options.js'
import { isWordList, type WordList, wordsOf } from './words.js'

const columns = 80

/**
 * The help text of a command, made from the tables. That of the report lists the others, and what
 * else the package has.
 *
 * @param home - the directory of the package, however it was installed
 */
export function helpText(name: CommandName = 'report', home = '.'): string {
  const command = commands[name]
  const { synopsis, about, options, exits } = command
  const forms = [synopsis, ...(name === 'report' ? ['COMMAND [ARGUMENT]... [OPTION]...'] : [])]
  const rows = optionRows.flatMap((row) => {
    const does = options[row.name]
    return does === undefined ? [] : [{ ...row, does, at: Object.keys(options).indexOf(row.name) }]
  })
  const usages = rows
    .sort((a, b) => a.at - b.at)
    .map(({ name: option, short, value, does }) => {
      const usage = `${short ? `-${short}, ` : '    '}--${option}${value ? ` ${value}` : ''}`
      return [usage, does] as const
    })
  const list = Object.entries(commands).map(([each, { summary }]) => [each, summary] as const)
  const sections = [
    ...(name === 'report'
      ? [`Commands ('ptrace-probe help COMMAND' says more):\n${table(list)}`]
      : []),
    `Options:\n${table(usages, 20)}`,
    ...wordListsOf(command).map((each) => {
      const { title, words } = wordsOf(each, command.formats)
      return `${title}:\n${table(words)}`
    }),
    ...(name === 'report'
      ? [`Files (docs/guide/command-line.md says how to install them):\n${filesBelow(home)}`]
      : []),
  ]
  return `Usage: ${forms.map((form) => `ptrace-probe ${form}`).join('\n       ')}

${about}

${sections.join('\n')}
Exit status: ${exits.map(([code, meaning]) => `${code} ${meaning}`).join(', ')}.
`
}

/** One line each, however long: a path that is broken cannot be copied. */
function filesBelow(home: string): string {
  const lines = [
    ['documents', `${home}/docs/guide/which-page.md`],
    ['manual page', `man ${home}/dist/man/ptrace-probe.1`],
    ['completions', `${home}/dist/completions`],
    ['schemas', `${home}/dist/schema`],
  ]
  return lines.map(([what = '', where]) => `  ${what.padEnd(11)}  ${where}\n`).join('')
}

/** The lists of the words that a command takes, in the order of its options. */
function wordListsOf({ options, offers, words = [] }: CommandRow): WordList[] {
  const taken = Object.keys(options).map(
    (name) => optionRows.find((row) => row.name === name)?.offers,
  )
  return [...new Set([offers, ...words, ...taken].filter(isWordList))]
}

/** Two columns; the second is broken between words. */
function table(rows: readonly (readonly [string, string])[], least = 0): string {
  const width = Math.max(least, ...rows.map(([first]) => first.length))
  return rows
    .map(([first, second]) => {
      const lines = broken(second, columns - width - 4)
      return `  ${first.padEnd(width)}  ${lines.join(`\n${' '.repeat(width + 4)}`)}\n`
    })
    .join('')
}

function broken(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`
    } else lines.push(word)
  }
  return lines
}
