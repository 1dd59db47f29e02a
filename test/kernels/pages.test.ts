import { availableParallelism } from 'node:os'
import t from 'tap'

import { matches, pages, reproductions } from '../helpers/pages.js'
import { bootAndFollow } from './pages/lane.js'

/** Pages of one kind share a machine: containers are slow to start on an emulated one. */
const inContainers = /docker|kubernetes/
const kinds = [
  { kind: 'of containers', names: pages.filter((page) => inContainers.test(page)) },
  { kind: 'of everything else', names: pages.filter((page) => !inContainers.test(page)) },
]

const atOnce = Math.min(2, availableParallelism())
const ends: Promise<unknown>[] = []
const boots = kinds.map(({ kind, names }, i) => {
  const plan = names.flatMap(reproductions)
  const messages: string[] = []
  const turn = ends[i - atOnce] ?? Promise.resolve()
  const booted = turn.then(() => bootAndFollow(plan, (message) => messages.push(message)))
  ends.push(booted.catch(() => {})) // its own test reports the failure
  return { kind, plan, booted, messages }
})

for (const { kind, plan, booted, messages } of boots) {
  t.test(`the scripts of the pages ${kind} print what the pages show`, async (t) => {
    const { results, seconds } = await booted
    for (const message of messages) t.comment(message)
    t.comment(`the machine ran for ${seconds.toFixed(1)} s`)
    for (const { id, output } of plan) {
      const printed = results[id] ?? 'nothing'
      t.ok(matches(printed, output), id, { printed, shown: output })
    }
  })
}
