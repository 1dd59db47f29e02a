// Names and contents of files need not be UTF-8 (path_resolution(7) knows bytes only), so they are
// strings of bytes where that matters: one character a byte, as Node's `latin1` has it. Their order
// is strcmp(3)'s.

/** Bytes for people; what is not UTF-8 becomes U+FFFD. */
export function textOf(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString()
}

/** A text as it came from people or from Node, as bytes. */
export function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1')
}
