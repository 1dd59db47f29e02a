import type { Outcome } from '../../model/index.js'
import { folded } from './fold.js'
import {
  along,
  around,
  type Layout,
  type Line,
  lineHeight,
  type Point,
  padding,
  type Rect,
} from './layout.js'
import { type Markup, markup } from './markup.js'
import { drawingStyles } from './styles.js'

/** What stands in one box of a drawing. */
export interface Box {
  readonly title: string
  /** Null for the tracer itself. */
  readonly outcome: Outcome | null
  readonly lines: readonly string[]
  /** The id of the evidence that it links to. */
  readonly evidence: string | null
  /** From 0 to 1: how much of the whole it stands for; null: a bar would mean nothing. */
  readonly share: number | null
}

/** A tracer and its targets. */
export interface Picture {
  /** What it shows, for those who do not see it. */
  readonly title: string
  readonly tracer: Box
  readonly targets: readonly Box[]
  /** How many of the targets, the first ones, stand below the tracer; null: all stand along a trunk. */
  readonly descendants: number | null
}

/** For each outcome the class that colours it, its sign and its word. */
export const outcomeLooks: Readonly<
  Record<Outcome, { readonly kind: string; readonly sign: string; readonly word: string }>
> = {
  works: { kind: 'open', sign: '✓', word: 'allowed' },
  refused: { kind: 'shut', sign: '✗', word: 'refused' },
  partly: { kind: 'part', sign: '±', word: 'allowed in part' },
  undetermined: { kind: 'unknown', sign: '?', word: 'not known' },
}

/** Widths of a viewBox: text of 14 units is never less than 10 pixels high where each is shown. */
const wideWidth = 960
const tallWidth = 328

/** The drawing for a wide screen. */
export function wide(picture: Picture): { readonly layout: Layout; readonly svg: Markup } {
  const { layout, ems } = wideLayout(picture)
  return { layout, svg: drawn(layout, picture, ems, 'wide') }
}

function wideLayout(picture: Picture): { readonly layout: Layout; readonly ems: number } {
  const { descendants } = picture
  const ems = descendants === null ? 30 : 18
  const [tracer = 0, ...counts] = countsOf(picture, ems)
  const layout =
    descendants === null
      ? along(wideWidth, tracer, counts, 2)
      : around(wideWidth, tracer, counts, descendants)
  return { layout, ems }
}

/** The drawing for a narrow one. */
export function tall(picture: Picture): { readonly layout: Layout; readonly svg: Markup } {
  const ems = 18.5
  const [tracer = 0, ...counts] = countsOf(picture, ems)
  const layout = along(tallWidth, tracer, counts, 1)
  return { layout, svg: drawn(layout, picture, ems, 'tall') }
}

/** Drawings as a file of its own, one below the other: nothing in it is a link. */
export function alone(pictures: readonly Picture[], title: string): string {
  const laidOut = pictures.map((picture) => ({ picture, ...wideLayout(picture) }))
  const heights = laidOut.map(({ layout }) => layout.height + below)
  const tops = heights.map((_, i) => heights.slice(0, i).reduce((sum, each) => sum + each, 0))
  const height = heights.reduce((sum, each) => sum + each, -below)
  const parts = laidOut.map(({ picture, layout, ems }, i) => {
    const targets = picture.targets.map((box) => ({ ...box, evidence: null }))
    return markup`<g transform="translate(0 ${n(tops[i] ?? 0)})">${content(layout, { ...picture, targets }, ems)}</g>`
  })
  return `${markup`<svg xmlns="http://www.w3.org/2000/svg" class="drawing" ${frame(wideWidth, height)} width="${wideWidth}" height="${n(height)}" role="img">
<title>${title}</title><style>${drawingStyles}</style>
${parts}
</svg>`}\n`
}

const below = 40

function countsOf({ tracer, targets }: Picture, ems: number): number[] {
  return [tracer, ...targets].map((box) => linesOf(box, ems).length)
}

function linesOf({ lines }: Box, ems: number): string[] {
  return lines.flatMap((line) => folded(line, ems))
}

function drawn(layout: Layout, picture: Picture, ems: number, shape: string): Markup {
  return markup`<svg class="drawing ${shape}" ${frame(layout.width, layout.height)} role="group" aria-label="${picture.title}">
${content(layout, picture, ems)}
</svg>`
}

/** With room for the line around the outermost boxes. */
function frame(width: number, height: number): Markup {
  return markup`viewBox="-1 -1 ${width + 2} ${n(height) + 2}"`
}

function content(layout: Layout, picture: Picture, ems: number): Markup {
  const { tracer, targets, arrows, trunk } = layout
  return markup`${trunk && path(trunk, 'trunk')}${picture.targets.map((box, i) => arrow(arrows[i], box.outcome))}
${boxed(tracer, picture.tracer, ems)}${picture.targets.map((box, i) => boxed(targets[i], box, ems))}`
}

function path(line: Line, kind: string): Markup {
  return markup`<path class="${kind}" d="M${line.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}"/>`
}

/** Rounded, so that the file stays small. */
function n(value: number): number {
  return Math.round(value * 10) / 10
}

/** A line whose form says the same as its colour: a head where it gets through, a bar where it does not. */
function arrow(line: Line | undefined, outcome: Outcome | null): Markup | null {
  const to = line?.at(-1)
  const before = line?.at(-2)
  if (line === undefined || to === undefined || before === undefined || outcome === null)
    return null
  const [dx, dy] = [Math.sign(to[0] - before[0]), Math.sign(to[1] - before[1])]
  /** A place so far before the end of the line, and so far beside it. */
  const back = (along: number, aside: number): Point => {
    return [to[0] - dx * along + dy * aside, to[1] - dy * along - dx * aside]
  }
  const end =
    outcome === 'refused'
      ? path([back(7, 7), back(7, -7)], 'bar')
      : path([back(2, 0), back(12, 6), back(12, -6)], 'head')
  const short = [...line.slice(0, -1), back(8, 0)]
  return markup`<g class="${outcomeLooks[outcome].kind}">${path(short, 'line')}${end}</g>`
}

function boxed(place: Rect | undefined, box: Box, ems: number): Markup | null {
  if (place === undefined) return null
  const { title, outcome, evidence, share } = box
  const { x, y, width, height } = place
  const look = outcome === null ? null : outcomeLooks[outcome]
  const left = n(x + padding)
  const lines = linesOf(box, ems)
  const content = markup`<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="6"/>
<text class="name" x="${left}" y="${n(y + padding + 13)}">${title}</text>
${look && markup`<text class="sign" x="${n(x + width - padding)}" y="${n(y + padding + 13)}">${look.sign}</text>`}
${lines.map((line, i) => markup`<text x="${left}" y="${n(y + padding + 13 + (i + 1) * lineHeight)}">${line}</text>\n`)}${share === null ? null : markup`<path class="share" d="M${n(x + 4)} ${n(y + height - 4)}h${n((width - 8) * share)}"/>`}`
  const kind = look?.kind ?? 'tracer'
  if (evidence === null) return markup`<g class="box ${kind}">${content}</g>`
  return markup`<a class="box ${kind}" href="#${evidence}">${content}</a>`
}
