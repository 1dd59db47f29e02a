/** Where the boxes of a drawing stand, and the arrows between them. Numbers are units of its viewBox. */

/** A place for a box. */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The corners of a line; an arrow points to the last one. */
export type Line = readonly Point[]

/** A place in a drawing. */
export type Point = readonly [x: number, y: number]

/** One drawing: a tracer and what it may reach, each target with its arrow. */
export interface Layout {
  readonly width: number
  readonly height: number
  readonly tracer: Rect
  readonly targets: readonly Rect[]
  /** One for each target, in the same order. */
  readonly arrows: readonly Line[]
  /** The line from which the arrows branch off; null where they begin at the tracer. */
  readonly trunk: Line | null
}

/** The height of a line of text, and the room around the lines of a box. */
export const lineHeight = 20
export const padding = 14

/** As high as a box of that many lines below its title is. */
export function heightOf(lines: number): number {
  return (lines + 1) * lineHeight + 2 * padding - 4
}

const gap = 48

/**
 * The family around its tracer, for a wide screen: the first of the others above it, the next two
 * beside it, and its descendants below.
 *
 * @param lines - the lines of each box; the descendants come first
 */
export function around(
  width: number,
  tracerLines: number,
  lines: readonly number[],
  descendants: number,
): Layout {
  const [above = 0, left = 0, right = 0, ...more] = lines.slice(descendants)
  const top = [above, ...more]
  const bottom = lines.slice(0, descendants)
  const column = (width - 2 * gap) / 3
  const tops = row(width, column, 0, top)
  const middle = {
    y: heightOf(Math.max(...top)) + gap,
    height: heightOf(Math.max(tracerLines, left, right)),
    width: column,
  }
  const tracer = { ...middle, x: column + gap }
  const bottoms = row(width, column, middle.y + middle.height + gap, bottom)
  const [first, ...rest] = tops
  const center = middle.y + middle.height / 2
  const sides: readonly Rect[] = [
    { ...middle, x: 0 },
    { ...middle, x: 2 * (column + gap) },
  ]
  return {
    width,
    height: (bottoms[0]?.y ?? 0) + heightOf(Math.max(...bottom)),
    tracer,
    targets: [...bottoms, ...(first ? [first] : []), ...sides, ...rest],
    arrows: [
      ...bottoms.map((box, i): Line => {
        const at = tracer.x + (column * (i + 1)) / (bottoms.length + 1)
        return bent([at, tracer.y + tracer.height], [box.x + box.width / 2, box.y])
      }),
      ...(first ? [upTo(first, tracer)] : []),
      [
        [tracer.x, center],
        [column, center],
      ],
      [
        [tracer.x + column, center],
        [2 * (column + gap), center],
      ],
      ...rest.map((box) => upTo(box, tracer)),
    ],
    trunk: null,
  }
}

/** Boxes of one height, side by side in the middle. */
function row(width: number, widest: number, y: number, lines: readonly number[]): Rect[] {
  const count = lines.length
  const each = Math.min(widest, (width - gap * (count - 1)) / count)
  const start = (width - each * count - gap * (count - 1)) / 2
  const height = heightOf(Math.max(...lines))
  return lines.map((_, i) => ({ x: start + i * (each + gap), y, width: each, height }))
}

function upTo(box: Rect, tracer: Rect): Line {
  return bent([tracer.x + tracer.width / 2, tracer.y], [box.x + box.width / 2, box.y + box.height])
}

/** Leaves its box and meets the other one at a right angle. */
function bent(from: Point, to: Point): Line {
  const level = (from[1] + to[1]) / 2
  return from[0] === to[0] ? [from, to] : [from, [from[0], level], [to[0], level], to]
}

/** The tracer on top and its targets along a trunk, in one column or on both sides of it. */
export function along(
  width: number,
  tracerLines: number,
  lines: readonly number[],
  columns: 1 | 2,
): Layout {
  const branch = 26
  const between = 14
  const at = columns === 1 ? 10 : width / 2
  const tracerWidth = columns === 1 ? width : width / 2 - branch
  const tracer = {
    x: (width - tracerWidth) / 2,
    y: 0,
    width: tracerWidth,
    height: heightOf(tracerLines),
  }
  const start = tracer.height + 2 * between
  const ends = [start, start]
  const each = columns === 1 ? width - at - branch : width / 2 - branch
  const targets = lines.map((count): Rect => {
    const [left = 0, right = 0] = ends
    const side = columns === 1 || right < left ? 1 : 0
    const y = ends[side] ?? 0
    const height = heightOf(count)
    ends[side] = y + height + between
    return { x: side === 1 ? at + branch : 0, y, width: each, height }
  })
  const arrows = targets.map(({ x, y, width: wide }): Line => {
    const level = y + padding + lineHeight / 2
    return [
      [at, level],
      [x > at ? x : x + wide, level],
    ]
  })
  return {
    width,
    height: Math.max(...ends) - between,
    tracer,
    targets,
    arrows,
    trunk: [
      [at, tracer.height],
      [at, Math.max(...arrows.flatMap((line) => line.map(([, y]) => y)))],
    ],
  }
}
