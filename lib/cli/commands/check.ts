import { type Answer, verdictIn } from '../../attach/index.js'
import { type Checked, rendererFor } from '../../format/index.js'
import {
  type AccessMethod,
  capital,
  causeRows,
  type NoSuchName,
  quote,
  type TracerName,
  tracerWords,
  type Verdict,
} from '../../model/index.js'
import type { AttachingTool } from '../../tools/index.js'
import type { CommandLine } from '../command-line.js'
import type { Command, Context } from '../context.js'
import { exitCodes } from '../exits.js'
import type { WatchedAnswer } from '../watch.js'

/** `ptrace-probe check`: the verdicts on processes that run already. */
export const check: Command = async (commandLine, context) => {
  const { format } = commandLine
  const found = await targets(commandLine, context)
  const ask = (format: string) => answer(found, { ...commandLine, format }, context)
  if (commandLine.watch) {
    return (await import('../watch.js')).watch(found.pids, format, ask, context)
  }
  const { code, text } = await ask(format)
  await context.print(await text(context.style))
  return code
}

async function answer(
  { pids, nameless }: Targets,
  commandLine: CommandLine,
  context: Context,
): Promise<WatchedAnswer> {
  const { tool } = commandLine
  const found = tool === undefined ? null : await context.findTool(tool)
  const asked = tracers(commandLine)
  const checked: Checked[] = []
  for (const pid of pids) {
    checked.push(
      found === null
        ? await examine(pid, asked, commandLine, context)
        : await examineFor(pid, found, commandLine, context),
    )
  }
  checked.push(...nameless.map((name) => noneNamed(name, asked[0], commandLine)))
  const render = await rendererFor('check', commandLine.format)
  return {
    code: exitCode(checked.map(({ verdict }) => verdict.verdict)),
    text: (style) => render(checked, style),
  }
}

interface Targets {
  /** Each process once, in the order of the command line. A name does not stand for this process. */
  readonly pids: readonly number[]
  /** The names that no process has. */
  readonly nameless: readonly string[]
}

async function targets({ operands, names }: CommandLine, context: Context): Promise<Targets> {
  const named = await Promise.all(
    names.map(async (name) => ({
      name,
      pids: (await context.processesNamed(name)).filter((pid) => pid !== context.pid),
    })),
  )
  return {
    pids: [...new Set([...operands.map(Number), ...named.flatMap(({ pids }) => pids)])],
    nameless: named.filter(({ pids }) => pids.length === 0).map(({ name }) => name),
  }
}

/** The answer about a name that no process has. */
function noneNamed(name: string, tracer: TracerName, { method = 'attach' }: CommandLine): Checked {
  const message = `no other process has the name ${quote(name)}`
  const cause = 'no-such-process'
  const certainty = 'proved'
  const verdict: NoSuchName = {
    schemaVersion: 1,
    pid: null,
    name,
    target: null,
    tracer,
    method,
    verdict: 'denied',
    cause,
    causes: [{ id: cause, certainty, message, evidence: [] }],
    certainty,
    title: causeRows[cause].title,
    message: capital(`${message}.`),
    evidence: [{ source: '/proc/PID/comm', result: 'no process has it' }],
    remedies: [],
  }
  return { verdict, others: [], failures: [] }
}

/** The tracers to ask about; the first is the one that counts. */
function tracers({
  users: [user],
  tracer,
  format,
}: CommandLine): readonly [TracerName, ...TracerName[]] {
  if (user !== undefined) return [`user:${user}`]
  if (tracer !== undefined) return [tracer]
  // Only text has a place for the others.
  return format === 'text' ? ['self', 'child', 'stranger'] : ['self']
}

async function examine(
  pid: number,
  [first, ...rest]: readonly [TracerName, ...TracerName[]],
  { timeout, method }: CommandLine,
  { canAttachEach }: Context,
): Promise<Checked> {
  const options = { ...(method === undefined ? {} : { method }), ...timeout }
  const ask = (tracers: readonly TracerName[]): Promise<readonly Answer[]> =>
    canAttachEach(pid, tracers, options)
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

/**
 * For a tool: the verdict on the first of its calls that is not allowed, or else on the first. A call
 * that a filter refuses is no loss where the tool has another one.
 */
async function examineFor(
  pid: number,
  { path, by }: AttachingTool,
  { timeout, method }: CommandLine,
  { canAttachEach }: Context,
): Promise<Checked> {
  const ask = async (method: AccessMethod): Promise<Verdict> => {
    const [answer] = await canAttachEach(pid, [`program:${path}`], { method, ...timeout })
    return verdictIn(answer)
  }
  const verdicts: Verdict[] = []
  for (const ways of method === undefined ? by : [[method]]) verdicts.push(await firstOf(ways, ask))
  const verdict = verdicts.find(({ verdict }) => verdict !== 'allowed') ?? verdicts[0]
  if (verdict === undefined) throw new Error('A tool makes no call')
  return { verdict, others: [], failures: [] }
}

async function firstOf(
  [first, ...others]: readonly AccessMethod[],
  ask: (method: AccessMethod) => Promise<Verdict>,
): Promise<Verdict> {
  if (first === undefined) throw new Error('A tool makes no call')
  const verdict = await ask(first)
  return verdict.cause === 'seccomp' && others.length > 0 ? firstOf(others, ask) : verdict
}

function exitCode(verdicts: readonly Verdict['verdict'][]): number {
  if (verdicts.includes('denied')) return exitCodes.denied
  return verdicts.includes('undetermined') ? exitCodes.notMeasured : exitCodes.measured
}
