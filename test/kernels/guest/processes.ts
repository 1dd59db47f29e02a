import { readdirSync, readFileSync } from 'node:fs'

import type { Leftover } from '../results.js'

const kernelThreads = new Set<number>()

/** Every process but the kernel's own. */
export function processes(): Leftover[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && !kernelThreads.has(pid))
    .flatMap(readProcess)
}

function readProcess(pid: number): Leftover[] {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return [] // it has ended
  }
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(text)?.[1] ?? ''
  const parent = Number(field('PPid'))
  if (pid === 2 || parent === 2) {
    kernelThreads.add(pid)
    return []
  }
  return [
    { pid, parent, name: field('Name'), state: field('State'), tracer: Number(field('TracerPid')) },
  ]
}

/**
 * The processes that a probe left behind: whatever was not there before it, the children of the
 * prober if it still lives, and everything that is stopped, traced or dead.
 */
export function leftovers(before: readonly Leftover[], prober?: number): Leftover[] {
  const known = new Set(before.map(({ pid }) => pid))
  return processes().filter(
    ({ pid, parent, state, tracer }) =>
      !known.has(pid) || parent === prober || tracer !== 0 || /^[tTZX]/.test(state),
  )
}
