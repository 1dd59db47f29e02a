import { surveyFormats } from '../../format/index.js'
import type { CommandLine } from '../command-line.js'
import type { Run, Tracer, World } from '../context.js'
import { exitCodes } from '../exits.js'

/**
 * `ptrace-probe survey`: the verdicts on every process of the machine, written as they come. The
 * question is what a process could do that somebody else has taken over, hence the stranger.
 */
export const run: Run = async (settings, world) => {
  const { users, tracer } = settings
  const [user] = users
  if (user !== undefined) return survey({ user }, settings, world)
  if (tracer !== undefined) return survey(tracer, settings, world)
  let begun = false
  const print: World['print'] = (text) => {
    begun = true
    return world.print(text)
  }
  try {
    return await survey('stranger', settings, { ...world, print })
  } catch (error) {
    // PID 1 of a container cannot make a stranger, for it adopts every orphan. What fails later, with
    // a part of the answer printed, is another matter.
    const failed =
      error instanceof Error && 'code' in error && error.code === 'ERR_PTRACE_PROBE_NO_STRANGER'
    if (begun || !failed) throw error
    world.io.warn(`ptrace-probe: ${error.message}; this is the survey of --tracer child\n`)
    return survey('child', settings, world)
  }
}

async function survey(tracer: Tracer, settings: CommandLine, world: World): Promise<number> {
  const { io, style, print } = world
  const { format, timeoutMs } = settings
  const user = typeof tracer === 'string' ? null : tracer.user
  const verdicts = io.survey({ tracer, ...(timeoutMs === undefined ? {} : { timeoutMs }) })
  const asked = {
    tracer: typeof tracer === 'string' ? tracer : (`user:${tracer.user}` as const),
    uid: await io.uidOf(user),
    pid: io.pid,
  }
  const render = await surveyFormats[format]?.()
  for await (const text of render?.(verdicts, asked, style) ?? []) {
    if (!(await print(text))) break
  }
  return exitCodes.measured
}
