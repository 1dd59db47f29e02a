import type { CommandName } from './command-line.js'
import { commands } from './commands.js'
import { optionRows } from './options.js'

/** The help text of a command, made from the tables. That of the report lists the others. */
export function helpText(name: CommandName = 'report'): string {
  const { synopsis, about, options, exits } = commands[name]
  const list = Object.entries(commands).map(([each, { summary }]) => {
    return `  ${each.padEnd(8)}  ${summary}\n`
  })
  const forms = [synopsis, ...(name === 'report' ? ['COMMAND [ARGUMENT]... [OPTION]...'] : [])]
  const rows = optionRows.flatMap((row) => {
    const does = options[row.name]
    return does === undefined ? [] : [{ ...row, does, at: Object.keys(options).indexOf(row.name) }]
  })
  const usages = rows
    .sort((a, b) => a.at - b.at)
    .map(({ name: option, short, value, does }) => {
      const usage = `${short ? `-${short}, ` : '    '}--${option}${value ? ` ${value}` : ''}`
      return { usage, does }
    })
  const width = Math.max(20, ...usages.map(({ usage }) => usage.length))
  const lines = usages.map(({ usage, does }) => {
    return `  ${usage.padEnd(width)}  ${does.replaceAll('\n', `\n${' '.repeat(width + 4)}`)}\n`
  })
  return `Usage: ${forms.map((form) => `ptrace-probe ${form}`).join('\n       ')}

${about}
${name === 'report' ? `\nCommands ('ptrace-probe help COMMAND' says more):\n${list.join('')}` : ''}
Options:
${lines.join('')}
Exit status: ${exits.map(([code, meaning]) => `${code} ${meaning}`).join(', ')}.
`
}
