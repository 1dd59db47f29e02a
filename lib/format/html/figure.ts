import type { Style } from '../terminal.js'
import { outcomeLooks, type Picture, tall, wide } from './drawing.js'
import { type Markup, markup } from './markup.js'

/** Signs of the text reports in a page: it is read as UTF-8 and in a window of any width. */
export const signs: Style = { color: false, unicode: true, columns: 80 }

/** A drawing for each width of a window and its caption; the style sheet shows one of the drawings. */
export function figure(picture: Picture, caption: string): Markup {
  const found = new Set(picture.targets.map(({ outcome }) => outcome))
  const looks = Object.entries(outcomeLooks).filter(([name]) => [...found].some((o) => o === name))
  return markup`<figure>
<figcaption>${caption}</figcaption>
${wide(picture).svg}
${tall(picture).svg}
<ul class="legend" aria-label="Signs">${looks.map(([, { kind, sign, word }]) => markup`<li class="${kind}"><b>${sign}</b> ${word}</li>`)}</ul>
</figure>`
}
