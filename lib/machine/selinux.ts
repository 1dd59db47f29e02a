import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Whether SELinux grants what the kernel asks it for; other rules may still refuse. */
export interface SelinuxAnswer {
  /** `process ptrace` from the tracer's context to the target's, for PTRACE_MODE_ATTACH. */
  readonly attach: boolean
  /** `file read`, for PTRACE_MODE_READ (security/selinux/hooks.c, selinux_ptrace_access_check()). */
  readonly read: boolean
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
  const answer = isEnforcing(status) ? consult(key, files) : { attach: true, read: true }
  known.answers.set(key, answer)
  return answer
}

/** struct selinux_kernel_status: version, sequence, enforcing, … (security/selinux/include/security.h). */
function isEnforcing(status: Buffer): boolean {
  return status.subarray(8, 12).some((byte) => byte !== 0)
}

function consult(contexts: string, files: PolicyFiles): SelinuxAnswer | null {
  const attach = isGranted(contexts, 'process', 'ptrace', files)
  const read = isGranted(contexts, 'file', 'read', files)
  return attach === null || read === null ? null : { attach, read }
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
