/**
 * A function that can be run in two ways, blocking or awaiting, and is written once. It is a
 * generator that yields where it has to wait: `yield* wait(…)`.
 */
export type Steps<T> = Generator<Step, T, void>

interface Step {
  readonly block: () => void
  readonly settle: () => Promise<void>
}

/** Waits for a result that can be had blocking or awaiting. */
export function* wait<T>(block: () => T, settle: () => Promise<T>): Steps<T> {
  let result = (): T => {
    throw new Error('A step was not run')
  }
  // An error is kept, too, so that it is thrown where the steps wait and can be caught there.
  const fail = (error: unknown): void => {
    result = () => {
      throw error
    }
  }
  const keep = (value: T): void => {
    result = () => value
  }
  yield {
    block: () => {
      try {
        keep(block())
      } catch (error) {
        fail(error)
      }
    },
    settle: () => settle().then(keep, fail),
  }
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
