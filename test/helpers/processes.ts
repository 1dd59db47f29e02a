import { readdirSync, readFileSync } from 'node:fs'

/** A line of /proc: what tests ask about processes (proc_pid_stat(5)). */
export interface ProcessLine {
  readonly pid: number
  readonly name: string
  readonly state: string
  readonly parent: number
  readonly session: number
}

/** Every process that can be seen now. */
export function processes(): ProcessLine[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const [, name = ''] = /\((.*)\)/s.exec(text) ?? []
        const [state = '', parent, , session] = text.slice(text.lastIndexOf(')') + 2).split(' ')
        return [{ pid: Number(pid), name, state, parent: Number(parent), session: Number(session) }]
      } catch {
        return [] // it ended while we looked
      }
    })
}

/** That process, as long as it is there. */
export function find(pid: number): ProcessLine | undefined {
  return processes().find((each) => each.pid === pid)
}

/** The children of `pid`. */
export function childrenOf(pid: number): ProcessLine[] {
  return processes().filter(({ parent }) => parent === pid)
}

/** Every process of the session that `leader` leads or led. */
export function sessionOf(leader: number): ProcessLine[] {
  return processes().filter(({ session }) => session === leader)
}
