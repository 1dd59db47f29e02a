/** The reader at boot runs as root, which may read what this process may not. */
export function isHiddenFromUs(code: string): boolean {
  return code === 'EACCES' || code === 'EPERM'
}
