import { commandForRoot } from '../engine/index.js'
import { maxTimeoutMs, type Remedy, shellWord } from '../model/index.js'

/**
 * Remedies that say to measure again, with the command line that was given: what was asked for stays,
 * and only what has to change does.
 *
 * @param argv - what stands after the name of the program
 */
export function again(remedies: readonly Remedy[], argv: readonly string[]): readonly Remedy[] {
  return remedies.map((each) => {
    if (each.id === 'measure-as-root') return { ...each, command: asRoot(argv) }
    if (each.id !== 'run-longer') return each
    return { ...each, command: commandOf('ptrace-probe', withMoreTime(argv)) }
  })
}

/** The same command as root, by the name or the path by which root finds it. */
export function asRoot(argv: readonly string[], command = commandForRoot()): string {
  return `sudo ${commandOf(command, argv)}`
}

function commandOf(command: string, argv: readonly string[]): string {
  return [command, ...argv.map(shellWord)].join(' ')
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
