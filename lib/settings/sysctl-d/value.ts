/** What the kernel makes of what is written to the file of the scope. */

import type { Scope } from '../../model/index.js'

/** `proc_dointvec()` looks at one page less its end (kernel/sysctl.c). */
const pageSize = 4096
/** `TMPBUFLEN` of `proc_get_long()` less its end: a number that long is refused. */
const maxDigits = 21

/**
 * The scope that a write of this text and a newline sets; null when the kernel refuses it with
 * `EINVAL` (`proc_dointvec_minmax()` in kernel/sysctl.c, with 0 and 3 as its limits): a number as C
 * writes it, and after it the end or white space, whatever follows that.
 */
export function writtenScope(text: string): Scope | null {
  const written = `${text}\n`.slice(0, pageSize - 1)
  // The kernel's isspace() has the no-break space of Latin-1, too (lib/ctype.c).
  const start = written.search(/[^ \t\n\v\f\r\xa0]/)
  if (start < 0) return null
  const rest = written.slice(start, start + maxDigits + 1)
  const [all, sign, digits = ''] =
    /^(-?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)(?=[ \t\n]|$)/.exec(rest) ?? []
  if (all === undefined || all.length >= maxDigits) return null
  const octal = /^0[0-7]/.test(digits)
  const magnitude = Number.parseInt(digits, octal ? 8 : /^0x/i.test(digits) ? 16 : 10)
  // The kernel reads -0 as 0.
  const value = sign === '-' && magnitude !== 0 ? -1 : magnitude
  return value === 0 || value === 1 || value === 2 || value === 3 ? value : null
}
