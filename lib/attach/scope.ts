import { readDeclared } from '../machine/index.js'
import type { Scope } from '../model/index.js'
import { probe, probeSync } from '../probe/index.js'
import type { Deadline } from './deadline.js'
import type { TracerControls } from './evidence.js'
import { type Steps, wait } from './steps.js'

/** Yama's scope, and how it is known. */
export interface KnownScope {
  /** Null: it cannot be found out. */
  readonly value: Scope | null
  readonly from: 'file' | 'behaviour'
}

/**
 * The scope of now. It is read each time, because it may have been changed. Where Yama is active and
 * its file is not there, as in a /proc mounted with subset=pid, the scope is found out as the report
 * finds it: by attempts among processes of our own.
 */
export function* findScope(
  { yama }: Pick<TracerControls, 'yama'>,
  deadline: Deadline,
): Steps<KnownScope> {
  const { value } = readDeclared()
  if (value !== null || yama !== true) return { value, from: 'file' }
  const options = { timeoutMs: deadline.leftMs() }
  const { scope } = yield* wait(
    () => probeSync(options),
    () => probe(deadline.signal === undefined ? options : { ...options, signal: deadline.signal }),
  )
  return { value: scope.enforced.value, from: 'behaviour' }
}
