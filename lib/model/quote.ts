/** The input in quotes, and nothing in it that a terminal would obey. */
export function quote(text: string): string {
  return `'${text.replace(/\p{C}/gu, '?')}'`
}
