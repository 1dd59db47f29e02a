import { quote, type Report } from '../../model/index.js'
import {
  isRequired,
  type Moment,
  parseRequirement,
  reasonFor,
  recall,
  remember,
  unmeasured,
} from '../../skip/index.js'
import type { CommandLine } from '../command-line.js'
import type { Command, Context } from '../context.js'
import { exitCodes } from '../exits.js'

/** `ptrace-probe require`: says by its exit status whether a test can run. */
export const requireRelation: Command = async (commandLine, context) => {
  const { env, warn, print } = context
  const reason = await reasonOf(commandLine, context)
  if (reason === null) return exitCodes.measured
  if (isRequired(env)) {
    warn(`ptrace-probe: ${reason}\n`)
    return exitCodes.denied
  }
  await print(`${reason}\n`)
  return exitCodes.skip
}

/** Why the requirement is not met; null: it is. */
async function reasonOf(commandLine: CommandLine, context: Context): Promise<string | null> {
  const { operands, cache, timeout, kernel } = commandLine
  const [text = ''] = operands
  const requirement = parseRequirement(text)
  const before = cache === undefined ? null : await momentOf(context)
  if (cache !== undefined && before !== null) {
    const known = recall((await context.readCache(cache)) ?? '', before, requirement)
    if (known !== undefined) return known
  }
  const report = await context
    .probe({ ...timeout, ...kernel })
    .catch((error: unknown) => ({ error }))
  if ('error' in report) return unmeasured(requirement, report.error)
  // Others want the whole answer.
  const isWhole = !report.kernelLog.quiet
  if (isWhole && cache !== undefined && before !== null) await keep(report, cache, before, context)
  return reasonFor(report, requirement)
}

/** Null where answers cannot be kept. */
async function momentOf({ fingerprint, version, now }: Context): Promise<Moment | null> {
  const found = await fingerprint()
  return found === null ? null : { version: await version(), fingerprint: found, time: now() }
}

/** A cache that cannot be written costs time, not the answer. */
async function keep(
  report: Report,
  cache: string,
  before: Moment,
  context: Context,
): Promise<void> {
  // What changed while it was measured belongs to neither moment.
  const after = await momentOf(context)
  if (after === null || after.fingerprint !== before.fingerprint) return
  try {
    await context.writeCache(cache, remember(report, after))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    context.warn(`ptrace-probe: cannot write ${quote(cache)}: ${why}\n`)
  }
}
