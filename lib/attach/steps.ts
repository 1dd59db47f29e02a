/**
 * A function that can be run in two ways, blocking or awaiting, and is written once. It is a
 * generator that yields where it has to wait: `yield* wait(…)`.
 */
export type Steps<T> = Generator<Step, T, void>

interface Step {
  readonly block: () => void
  readonly settle: () => Promise<void>
}

/** Waits for a result that can be had in both ways. */
export function* wait<T>(block: () => T, settle: () => Promise<T>): Steps<T> {
  let result = (): T => {
    throw new Error('A step was not run')
  }
  const keep = (value: T): void => {
    result = () => value
  }
  yield { block: () => keep(block()), settle: async () => keep(await settle()) }
  return result()
}

/** Runs the steps, blocking the thread. */
export function runSync<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    value.block()
  }
}

/** Runs the steps; the thread is free while they wait. */
export async function run<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await value.settle()
  }
}
