import type { TracerOption } from '../../attach/index.js'
import { type Answer, verdictIn } from '../../attach/index.js'
import { type Checked, rendererFor, tracerWords } from '../../format/index.js'
import { quote, type Verdict } from '../../model/index.js'
import type { CommandLine } from '../command-line.js'
import type { Command, Context } from '../context.js'
import { exitCodes } from '../exits.js'

/** `ptrace-probe check`: the verdicts on processes that run already. */
export const check: Command = async (commandLine, context) => {
  const pids = await targets(commandLine, context)
  const asked = tracers(commandLine)
  const checked: Checked[] = []
  for (const pid of pids) checked.push(await examine(pid, asked, commandLine, context))
  const render = await rendererFor('check', commandLine.format)
  await context.print(render(checked, context.style))
  return exitCode(checked.map(({ verdict }) => verdict.verdict))
}

/** Each process once, in the order of the command line. A name does not stand for this process. */
async function targets({ operands, names }: CommandLine, context: Context): Promise<number[]> {
  const named = names.map(async (name) => {
    const pids = (await context.processesNamed(name)).filter((pid) => pid !== context.pid)
    if (pids.length === 0) throw new Error(`no other process has the name ${quote(name)}`)
    return pids
  })
  return [...new Set([...operands.map(Number), ...(await Promise.all(named)).flat()])]
}

/** The tracers to ask about; the first is the one that counts. */
function tracers({
  users: [user],
  tracer,
  format,
}: CommandLine): readonly [TracerOption, ...TracerOption[]] {
  if (user !== undefined) return [{ user }]
  if (tracer !== undefined) return [tracer]
  // Only text has a place for the others.
  return format === 'text' ? ['self', 'child', 'stranger'] : ['self']
}

async function examine(
  pid: number,
  [first, ...rest]: readonly [TracerOption, ...TracerOption[]],
  { timeout }: CommandLine,
  { canAttachEach }: Context,
): Promise<Checked> {
  const ask = (tracers: readonly TracerOption[]): Promise<readonly Answer[]> =>
    canAttachEach(pid, tracers, timeout)
  const [answer] = await ask([first])
  const verdict = verdictIn(answer)
  // Without a target there is nothing to ask about other tracers.
  const isGone = verdict.cause === 'no-such-process'
  const answers = rest.length === 0 || isGone ? [] : await ask(rest)
  return {
    verdict,
    others: answers.flatMap((answer) => ('error' in answer ? [] : [answer.verdict])),
    failures: answers.flatMap((answer) =>
      'error' in answer
        ? [`What ${tracerWords(answer.tracer)} may do could not be told: ${answer.error.message}.`]
        : [],
    ),
  }
}

function exitCode(verdicts: readonly Verdict['verdict'][]): number {
  if (verdicts.includes('denied')) return exitCodes.denied
  return verdicts.includes('undetermined') ? exitCodes.notMeasured : exitCodes.measured
}
