/** The names of a table's rows, in their order. */
export function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): readonly K[] {
  // Object.keys() cannot know that a table has no other rows than its type says.
  return Object.keys(table) as K[]
}
