import { type Answer, verdictIn } from '../../attach/index.js'
import { type Checked, tracerWords, verdictFormats } from '../../format/index.js'
import { quote, type Verdict } from '../../model/index.js'
import type { CommandLine } from '../command-line.js'
import type { Io, Run, Tracer } from '../context.js'
import { exitCodes } from '../exits.js'

/** `ptrace-probe check`: the verdicts on processes that run already. */
export const run: Run = async (settings, { io, style, print }) => {
  const pids = await targets(settings, io)
  const asked = tracers(settings)
  const checked: Checked[] = []
  for (const pid of pids) checked.push(await check(pid, asked, settings, io))
  const many = settings.operands.length > 1 || settings.names.length > 0
  const render = await verdictFormats[settings.format]?.()
  await print(render?.(checked, many, style) ?? '')
  return exitCode(checked.map(({ verdict }) => verdict.verdict))
}

/** Every process once, in the order in which they were asked for; by name, this one apart. */
async function targets({ operands, names }: CommandLine, io: Io): Promise<number[]> {
  const named = names.map(async (name) => {
    const pids = (await io.processesNamed(name)).filter((pid) => pid !== io.pid)
    if (pids.length === 0) throw new Error(`no other process has the name ${quote(name)}`)
    return pids
  })
  return [...new Set([...operands.map(Number), ...(await Promise.all(named)).flat()])]
}

/** The tracers to ask about; the first is the one that counts. */
function tracers({ users: [user], tracer, format }: CommandLine): readonly [Tracer, ...Tracer[]] {
  if (user !== undefined) return [{ user }]
  if (tracer !== undefined) return [tracer]
  // Only text has a place for the others.
  return format === 'text' ? ['self', 'child', 'stranger'] : ['self']
}

async function check(
  pid: number,
  [first, ...rest]: readonly [Tracer, ...Tracer[]],
  { timeoutMs }: CommandLine,
  io: Io,
): Promise<Checked> {
  const ask = (tracers: readonly Tracer[]): Promise<readonly Answer[]> =>
    io.canAttachEach(pid, tracers, timeoutMs === undefined ? {} : { timeoutMs })
  const [answer] = await ask([first])
  const verdict = verdictIn(answer)
  // Where there is no such process, it is no tracer's target.
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
