import { ask, type Command } from '../../check/ask.js'
import { attachOf } from '../../check/configuration.js'
import { explain, isProvedRefusal } from '../../check/verdict.js'
import type { Decision } from './proxy.js'
import { type AttachRequest, outputOf, refusalOf } from './requests.js'

/** The adapter whose requests are decided. */
export interface Asked {
  readonly pid: number | null
  /** Its file; null where it was not found. */
  readonly program: string | null
  readonly command: Command
  readonly warn: boolean
}

const pass: Decision = { tell: null, forward: true }

/** Only a refusal that is proved is not passed on. */
export async function decide(request: AttachRequest, asked: Asked): Promise<Decision> {
  const attach = attachOf(request.arguments, asked.program)
  if (attach === null) return pass
  try {
    const verdict = await ask(attach, asked.command, asked.pid)
    if (verdict.verdict === 'allowed') return pass
    const text = explain(verdict)
    return isProvedRefusal(verdict) && !asked.warn
      ? { tell: refusalOf(request, text), forward: false }
      : { tell: outputOf(text), forward: true }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { tell: outputOf(`ptrace-probe gave no verdict: ${why}`), forward: true }
  }
}
