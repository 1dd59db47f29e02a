import { existsSync } from 'node:fs'
import t from 'tap'
import type { SettingsReport } from '../../lib/model/index.js'
import { settings } from '../../lib/settings/settings.js'
import { needs } from '../helpers/needs.js'
import { clear, makeRoot, programs, writes } from '../helpers/oracle.js'
import { grow, values } from '../helpers/trees.js'

/** How many trees; another number is given where more time is to be spent. */
const count = Number(process.env['PTRACE_PROBE_TREES'] ?? 150)
/** The first of them; another one gives others. */
const first = Number(process.env['PTRACE_PROBE_SEED'] ?? 1)

const scopes = new Map(values)
const markOf = (value: string | null | undefined) => /#\d+/.exec(value ?? '')?.[0] ?? null

/** What the kernel ends with when these values are written, and the mark of the one that did it. */
function kernel(written: readonly string[]) {
  let scope: number | null = null
  let mark: string | null = null
  for (const value of written) {
    const next = scopes.get(value.split(' #')[0] ?? '') ?? null
    if (next === null || (scope === 3 && next !== 3)) continue
    scope = next
    mark = markOf(value)
  }
  return { scope, mark }
}

function answered({ persistent, assignments }: SettingsReport) {
  const effective = assignments.filter((each) => each.effective)
  if (effective.length > 1) throw new Error('more than one assignment is effective')
  return { scope: persistent.value, mark: markOf(effective[0]?.value) }
}

for (const reader of ['systemd-sysctl', 'procps'] as const) {
  const isThere = existsSync(programs[reader])
    ? { skip: false as const }
    : { skip: `needs ${programs[reader]}, found none` }
  const title = `${count} trees end with the value and the file of ${reader}`
  t.test(title, needs.all(needs.root(), isThere), async (t) => {
    const { root, remove } = makeRoot()
    t.teardown(remove)
    let decided = 0
    for (let seed = first; seed < first + count; seed += 1) {
      clear(root)
      grow(root, seed, { reader })
      const expected = kernel(writes(root, reader))
      const report = await settings({ root })
      if (expected.scope !== null) decided += 1
      const sentences = report.assignments.every(({ reason }) =>
        /^\/\P{C}*:\d+ \P{C}+\.$/u.test(reason),
      )
      t.same(
        { reader: report.reader.name, ...answered(report), sentences },
        { reader, ...expected, sentences: true },
        `seed ${seed}`,
      )
    }
    t.ok(decided > count / 4, `something was set in ${decided} trees`)
  })
}
