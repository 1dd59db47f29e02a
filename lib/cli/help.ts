import { joined, lineWidth, type Style, wrap } from '../format/index.js'
import type { CommandName } from './command-line.js'
import { type CommandRow, commands } from './commands.js'
import { optionRows } from './options.js'
import { isWordList, type WordList, wordsOf } from './words.js'

/**
 * The help text of a command, made from the tables. That of the report lists the others, and what
 * else the package has.
 *
 * @param home - the directory of the package, however it was installed
 */
export function helpText(name: CommandName = 'report', home = '.', style = wide): string {
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
  const status = exits.map(([code, meaning]) => `${code} ${meaning}`).join(', ')
  return joined([
    forms.flatMap((form, at) => {
      const first = at === 0 ? 'Usage: ' : '       '
      return wrap(`ptrace-probe ${form}`, style, ' '.repeat(9), first)
    }),
    ...about.split('\n\n').map((paragraph) => wrap(words(paragraph), style)),
    ...(name === 'report'
      ? [section("Commands ('ptrace-probe help COMMAND' says more)", list, style)]
      : []),
    section('Options', usages, style, 20),
    ...wordListsOf(command).map((each) => {
      const { title, words } = wordsOf(each, command.formats)
      return section(title, words, style)
    }),
    ...(name === 'report' ? [filesBelow(home, style)] : []),
    wrap(`Exit status: ${status}.`, style),
  ])
}

/** For readers of whom nothing is known. */
const wide: Style = { color: false, unicode: false, columns: 80 }

/** One line each, however long: a path that is broken cannot be copied. */
function filesBelow(home: string, style: Style): string[] {
  const lines = [
    ['documents', `${home}/docs/guide/which-page.md`],
    ['manual page', `man ${home}/dist/man/ptrace-probe.1`],
    ['completions', `${home}/dist/completions`],
    ['schemas', `${home}/dist/schema`],
  ]
  return [
    ...wrap('Files (docs/guide/command-line.md says how to install them):', style),
    ...lines.map(([what = '', where]) => `  ${what.padEnd(11)}  ${where}`),
  ]
}

/** The lists of the words that a command takes, in the order of its options. */
function wordListsOf({ options, offers, words = [] }: CommandRow): WordList[] {
  const taken = Object.keys(options).map(
    (name) => optionRows.find((row) => row.name === name)?.offers,
  )
  return [...new Set([offers, ...words, ...taken].filter(isWordList))]
}

/** The least room for what is said of a word, beside that word. */
const leastRoom = 24

/** A title and two columns; in a narrow terminal the second stands below the first. */
function section(
  title: string,
  rows: readonly (readonly [string, string])[],
  style: Style,
  least = 0,
): string[] {
  const width = Math.max(least, ...rows.map(([first]) => first.length))
  const room = lineWidth(style) - width - 4
  const longest = Math.max(
    ...rows.flatMap(([, text]) => text.split(/\s/).map((word) => word.length)),
  )
  const isNarrow = room < Math.max(leastRoom, longest)
  return [
    ...wrap(`${title}:`, style),
    ...rows.flatMap(([first, second]) =>
      isNarrow
        ? [`  ${first.trim()}`, ...wrap(words(second), style, ' '.repeat(6))]
        : wrap(words(second), style, ' '.repeat(width + 4), `  ${first.padEnd(width)}  `),
    ),
  ]
}

/** A text of several lines as one. */
function words(text: string): string {
  return text.replace(/\s+/g, ' ')
}
