import { constants } from 'node:os'

/** Names by number; where two names share one, the first counts. */
function byNumber(names: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(
    Object.entries(names)
      .reverse()
      .map(([name, number]) => [number, name]),
  )
}

const errnoNames = byNumber(constants.errno)
const signalNames = byNumber(constants.signals)

/** The name of an errno value, such as `EPERM` for 1. */
export function errnoName(errno: number): string {
  return errnoNames.get(errno) ?? `errno ${errno}`
}

/** The name of a signal, such as `SIGSYS` for 31 on x86. */
export function signalName(signal: number): string {
  return signalNames.get(signal) ?? `signal ${signal}`
}
