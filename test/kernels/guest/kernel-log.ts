import { closeSync, constants, openSync, readSync } from 'node:fs'

/** What Yama has written, or would have written, since the last look. */
interface News {
  /** Its lines, and how many the limit of lines kept back (security/yama/yama_lsm.c). */
  readonly refusals: number
  readonly hasLine: boolean
}

/** Records that nothing has read yet, one by one (Documentation/ABI/testing/dev-kmsg). */
function* records(log: number): Generator<string> {
  const buffer = Buffer.alloc(8192)
  for (;;) {
    try {
      yield buffer.toString('utf8', 0, readSync(log, buffer))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return
      throw error
    }
  }
}

function news(log: number): News {
  let refusals = 0
  let hasLine = false
  for (const record of records(log)) {
    const [, keptBack] = /report_access: (\d+) callbacks suppressed/.exec(record) ?? []
    const isLine = /;ptrace (attach|traceme) of /.test(record)
    hasLine ||= isLine
    refusals += Number(keptBack ?? 0) + Number(isLine)
  }
  return { refusals, hasLine }
}

/**
 * How many refusals Yama logs while `act` runs.
 *
 * It writes at most 10 lines in 5 seconds, and tells with the next one how many it kept back. So
 * `refuseOnce`, which Yama refuses once, is repeated until its line shows.
 */
export async function refusalsLogged<T>(
  act: () => Promise<T>,
  refuseOnce: () => Promise<unknown>,
): Promise<{ readonly result: T; readonly logged: number }> {
  const log = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    news(log)
    // What was kept back before is told now.
    do await refuseOnce()
    while (!news(log).hasLine)
    const result = await act()
    let { refusals: logged } = news(log)
    for (let isTold = false; !isTold; ) {
      await refuseOnce()
      const { refusals, hasLine } = news(log)
      logged += refusals - 1
      isTold = hasLine
    }
    return { result, logged }
  } finally {
    closeSync(log)
  }
}
