import type { Style } from '../format/index.js'
import type { WatchedFacts } from '../machine/index.js'
import { visible } from '../model/index.js'
import type { Context } from './context.js'

/** How often what an answer rests on is looked at, in milliseconds. */
export const watchInterval = 500

/** One answer of a command. */
export interface WatchedAnswer {
  /** Its exit code. */
  readonly code: number
  /** What is printed of it. */
  readonly text: (style: Style) => string | Promise<string>
}

/**
 * Answers, and answers again at each change of the scope or of a target, until the user ends it or the
 * reader goes away; also where no target is left. A program gets each answer whole, on a line of its
 * own. People get the first one whole, and then a line a change.
 *
 * @param ask - answers in the format of that name
 * @returns the exit code of the last answer
 */
export async function watch(
  pids: readonly number[],
  format: string,
  ask: (format: string) => Promise<WatchedAnswer>,
  { factsAbout, ticks, print, style }: Pick<Context, 'factsAbout' | 'ticks' | 'print' | 'style'>,
): Promise<number> {
  const isText = format === 'text'
  // From here on a signal of the user ends the loop, and not the process.
  const tick = ticks(watchInterval)
  // Read before each answer: what changes meanwhile is found at the next tick.
  let facts = factsAbout(pids)
  let answer = await ask(isText ? format : 'ndjson')
  let isRead = await print(await answer.text(style))
  while (isRead && isLeft(pids, facts) && (await tick())) {
    const now = factsAbout(pids)
    const changes = changesBetween(facts, now)
    if (changes.length === 0) continue
    facts = now
    answer = await ask(isText ? format : 'ndjson')
    const line = async () => `${changes.join(', ')}. ${await sentence(answer, style)}\n`
    isRead = await print(isText ? await line() : await answer.text(style))
  }
  return answer.code
}

/** An answer on one line. */
async function sentence({ text }: WatchedAnswer, style: Style): Promise<string> {
  const verdict = await text({ ...style, color: false, detail: 'quiet' })
  return verdict.trim().replace(/\s*\n\s*/g, ' ')
}

function isLeft(pids: readonly number[], facts: WatchedFacts): boolean {
  return pids.length === 0 || pids.some((pid) => facts[pid] !== 'gone')
}

/** `123 TracerPid: 0 -> 77`; of a process that is gone only that. */
function changesBetween(before: WatchedFacts, now: WatchedFacts): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])]
  return names.flatMap((name) => {
    const [from, to] = [before[name], now[name]]
    const isOfGone = from === undefined || to === undefined
    return from === to || isOfGone ? [] : [visible(`${name}: ${from} -> ${to}`)]
  })
}
