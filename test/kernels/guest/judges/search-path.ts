/** Where programs are found: first in this directory, which may be null. */
export function searchPath(first: string | null): string {
  const usual = process.env['PATH'] ?? ''
  return first === null ? usual : `${first}:${usual}`
}
