import type os from 'node:os'

/** Names by number; where two names share one, the first counts. */
function byNumber(names: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(
    Object.entries(names)
      .reverse()
      .map(([name, number]) => [number, name]),
  )
}

/**
 * The first errno values, from 1 on: the same on every architecture
 * (include/uapi/asm-generic/errno-base.h). Questions about a process rarely end in another, and to
 * load node:os takes longer than to ask them.
 */
const common = `
  EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK
  EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE
  EROFS EMLINK EPIPE EDOM ERANGE`
  .trim()
  .split(/\s+/)

let rest: { errno: ReadonlyMap<number, string>; signals: ReadonlyMap<number, string> } | undefined

function names(): NonNullable<typeof rest> {
  if (rest === undefined) {
    const { constants }: typeof os = process.getBuiltinModule('node:os')
    rest = { errno: byNumber(constants.errno), signals: byNumber(constants.signals) }
  }
  return rest
}

/** The name of an errno value, such as `EPERM` for 1. */
export function errnoName(errno: number): string {
  return common[errno - 1] ?? names().errno.get(errno) ?? `errno ${errno}`
}

/** The name of a signal, such as `SIGSYS` for 31 on x86. */
export function signalName(signal: number): string {
  return names().signals.get(signal) ?? `signal ${signal}`
}
