/** Whether a word is one of a list; the type of the word then says so, too. */
export function oneOf<T extends string>(list: readonly T[], word: string): word is T {
  return list.some((each) => each === word)
}
