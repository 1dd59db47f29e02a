import { availableParallelism } from 'node:os'
import type { Test } from 'tap'

/** Starts one machine, and says what happens to it meanwhile. */
export type Boot<Results> = (say: (message: string) => void) => Promise<Booted<Results>>

interface Booted<Results> {
  readonly results: Results
  readonly seconds: number
}

/** A machine that was started, or that waits for its turn. */
export interface Machine<Results> {
  readonly booted: Promise<Booted<Results>>
  readonly messages: readonly string[]
}

/** How many run at the same time: each keeps a processor busy. */
const atOnce = Math.min(2, availableParallelism())

/** Starts a machine for each item, in their order. */
export function startEach<Item, Results>(
  items: readonly Item[],
  bootFor: (item: Item) => Boot<Results>,
): readonly { readonly item: Item; readonly machine: Machine<Results> }[] {
  const ends: Promise<unknown>[] = []
  return items.map((item, i) => {
    const machine = start(bootFor(item), ends[i - atOnce])
    ends.push(machine.booted.catch(() => {})) // its own test reports the failure
    return { item, machine }
  })
}

/** Starts a machine, when `turn` is over. */
export function start<Results>(
  boot: Boot<Results>,
  turn: Promise<unknown> = Promise.resolve(),
): Machine<Results> {
  const messages: string[] = []
  return { messages, booted: turn.then(() => boot((message) => messages.push(message))) }
}

/** What a machine has measured, when it is off again; what was said of it is shown in the test. */
export async function resultsOf<Results>(
  t: Test,
  { booted, messages }: Machine<Results>,
): Promise<Results> {
  const { results, seconds } = await booted
  for (const message of messages) t.comment(message)
  t.comment(`the machine ran for ${seconds.toFixed(1)} s`)
  return results
}
