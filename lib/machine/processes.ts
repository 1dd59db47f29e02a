import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PtraceProbeError } from '../model/index.js'
import { link, read } from './files.js'

/**
 * The processes that /proc shows, in the order of their numbers.
 *
 * @param own - the number of this process
 * @throws PtraceProbeError where /proc does not show this process, and so not its neighbours either
 */
export function processIds(own: number, root = '/'): number[] {
  // A link to the reader's number in the PID namespace of the mount (proc_pid(5), "/proc/self").
  if (link(root, '/proc/self') !== String(own)) {
    throw new PtraceProbeError(
      'The processes cannot be listed: /proc is not mounted here, or shows another PID namespace',
      'ERR_PTRACE_PROBE_ENGINE',
    )
  }
  return readdirSync(join(root, '/proc'))
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
}

/** How many bytes of a name the kernel keeps (TASK_COMM_LEN without its NUL, proc_pid_comm(5)). */
const nameLength = 15

/** The processes of that name. Only its first 15 bytes count. */
export function processesNamed(name: string, own: number, root = '/'): number[] {
  const kept = Buffer.from(name).subarray(0, nameLength)
  return processIds(own, root).filter((pid) => {
    const comm = read(root, `/proc/${pid}/comm`)
    return comm !== null && Buffer.from(comm.replace(/\n$/, '')).equals(kept)
  })
}

/** The effective user of a process; null: /proc does not show it. */
export function userOfProcess(pid: number): number | null {
  try {
    return statSync(`/proc/${pid}`).uid
  } catch {
    return null
  }
}
