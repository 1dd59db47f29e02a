import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'

/** The signals that ask a process to end (signal(7)) and that it can catch. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Makes a directory that exists as long as `use` runs, also when a signal ends the process before.
 *
 * @param use - gets the path, and a signal that is aborted when the process is about to end: it has
 *   to end the children that were started
 */
export async function withTemporaryDirectory<T>(
  use: (path: string, ending: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController()
  const path = mkdtempSync(join(tmpdir(), 'ptrace-probe-'))
  // A file that is being copied may appear while its directory is removed.
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 })
  const end = (signal: (typeof endings)[number]) => {
    ending.abort()
    remove()
    stopListening()
    // Now the signal has its own effect. Other listeners may wait until they are the only ones, as
    // those of signal-exit do.
    endBy(signal)
  }
  const stopListening = () => {
    for (const signal of endings) process.off(signal, end)
  }
  for (const signal of endings) process.on(signal, end)
  try {
    return await use(path, ending.signal)
  } finally {
    stopListening()
    remove()
  }
}

/**
 * Ends this process by a signal. Where a seccomp filter answers getpid(2), its number is -1 or 0, which
 * kill(2) takes for many processes, and process 1 gets no signal without a handler (kill(2)). Such a
 * process exits with the status that a shell would give.
 */
function endBy(signal: (typeof endings)[number]): void {
  if (process.pid > 1) process.kill(process.pid, signal)
  else process.exit(128 + constants.signals[signal])
}
