import { type Examination, oracleBit } from '../engine/index.js'

/** How each oracle answers when access is granted and when it is refused. */
export const oracles = [
  {
    oracle: 'pidfd-getfd',
    field: 'pidfdGetfd',
    syscall: 'pidfd_getfd',
    granted: 'EBADF',
    denied: 'EPERM',
  },
  {
    oracle: 'vm-read',
    field: 'vmRead',
    syscall: 'process_vm_readv',
    granted: 'EFAULT',
    denied: 'EPERM',
  },
  {
    oracle: 'proc-mem',
    field: 'procMem',
    syscall: 'open /proc/PID/mem',
    granted: null,
    denied: 'EACCES',
  },
] as const

/** The oracles that an examination asked, of any thread. */
export function askedOf(examination: Examination): number {
  const { threads } = examination
  const asked = oracles.filter(({ field }) => examination[field] !== null)
  const own = asked.reduce((set, { oracle }) => set | oracleBit(oracle), 0)
  return threads?.suspect ? own | askedOf(threads.suspect) : own
}
