// Draws how a time grows: one line a series, both axes logarithmic, as an SVG of its own.

const size = { width: 640, height: 360 }
const margin = { left: 70, right: 150, top: 32, bottom: 50 }
const colours = ['#0b6e83', '#b3261e', '#8a6100', '#1a7f37']

/**
 * @param {{ title: string, x: string, y: string }} words
 * @param {readonly { name: string, points: readonly (readonly [number, number])[] }[]} series
 */
export function plot({ title, x, y }, series) {
  const all = series.flatMap(({ points }) => points)
  const scale = (values, from, to) => {
    const low = Math.floor(Math.log10(Math.min(...values)))
    const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))
    const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i))
    return { ticks, at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from) }
  }
  const across = scale(
    all.map(([value]) => value),
    margin.left,
    size.width - margin.right,
  )
  const up = scale(
    all.map(([, value]) => value),
    size.height - margin.bottom,
    margin.top,
  )
  const number = (value) => Number(value.toFixed(1))
  const text = (at, words, more = '') =>
    `<text x="${number(at[0])}" y="${number(at[1])}" ${more}>${words}</text>`
  const bottom = size.height - margin.bottom
  const right = size.width - margin.right
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${size.width}" height="${size.height}" fill="#ffffff"/>`,
    ...across.ticks.flatMap((tick) => [
      `<path d="M${number(across.at(tick))} ${margin.top}V${bottom}" stroke="#d0d7de"/>`,
      text([across.at(tick), bottom + 18], tick, 'text-anchor="middle"'),
    ]),
    ...up.ticks.flatMap((tick) => [
      `<path d="M${margin.left} ${number(up.at(tick))}H${right}" stroke="#d0d7de"/>`,
      text([margin.left - 8, up.at(tick) + 4], tick, 'text-anchor="end"'),
    ]),
    text([(margin.left + right) / 2, size.height - 10], x, 'text-anchor="middle"'),
    text([margin.left - 8, margin.top - 14], y, 'text-anchor="end"'),
    ...series.flatMap(({ name, points }, i) => {
      const colour = colours[i % colours.length]
      const places = points.map(([a, b]) => [number(across.at(a)), number(up.at(b))])
      const last = places.at(-1) ?? [0, 0]
      return [
        `<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        ...places.map(([a, b]) => `<circle cx="${a}" cy="${b}" r="3" fill="${colour}"/>`),
        text([last[0] + 8, last[1] + 4], name, `fill="${colour}"`),
      ]
    }),
    '</svg>',
  ].join('\n')}\n`
}
