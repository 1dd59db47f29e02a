import { capital, type Evidence } from '../model/index.js'
import type { Style } from './terminal.js'

const stops = ['.', '!', '?']

/** Text with the full stop that it may have already. */
export function sentence(text: string): string {
  return stops.includes(text.at(-1) ?? '') ? capital(text) : `${capital(text)}.`
}

/** What was seen, as a list; empty when there is nothing. Long results are cut, unless in detail. */
export function seen(evidence: readonly Evidence[], { detail }: Style): string {
  return evidence
    .map(({ source, result }) => {
      const meaning = meanings[`${source}: ${result}`]
      const isLong = result.length > longest && detail !== 'verbose'
      const shown = isLong ? `${beginning(result)} ... (--verbose prints all)` : result
      return `${source}: ${shown}${meaning === undefined ? '' : ` (${meaning})`}`
    })
    .join('; ')
}

/** More than any answer of the kernel has; a list of capabilities may be longer. */
const longest = 80

/** As many whole words as there is room for; of a single word, a part. */
function beginning(text: string): string {
  const room = text.slice(0, longest)
  return room.includes(' ') ? room.slice(0, room.lastIndexOf(' ')) : room
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
