import { readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What may answer system calls in the place of the kernel. `interpreter`: a program that runs this
 * one, such as qemu-user. `tracer`: a process that traces this one, such as proot, which may change
 * every answer. `kernel`: another kernel than Linux, such as gVisor.
 */
export type StandIn =
  | { readonly kind: 'interpreter' | 'kernel'; readonly name: string }
  | { readonly kind: 'tracer'; readonly name: string; readonly pid: number }

/** What /proc/version says in gVisor, whatever it runs on (pkg/sentry/kernel/version.go). */
const gvisor = /^Linux version 4\.4\.0 .*#1 SMP Sun Jan 10 15:06:54 PST 2016$/

/** Looks for one; null: none shows. */
export function readStandIn(root = '/'): StandIn | null {
  const tracer = tracerIn(text(root, '/proc/self/status'))
  if (tracer !== 0) {
    const name = text(root, `/proc/${tracer}/comm`).trim()
    return {
      kind: 'tracer',
      name: name === '' ? 'a process that cannot be seen' : name,
      pid: tracer,
    }
  }
  // qemu-user answers for /proc/self/exe and /proc/PID/exe, and not for this (do_openat() and
  // do_guest_readlink() of its linux-user/syscall.c).
  const program = link(root, '/proc/thread-self/exe').replace(/^.*\//, '')
  if (/^qemu-[a-z0-9_]+(-static)?$/.test(program) && program !== ownName(root)) {
    return { kind: 'interpreter', name: program }
  }
  return gvisor.test(text(root, '/proc/version').trim()) ? { kind: 'kernel', name: 'gVisor' } : null
}

function ownName(root: string): string {
  return link(root, '/proc/self/exe').replace(/^.*\//, '')
}

function tracerIn(status: string): number {
  return Number(/^TracerPid:\s*(\d+)$/m.exec(status)?.[1] ?? Number.NaN) || 0
}

function text(root: string, path: string): string {
  try {
    return readFileSync(join(root, path), 'latin1')
  } catch {
    return ''
  }
}

function link(root: string, path: string): string {
  try {
    return readlinkSync(join(root, path))
  } catch {
    return ''
  }
}
