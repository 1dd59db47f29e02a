/** From the text of a file to its text after a step; that of a new file is empty before. */
export type Edit = (text: string) => string

/** What somebody does who follows a recipe: the files that change, and how. */
export type Change = Readonly<Record<string, Edit>>

/**
 * Replaces the match, or every one where the anchor is global.
 *
 * @throws Error if there is none: the example no longer fits the file
 */
export function put(anchor: RegExp, replacement: string): Edit {
  return (text) => {
    if (!anchor.test(text)) throw new Error(`nothing matches ${anchor}`)
    return text.replace(anchor, replacement)
  }
}

/** One edit after the other. */
export function both(...edits: readonly Edit[]): Edit {
  return (text) => edits.reduce((done, edit) => edit(done), text)
}

/** A new file. */
export function create(content: string): Edit {
  return (text) => {
    if (text !== '') throw new Error('there is such a file already')
    return content
  }
}
