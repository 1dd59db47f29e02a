import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'

import { denyPtraceOf } from './switches.js'

/** Whether SELinux grants what the kernel asks it for; other rules may still refuse. */
export interface SelinuxAnswer {
  /** `process ptrace` from the tracer's context to the target's, for PTRACE_MODE_ATTACH. */
  readonly attach: boolean
  /** `file read`, for PTRACE_MODE_READ (security/selinux/hooks.c, selinux_ptrace_access_check()). */
  readonly read: boolean
  /**
   * `sys_ptrace` of the tracer's context to itself: whether a CAP_SYS_PTRACE that it holds counts. In
   * the initial user namespace that is class `capability`, in others `cap_userns` (selinux_capable()).
   */
  readonly capability: Readonly<Record<'initial' | 'child', boolean>>
  /** Its boolean deny_ptrace is on, so that `process ptrace` is denied on the whole machine. */
  readonly denyPtrace: boolean
}

/** What SELinux says where it refuses nothing. */
const permits: SelinuxAnswer = {
  attach: true,
  read: true,
  capability: { initial: true, child: true },
  denyPtrace: false,
}

/** The files by which SELinux is asked; both answer with null where that cannot be done. */
export interface PolicyFiles {
  read(name: string): Uint8Array | null
  /** Writes a question and reads the answer to it. */
  ask(name: string, question: string): string | null
}

const directory = '/sys/fs/selinux'

const mounted: PolicyFiles = {
  read(name) {
    try {
      return readFileSync(join(directory, name))
    } catch {
      return null
    }
  },
  ask(name, question) {
    try {
      const fd = openSync(join(directory, name), 'r+')
      try {
        writeSync(fd, question)
        const answer = Buffer.alloc(256)
        return answer.toString('latin1', 0, readSync(fd, answer))
      } finally {
        closeSync(fd)
      }
    } catch {
      return null
    }
  },
}

/** What was answered under one state of the policy. */
let known: { readonly status: Buffer; readonly answers: Map<string, SelinuxAnswer | null> } = {
  status: Buffer.alloc(0),
  answers: new Map(),
}

/**
 * Asks SELinux itself about two contexts: the policy is consulted, no process is. Null where
 * selinuxfs is not mounted, or where this process may not ask.
 */
export function askSelinux(
  source: string,
  target: string,
  files: PolicyFiles = mounted,
): SelinuxAnswer | null {
  const content = files.read('status')
  if (content === null) return null
  const status = Buffer.from(content)
  // It changes with the policy and with the mode.
  if (!status.equals(known.status)) known = { status, answers: new Map() }
  const key = `${source} ${target}`
  const before = known.answers.get(key)
  if (before !== undefined) return before
  const answer = isEnforcing(status) ? consult(source, target, files) : permits
  known.answers.set(key, answer)
  return answer
}

/**
 * The context of a process after it has executed a file of that context (security_transition_sid()
 * in security/selinux/ss/services.c); null where SELinux cannot be asked.
 */
export function askTransition(
  source: string,
  file: string,
  files: PolicyFiles = mounted,
): string | null {
  const index = numberIn(files.read('class/process/index'))
  if (index === null) return null
  return files.ask('create', `${source} ${file} ${index}`)?.replace(/[\0\n]+$/, '') || null
}

/** struct selinux_kernel_status: version, sequence, enforcing, … (security/selinux/include/security.h). */
function isEnforcing(status: Buffer): boolean {
  return status.subarray(8, 12).some((byte) => byte !== 0)
}

function consult(source: string, target: string, files: PolicyFiles): SelinuxAnswer | null {
  const [both, own] = [`${source} ${target}`, `${source} ${source}`]
  const attach = isGranted(both, 'process', 'ptrace', files)
  const read = isGranted(both, 'file', 'read', files)
  const initial = isGranted(own, 'capability', 'sys_ptrace', files)
  const child = isGranted(own, 'cap_userns', 'sys_ptrace', files)
  const isKnown = attach !== null && read !== null && initial !== null && child !== null
  if (!isKnown) return null
  const boolean = files.read('booleans/deny_ptrace')
  const text = boolean === null ? null : Buffer.from(boolean).toString('latin1')
  const denyPtrace = denyPtraceOf(() => text) === true
  return { attach, read, capability: { initial, child }, denyPtrace }
}

/** Set in the flags of an answer where the source's domain is permissive (AVD_FLAGS_PERMISSIVE). */
const permissive = 1

function isGranted(
  contexts: string,
  name: string,
  permission: string,
  files: PolicyFiles,
): boolean | null {
  const index = numberIn(files.read(`class/${name}/index`))
  const bit = numberIn(files.read(`class/${name}/perms/${permission}`))
  // What the policy does not know it treats alike for all.
  if (index === null || bit === null) {
    const unknown = numberIn(files.read('deny_unknown'))
    return unknown === null ? null : unknown === 0
  }
  // "allowed decided auditallow auditdeny seqno flags", all but seqno in hexadecimal.
  const words = files.ask('access', `${contexts} ${index}`)?.trim().split(' ')
  if (words === undefined || words.length < 6) return null
  const [allowed = Number.NaN, flags = Number.NaN] = [words[0], words[5]].map((word) =>
    Number.parseInt(word ?? '', 16),
  )
  if (Number.isNaN(allowed) || Number.isNaN(flags)) return null
  return ((allowed >>> (bit - 1)) & 1) === 1 || (flags & permissive) !== 0
}

function numberIn(content: Uint8Array | null): number | null {
  const text = Buffer.from(content ?? [])
    .toString('latin1')
    .trim()
  return /^\d+$/.test(text) ? Number(text) : null
}
