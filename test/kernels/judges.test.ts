import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'

import { situations } from '../helpers/static-rules.js'
import { blinds, complaints } from './judges/compare.js'
import { bootAndTry } from './judges/lane.js'
import type { JudgesResults, Sitting } from './judges/results.js'
import type { Room } from './judges/room.js'
import { chosenGroups, untested } from './judges/rooms.js'
import { groupsOfRules, metIn, rowsOf } from './judges/static.js'
import { judgeName, table } from './judges/table.js'
import { resultsOf, startEach } from './machines.js'

t.comment('In the tables: + attached, - was refused, cause? was inferred. What cannot be told:')
for (const { reason } of blinds) t.comment(`  ${reason}`)
for (const line of untested) t.comment(`untested: ${line}`)

const groups = chosenGroups(process.env['PTRACE_PROBE_JUDGES'] ?? '')
const machines = startEach(groups, (group) => (say) => bootAndTry(group, say))

for (const { item: group, machine } of machines) {
  t.test(`real debuggers ${group.title} do what was foretold`, async (t) => {
    const results = await resultsOf(t, machine)
    t.comment(`${results.release}, modules: ${results.lsm}`)
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

const isWhole = groupsOfRules.every((id) => groups.some((group) => group.id === id))
const lacking = isWhole ? false : `it takes the groups ${groupsOfRules.join(', ')}`

t.test('the page about static rules counts what happened', { skip: lacking }, async (t) => {
  const needed = machines.filter(({ item }) => groupsOfRules.includes(item.id))
  const results = await Promise.all(needed.map(({ machine }) => machine.booted))
  const met = metIn(results.flatMap(({ results }) => results.sittings))
  t.equal(met.length, situations.length, 'a debugger has tried at each process')
  const others = met.filter(({ judge }) => !judge.startsWith('gdb'))
  t.strictSame(
    others.map(({ as, scope, target, judge }) => `${judge} of ${as} at ${scope}: ${target}`).sort(),
    ['root', 'user'].map((as) => `eu-stack of ${as} at 2: namespace-of-user`),
    'it was gdb, where gdb comes back',
  )
  for (const { as, scope, target, judge, seen, isRefused, ...each } of met) {
    const expected = situations.find(
      (row) => row.as === as && row.scope === scope && row.target === target,
    )
    const name = `${target} before ${judge} of ${as} at scope ${scope}`
    t.match({ seen, isRefused }, { seen: expected?.seen, isRefused: expected?.isRefused }, name)
    t.equal(each.foretold.verdict, isRefused ? 'denied' : 'allowed', name)
  }
  const page = readFileSync(new URL('../../docs/guide/static-rules.md', import.meta.url), 'utf8')
  for (const row of rowsOf(met)) t.match(page, row)
})

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
