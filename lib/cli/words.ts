import { formats } from '../format/index.js'
import {
  accessRows,
  consentRows,
  keysOf,
  methodRows,
  policyRows,
  relationRows,
  tracerRows,
} from '../model/index.js'
import { exitStyleRows } from './exits.js'

/** Words, and a line about each. */
type Words = readonly (readonly [word: string, about: string])[]

/**
 * THE table of words that people type. Help, manual page and completions say about them what the row
 * of each says, so nothing is written here but where the rows are.
 */
const lists = {
  tracers: { title: 'Tracers', words: () => abouts(tracerRows) },
  ways: { title: 'Methods', words: () => keysOf(accessRows).map((word) => [word, wayOf(word)]) },
  policies: {
    title: 'Policies',
    words: () => [
      ['all', 'every policy'],
      ...keysOf(policyRows).map((id) => [id, policyRows[id].title] as const),
    ],
  },
  exitStyles: { title: 'Exit styles', words: () => abouts(exitStyleRows) },
  formats: { title: 'Formats', words: () => abouts(formats) },
  relations: { title: 'Relations', words: () => abouts(relationRows, 'the target is ') },
  consents: { title: 'Consents', words: () => abouts(consentRows, 'the target named ') },
  methods: { title: 'Methods', words: () => abouts(methodRows) },
} as const satisfies Readonly<
  Record<string, { readonly title: string; readonly words: () => Words }>
>

/** The name of one of the lists. */
export type WordList = keyof typeof lists

/** The names of the lists. */
export const wordLists = keysOf(lists)

/** Whether that is the name of a list. */
export function isWordList(offers: unknown): offers is WordList {
  return wordLists.some((list) => list === offers)
}

/** The title of a list, and its words; of the formats, those that a command knows. */
export function wordsOf(
  list: WordList,
  known: readonly string[],
): { readonly title: string; readonly words: Words } {
  const { title, words } = lists[list]
  return {
    title,
    words: words().filter(([word]) => list !== 'formats' || known.includes(word)),
  }
}

function abouts<K extends string>(
  table: Readonly<Record<K, { readonly about: string }>>,
  before = '',
): Words {
  return keysOf(table).map((word) => [word, `${before}${plain(table[word].about)}`])
}

function wayOf(word: keyof typeof accessRows): string {
  const { about, usedBy } = accessRows[word]
  return plain(usedBy.length === 0 ? about : `${about}; used by ${usedBy.join(', ')}`)
}

/** Without the marks that the guide has around code. */
function plain(about: string): string {
  return about.replaceAll('`', '')
}
