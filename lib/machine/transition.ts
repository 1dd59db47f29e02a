import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { askTransition } from './selinux.js'

const profiles = '/sys/kernel/security/apparmor/policy/profiles'

/**
 * Whether a program that a process of that label executes keeps the label: what decides over it then
 * is what decides over the process. Null: that cannot be told.
 *
 * @param label - of the process, as /proc/PID/attr/current has it; null: no module gives any
 * @param fileLabel - the file's SELinux context; empty: none
 */
export function keepsLabel(
  path: string,
  label: string | null,
  fileLabel: string,
  root = '/',
): boolean | null {
  if (label === null || label === '') return true
  if (label === 'unconfined') {
    const attached = isAttached(path, root)
    return attached === null ? null : !attached
  }
  // An AppArmor profile has rules for what it executes, which cannot be read.
  if (!/^[^:\s]+:[^:\s]+:[^:\s]+/.test(label)) return null
  const after = fileLabel === '' ? null : askTransition(label, fileLabel.replace(/\0$/, ''))
  return after === null ? null : after === label
}

/** Whether a loaded profile of AppArmor would confine a program at that path; null: only root sees it. */
function isAttached(path: string, root: string): boolean | null {
  const names = entries(join(root, profiles))
  if (names === null) return null
  return names.some((entry) => {
    const pattern = text(join(root, profiles, entry, 'attach'))
    return pattern !== '<unknown>' && globOf(pattern)?.test(path) === true
  })
}

/** AppArmor's patterns: `*`, `**`, `?`, `[…]` and `{a,b}` (apparmor.d(5), "Globbing"). */
function globOf(pattern: string): RegExp | null {
  if (!/^[/{@]/.test(pattern)) return null
  const source = pattern.replace(/\*\*|[*?{},.+^$()|\\]/g, (sign) => {
    switch (sign) {
      case '**':
        return '.*'
      case '*':
        return '[^/]*'
      case '?':
        return '[^/]'
      case '{':
        return '(?:'
      case '}':
        return ')'
      case ',':
        return '|'
      default:
        return `\\${sign}`
    }
  })
  try {
    return new RegExp(`^${source}$`)
  } catch {
    return null
  }
}

function entries(directory: string): string[] | null {
  try {
    return readdirSync(directory)
  } catch {
    return null
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
