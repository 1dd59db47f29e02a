import { visible } from '../../model/index.js'

/** What a template takes: text becomes harmless, markup stays what it is, null leaves nothing. */
export type Part = Markup | string | number | null | readonly Part[]

/**
 * Text that is HTML or SVG already. Only the tag {@link markup} makes it, from what stands in the code
 * between its parts. So text from outside cannot become an element or leave its attribute, and the
 * compiler says so: a string is never a Markup.
 */
export class Markup {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  static of(this: void, strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
    const last = strings.length - 1
    return new Markup(
      strings.map((text, i) => (i < last ? text + written(parts[i] ?? null) : text)).join(''),
    )
  }

  toString(): string {
    return this.#text
  }
}

/** The tag of every template here. The value of an attribute stands in double quotes. */
export const markup = Markup.of

function written(part: Part): string {
  if (part === null) return ''
  if (part instanceof Markup) return part.toString()
  if (typeof part === 'string') return escaped(part)
  return typeof part === 'number' ? String(part) : part.map(written).join('')
}

/** Nothing in it that HTML or XML obeys, and nothing that XML 1.0 forbids or that turns text round. */
function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A link to a page of the web; text alone where the address is not one. */
export function link(address: string | null, text: string): Markup {
  return address?.startsWith('https://')
    ? markup`<a href="${address}" rel="noreferrer">${text}</a>`
    : markup`${text}`
}
