import { type Evidence, type TracerName, userOf, type Verdict } from '../model/index.js'
import type { Tone } from './terminal.js'

/** The colour of an answer. */
export const tones: Readonly<Record<Verdict['verdict'], Tone>> = {
  allowed: 'green',
  denied: 'red',
  undetermined: 'yellow',
}

/** A tracer within a sentence; `pid` is that of the target in question. */
export function tracerWords(tracer: TracerName, pid?: number): string {
  switch (tracer) {
    case 'self':
      return 'this process'
    case 'child':
      return `a debugger started from here${pid === undefined ? '' : `, such as gdb -p ${pid}`}`
    case 'stranger':
      return 'an unrelated process of this user'
    default:
      return `a process of user ${userOf(tracer)}`
  }
}

/** The beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const stops = ['.', '!', '?']

/** Text with the full stop that it may have already. */
export function sentence(text: string): string {
  return stops.includes(text.at(-1) ?? '') ? capital(text) : `${capital(text)}.`
}

/** What was seen, as a list; empty when there is nothing. */
export function seen(evidence: readonly Evidence[]): string {
  return evidence
    .map(({ source, result }) => {
      const meaning = meanings[`${source}: ${result}`]
      return `${source}: ${result}${meaning === undefined ? '' : ` (${meaning})`}`
    })
    .join('; ')
}

/**
 * What the oracles' answers mean: they ask with arguments that fail after the check of access, so
 * that nothing is taken, and the error says how far they got.
 */
const meanings: Readonly<Record<string, string>> = {
  'pidfd_getfd: EBADF': 'access granted',
  'pidfd_getfd: EPERM': 'access refused',
  'process_vm_readv: EFAULT': 'access granted',
  'process_vm_readv: EPERM': 'access refused',
  'open /proc/PID/mem: success': 'access granted',
  'open /proc/PID/mem: EACCES': 'access refused',
  'get_robust_list: success': 'reading granted',
  'get_robust_list: EPERM': 'reading refused',
}
