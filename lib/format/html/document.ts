import { createHash } from 'node:crypto'
import { type Markup, markup } from './markup.js'
import { pageStyles } from './styles.js'

/** A part of a page that its table of contents names. */
export interface Section {
  readonly id: string
  readonly title: string
  readonly body: Markup
}

/** What every page says. */
export interface Page {
  readonly title: string
  /** What this is, from where and when. */
  readonly origin: string
  /** What the reader wants to know. */
  readonly verdict: string
  /** Its colour: `good`, `warn`, or none where it is neither. */
  readonly tone: 'good' | 'warn' | 'plain'
  readonly caveats: readonly string[]
  readonly facts: readonly Fact[]
  readonly sections: readonly Section[]
  readonly footer: readonly string[]
}

/** One number or word of the first screen. */
export interface Fact {
  readonly name: string
  readonly value: string
  readonly about: string
}

/**
 * What a browser may do with the page: apply this one style sheet, and nothing else. It loads nothing
 * and runs nothing, whatever a text in it tries.
 */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(pageStyles).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** One file that needs no other. */
export function document(page: Page): string {
  const { title, origin, verdict, tone, caveats, facts, sections, footer } = page
  // What stands in the code is no text from outside, so it is put where the escapes were.
  const head = markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
`
  const body = markup`
</head>
<body>
<a class="skip" href="#${sections[0]?.id ?? 'top'}">Skip to the details</a>
<header>
<p class="origin">${origin}</p>
<h1 class="${tone}">${together(verdict)}</h1>
${caveats.map((each) => markup`<p class="caveat">${each}</p>\n`)}<dl class="facts">
${facts.map(({ name, value, about }) => markup`<div><dt>${name}</dt><dd><b>${value}</b> <span>${inParts(about)}</span></dd></div>\n`)}</dl>
<nav aria-label="On this page"><ul>
${sections.map(({ id, title: name }) => markup`<li><a href="#${id}">${name}</a></li>\n`)}</ul></nav>
</header>
<main>
${sections.map(({ id, title: name, body: content }) => markup`<section id="${id}" aria-labelledby="${id}-title">\n<h2 id="${id}-title">${name}</h2>\n${content}\n</section>\n`)}</main>
<footer>
${footer.map((each) => markup`<p>${each}</p>\n`)}</footer>
</body>
</html>
`
  return `${head}<style>${pageStyles}</style>${body}`
}

/** A scope is not parted from its number at the end of a line. */
function together(text: string): string {
  return text.replace(/\bscope (?=\d)/g, 'scope\u00a0')
}

/** A path that needs a second line is parted behind a slash. */
function inParts(text: string): readonly Markup[] {
  return text
    .split(/(?<=\/)(?=.)/)
    .map((part, i) => (i === 0 ? markup`${part}` : markup`<wbr>${part}`))
}
