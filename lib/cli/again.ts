import { maxTimeoutMs, type Remedy, visible } from '../model/index.js'

/**
 * Remedies that say to measure again, with the command line that was given: what was asked for stays,
 * and only what has to change does.
 *
 * @param argv - what stands after the name of the program
 */
export function again(remedies: readonly Remedy[], argv: readonly string[]): readonly Remedy[] {
  return remedies.map((each) => {
    if (each.id === 'measure-as-root') return { ...each, command: asRoot(argv) }
    return each.id === 'run-longer' ? { ...each, command: commandOf(withMoreTime(argv)) } : each
  })
}

/** The same command as root. */
export function asRoot(argv: readonly string[]): string {
  return `sudo ${commandOf(argv)}`
}

function commandOf(argv: readonly string[]): string {
  return ['ptrace-probe', ...argv.map(word)].join(' ')
}

/** A word as a shell takes it, on one line. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${visible(text).replaceAll("'", "'\\''")}'`
}

const usualMs = 60_000

function withMoreTime(argv: readonly string[]): readonly string[] {
  const given = argv.flatMap((each, at) => {
    if (each === '--timeout') return [Number(argv[at + 1])]
    return each.startsWith('--timeout=') ? [Number(each.slice('--timeout='.length))] : []
  })
  const others = argv.filter((each, at) => {
    return !/^--timeout(=|$)/.test(each) && argv[at - 1] !== '--timeout'
  })
  const more = Math.min(maxTimeoutMs, Math.max(usualMs, ...given.map((ms) => ms * 10)))
  return [...others, '--timeout', String(more)]
}
