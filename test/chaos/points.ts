import { constants } from 'node:os'

/** Who gets the signal of a fault, in the order of `Who` in native/faults.h. */
export const whos = [
  'self',
  'node',
  'child',
  'supervisor',
  'tracer',
  'target',
  'middle',
  'bystander',
] as const
export type Who = (typeof whos)[number]

/** What can be done to a process. `delay` makes the one at the point wait instead. */
export const blows = ['SIGKILL', 'SIGSTOP', 'SIGSEGV', 'delay'] as const
export type Blow = (typeof blows)[number]

/** One order to the test build. */
export interface Fault {
  readonly point: string
  /** The number of the family's run, from 0; null: any. */
  readonly family: number | null
  /** The how manieth time, from 1. */
  readonly count: number
  readonly who: Who
  readonly blow: Blow
  /** How long `delay` lasts. */
  readonly ms: number
}

/** The points, from their one table (`native/process/fault.h`). */
export function pointsOf(header: string): string[] {
  const [, table = ''] =
    /PTRACE_PROBE_FAULT_POINTS\(POINT\)([\s\S]*?)\nnamespace/.exec(header) ?? []
  return [...table.matchAll(/POINT\((k\w+)\)/g)].map(([, name = '']) => name)
}

/** The value of CHAOS_ORDERS (native/faults.h). */
export function ordersOf(faults: readonly Fault[], points: readonly string[]): string {
  return faults
    .map(({ point, family, count, who, blow, ms }) => {
      const signal = blow === 'delay' ? 0 : constants.signals[blow]
      return [points.indexOf(point), family ?? -1, count, whos.indexOf(who), signal, ms].join(',')
    })
    .join(';')
}
