import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CapabilitySet } from '../model/index.js'

/** What proc_pid_status(5) shows of the credentials of a process, beside its ids. */
export interface Credentials {
  readonly inheritable: CapabilitySet
  readonly permitted: CapabilitySet
  readonly bounding: CapabilitySet
  readonly ambient: CapabilitySet
  readonly noNewPrivs: boolean
  /** A seccomp filter may answer its calls. */
  readonly filtered: boolean
  /** In how many PID namespaces it has a number, from that of this /proc downwards. */
  readonly pidNamespaces: number
}

/** Reads them of a process, or of this thread; null: it is not there, or the file lacks a field. */
export function readCredentials(pid: number | 'thread-self', root = '/'): Credentials | null {
  let text: string
  try {
    text = readFileSync(join(root, `/proc/${pid}/status`), 'latin1')
  } catch {
    return null
  }
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim()
  const set = (name: string): CapabilitySet | null => {
    const value = field(name)
    return value === undefined || !/^[0-9a-f]+$/.test(value) ? null : BigInt(`0x${value}`)
  }
  const [inheritable, permitted, bounding, ambient] = [
    set('CapInh'),
    set('CapPrm'),
    set('CapBnd'),
    set('CapAmb'),
  ]
  const [noNewPrivs, seccomp] = [field('NoNewPrivs'), field('Seccomp')]
  if (inheritable === null || permitted === null || bounding === null || ambient === null) {
    return null
  }
  if (noNewPrivs === undefined || seccomp === undefined) return null
  return {
    inheritable,
    permitted,
    bounding,
    ambient,
    noNewPrivs: noNewPrivs === '1',
    filtered: seccomp !== '0',
    pidNamespaces: field('NSpid')?.split(/\s+/).length ?? 1,
  }
}
