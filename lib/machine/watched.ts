import { scopeFile } from './facts.js'
import { read } from './files.js'

/** What an answer rests on and what can change while one looks on, by name: `123 TracerPid`. */
export type WatchedFacts = Readonly<Record<string, string>>

/**
 * The fields of proc_pid_status(5) that rules look at, and the name, which changes with execve(2).
 * Whether a process runs or sleeps is of no interest, so of its state only the rest is kept.
 */
const fields = [
  ...['Name', 'State', 'PPid', 'TracerPid', 'Uid', 'Gid', 'NoNewPrivs', 'Seccomp'],
  ...['CapPrm', 'CapEff'],
]
const asleep = /^[RSDI] /

/** Reads the scope's file, and what /proc says of these processes: cheap, and it touches none of them. */
export function readWatched(pids: readonly number[], root = '/'): WatchedFacts {
  const scope = read(root, scopeFile)?.trim() ?? 'no such file'
  return Object.fromEntries([
    ['kernel.yama.ptrace_scope', scope],
    ...pids.flatMap((pid) => statusOf(pid, root)),
  ])
}

function statusOf(pid: number, root: string): [name: string, value: string][] {
  const status = read(root, `/proc/${pid}/status`)
  if (status === null) return [[`${pid}`, 'gone']]
  const lines = status.split('\n').map((line): [string, string] => {
    const [name = '', value = ''] = line.split(':\t')
    return [name, value]
  })
  return [
    [`${pid}`, 'there'],
    ...lines
      .filter(([name]) => fields.includes(name))
      .map(([name, value]): [string, string] => {
        const isAsleep = name === 'State' && asleep.test(value)
        return [`${pid} ${name}`, isAsleep ? 'running' : value.replaceAll('\t', ' ')]
      }),
  ]
}
