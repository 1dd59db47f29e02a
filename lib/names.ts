import { constants } from 'node:os'
import { getSystemErrorName } from 'node:util'

/** The name of an errno value, such as `EPERM` for 1. */
export function errnoName(errno: number): string {
  return getSystemErrorName(-errno)
}

const signalNames = new Map(Object.entries(constants.signals).map(([name, n]) => [n, name]))

/** The name of a signal, such as `SIGSYS` for 31 on x86. */
export function signalName(signal: number): string {
  return signalNames.get(signal as never) ?? `signal ${signal}`
}
