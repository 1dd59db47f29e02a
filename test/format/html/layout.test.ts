import t from 'tap'
import { tall, wide } from '../../../lib/format/html/drawing.js'
import { family } from '../../../lib/format/html/family.js'
import { type Groups, inOrder, map, sort } from '../../../lib/format/html/groups.js'
import { around, type Layout, type Line, type Rect } from '../../../lib/format/html/layout.js'
import { views } from '../../../lib/format/views.js'
import { report } from '../../helpers/report.js'
import { verdict } from '../../helpers/verdicts.js'

/** Whether a line goes through the inside of a box: to touch its edge is not to cross it. */
function crosses(line: Line, { x, y, width, height }: Rect): boolean {
  const steps = Array.from({ length: 401 }, (_, i) => i / 400)
  return line.slice(1).some((to, i) => {
    const from = line[i] ?? to
    return steps.some((at) => {
      const px = from[0] + (to[0] - from[0]) * at
      const py = from[1] + (to[1] - from[1]) * at
      return px > x + 0.01 && px < x + width - 0.01 && py > y + 0.01 && py < y + height - 0.01
    })
  })
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/** What is wrong with a drawing. */
function mistakes({ width, height, tracer, targets, arrows, trunk }: Layout): string[] {
  const boxes = [tracer, ...targets]
  const lines = trunk === null ? arrows : [...arrows, trunk]
  return [
    ...lines.flatMap((line, i) =>
      boxes.flatMap((box, j) => (crosses(line, box) ? [`line ${i} crosses box ${j}`] : [])),
    ),
    ...boxes.flatMap((a, i) =>
      boxes.slice(i + 1).flatMap((b) => (overlap(a, b) ? [`box ${i} overlaps`] : [])),
    ),
    ...boxes.flatMap((box, i) =>
      box.x < 0 ||
      box.y < 0 ||
      box.x + box.width > width + 0.01 ||
      box.y + box.height > height + 0.01
        ? [`box ${i} is outside`]
        : [],
    ),
    ...(arrows.length === targets.length ? [] : ['a target without an arrow']),
    ...arrows.flatMap((arrow, i) => {
      const box = targets[i]
      const [x, y] = arrow.at(-1) ?? [-1, -1]
      const meets =
        box !== undefined &&
        x >= box.x - 0.01 &&
        x <= box.x + box.width + 0.01 &&
        y >= box.y - 0.01 &&
        y <= box.y + box.height + 0.01
      return meets ? [] : [`arrow ${i} does not end at its box`]
    }),
  ]
}

t.test('no arrow crosses a box, whatever the machine answers', async (t) => {
  for (const yama of [null, 0, 1, 2, 3] as const) {
    for (const ptraceFilter of [null, 'EPERM', 'KILL'] as const) {
      for (const capable of [false, true]) {
        const answer = report({ yama, ptraceFilter, capable, users: capable ? ['alice'] : [] })
        for (const view of views(answer)) {
          const picture = family(view, 0, answer)
          t.strictSame(mistakes(wide(picture).layout), [], `wide, ${yama} ${ptraceFilter}`)
          t.strictSame(mistakes(tall(picture).layout), [], `tall, ${yama} ${ptraceFilter}`)
        }
      }
    }
  }
})

t.test('nor with more relations than there are today', async (t) => {
  for (const descendants of [1, 2, 3, 4, 5]) {
    for (const others of [3, 4, 5]) {
      const lines = Array.from({ length: descendants + others }, (_, i) => (i % 4) + 1)
      t.strictSame(mistakes(around(960, 2, lines, descendants)), [], `${descendants} and ${others}`)
    }
  }
})

t.test(
  'nor on the map of a survey, which has a box for the groups that it leaves out',
  async (t) => {
    for (const count of [1, 2, 11, 12, 13, 40]) {
      const groups: Groups = new Map()
      for (let uid = 0; uid < count; uid += 1) {
        const name = 'x'.repeat((uid % 15) + 1)
        for (let pid = 1; pid <= uid + 1; pid += 1) {
          const target = { pid, name, uid, state: 'S', parent: 1 } as const
          sort(groups, verdict({ pid, target }))
        }
      }
      const picture = map(inOrder(groups), { tracer: 'stranger', uid: 0, pid: 1 })
      t.equal(picture.targets.length, Math.min(count, 12))
      const shares = picture.targets.map(({ share }) => share ?? 0)
      t.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9)
      t.strictSame(mistakes(wide(picture).layout), [], `wide, ${count}`)
      t.strictSame(mistakes(tall(picture).layout), [], `tall, ${count}`)
    }
  },
)
