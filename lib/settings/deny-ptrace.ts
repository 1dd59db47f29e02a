/** SELinux's boolean deny_ptrace: now, and after a reboot. */

import { codeOf, denyPtraceOf, errnoWords, readIn, textAt } from '../machine/index.js'
import { type DenyPtrace, type SettingsRemedy, undoable } from '../model/index.js'

/** The boolean, and a sentence where what a boot makes of it could not be read. */
export interface ReadDenyPtrace {
  readonly denyPtrace: DenyPtrace | null
  readonly problems: readonly string[]
}

const none: ReadDenyPtrace = { denyPtrace: null, problems: [] }

/** Reads the boolean of a system. */
export function readDenyPtrace(root: string): ReadDenyPtrace {
  const now = denyPtraceOf((path) => textAt(root, path))
  const config = textAt(root, '/etc/selinux/config') ?? ''
  const [, policy] = /^\s*SELINUXTYPE\s*=\s*([\w-]+)\s*$/m.exec(config) ?? []
  const isOff = /^\s*SELINUX\s*=\s*disabled\s*$/m.test(config)
  if (policy === undefined || isOff) {
    return now === null ? none : { ...none, denyPtrace: { now, persistent: null, file: null } }
  }
  // Where setsebool(8) keeps it with -P (libsemanage, booleans.local).
  const file = `/var/lib/selinux/${policy}/active/booleans.local`
  try {
    const text = readIn(root, file, 1 << 20).toString('latin1')
    const persistent = valueIn(text)
    return {
      problems: [],
      denyPtrace: { now, persistent, file: persistent === null ? null : file },
    }
  } catch (error) {
    const code = codeOf(error)
    const denyPtrace = now === null ? null : { now, persistent: null, file: null }
    if (code === 'ENOENT') return { problems: [], denyPtrace }
    const sentence = `${file} cannot be read (${errnoWords(code)}), so it is not known whether SELinux's boolean deny_ptrace is set for every boot.`
    return { problems: [sentence], denyPtrace }
  }
}

const values: Readonly<Record<string, boolean>> = {
  '1': true,
  true: true,
  on: true,
  '0': false,
  false: false,
  off: false,
}

/** The last line counts. Null: there is none, and the boolean has the value that the policy gives it. */
function valueIn(text: string): boolean | null {
  const lines = [...text.matchAll(/^\s*deny_ptrace\s*=\s*(\w+)\s*$/gm)]
  return values[lines.at(-1)?.[1] ?? ''] ?? null
}

/** Switches it off, on the system that runs: setsebool(8) changes no other. */
export function denyPtraceRemedies(root: string, found: DenyPtrace | null): SettingsRemedy[] {
  const isOn = found?.now === true || found?.persistent === true
  return isOn && root === '/' ? [undoable('selinux-deny-ptrace-off')] : []
}
