import t, { type Test } from 'tap'

import { blinds, complaints } from './judges/compare.js'
import { bootAndTry } from './judges/lane.js'
import type { JudgesResults, Sitting } from './judges/results.js'
import type { Room } from './judges/room.js'
import { chosenGroups, untested } from './judges/rooms.js'
import { judgeName, table } from './judges/table.js'

/** As many machines at once as there are processors here, in the order of the table. */
const atOnce = 2

t.comment('In the tables: + attached, - was refused, cause? was inferred. What cannot be told:')
for (const { reason } of blinds) t.comment(`  ${reason}`)
for (const line of untested) t.comment(`untested: ${line}`)

const groups = chosenGroups(process.env['PTRACE_PROBE_JUDGES'] ?? '')
const ends: Promise<unknown>[] = []
const boots = groups.map((group, i) => {
  const messages: string[] = []
  const turn = ends[i - atOnce] ?? Promise.resolve()
  const booted = turn.then(() => bootAndTry(group, (message) => messages.push(message)))
  ends.push(booted.catch(() => {})) // its own test reports the failure
  return { group, booted, messages }
})

for (const { group, booted, messages } of boots) {
  t.test(`real debuggers ${group.title} do what was foretold`, async (t) => {
    const { results, seconds } = await booted
    for (const message of messages) t.comment(message)
    t.comment(`${results.release} ran for ${seconds.toFixed(1)} s, modules: ${results.lsm}`)
    t.strictSame(results.closed, {}, 'every tracer could be confined as it should be')
    for (const [id, names] of Object.entries(results.missing)) {
      const { without = [] } = group.rooms.find((room) => room.id === id) ?? {}
      t.strictSame(names, without, `every other target could be made ${id}`)
    }
    for (const scope of group.scopes) {
      const tried = group.rooms.filter(({ sittings }) =>
        sittings.some(({ scopes }) => scopes.includes(scope)),
      )
      for (const room of tried) testRoom(t, results, room, scope)
    }
  })
}

function testRoom(t: Test, results: JudgesResults, room: Room, scope: Sitting['scope']): void {
  t.test(`at scope ${scope}, ${room.title}`, async (t) => {
    const sitting = results.sittings.find((each) => each.room === room.id && each.scope === scope)
    if (sitting === undefined) return void t.fail('nothing was tried')
    for (const line of table(room, sitting)) t.comment(line)
    for (const cell of sitting.cells) {
      const name = `${cell.target} before ${judgeName(room, cell)}`
      const found = complaints(room, scope, cell)
      for (const line of found) t.fail(`${name}: ${line}`, { evidence: cell.foretold.evidence })
      if (found.length === 0) t.pass(name)
    }
    t.strictSame(sitting.disturbed, [], 'every target is as it was')
  })
}
