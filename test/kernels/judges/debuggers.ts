import type { Request } from './room.js'

/** What is common to all debuggers. */
interface Row {
  readonly id: string
  readonly command: string
  /** What `check --tool` calls it. */
  readonly tool: string
  /** The requests by which it attaches: the first that no filter refuses. */
  readonly requests: readonly Request[]
  /** It attaches to every thread of a process, and not to the first alone. */
  readonly everyThread: boolean
}

const byAttach = { requests: ['attach'], everyThread: true } as const

/** A real debugger, and how one sees what it managed. */
export interface Debugger extends Row {
  readonly args: (pid: number) => readonly string[]
  /** What it prints only when it has attached. */
  readonly attached: RegExp
  /** What it prints only when it was refused. */
  readonly refused: RegExp
  /** It stays attached, so it is told to end once it traces. */
  readonly stays: boolean
  /** Once it prints this, it tries the same again for ever, so it is ended. */
  readonly endless?: RegExp
}

/** One file a Node: what root wrote, a user cannot write again. */
const corePrefix = `/tmp/core-${process.pid}`
/** Where gcore leaves the memory of a process. */
export const coreOf = (pid: number): string => `${corePrefix}.${pid}`

/** Exit statuses prove nothing: ltrace, refused, ends with 0, and dlv, attached, with 1. */
export const debuggers: readonly Debugger[] = [
  {
    id: 'strace',
    command: 'strace',
    tool: 'strace',
    // It tries PTRACE_SEIZE out on a child first (strace.c, test_ptrace_seize()).
    requests: ['seize', 'attach'],
    everyThread: false,
    args: (pid) => ['-p', String(pid)],
    attached: /^strace: Process \d+ attached$/m,
    refused: /^strace: attach: ptrace\(PTRACE_\w+, \d+(, .*)?\): /m,
    stays: true,
  },
  {
    ...byAttach,
    id: 'eu-stack',
    command: 'eu-stack',
    tool: 'eu-stack',
    args: (pid) => ['-p', String(pid)],
    // Of all threads.
    attached: /^#0 (?![\s\S]*^eu-stack: dwfl_thread_getframes tid \d+: Operation not permitted)/m,
    // It looks into /proc before it attaches.
    refused: /Operation not permitted|Permission denied|No such (process|file)|not implemented/,
    stays: false,
  },
  {
    ...byAttach,
    id: 'gdb',
    command: 'gdb',
    tool: 'gdb',
    args: (pid) => ['-nx', '-batch', '-p', String(pid)],
    attached: /^\[Inferior 1 \(process \d+\) detached\]$/m,
    refused: /^ptrace: .*\.$|^Unable to attach: |^warning: Cannot attach to lwp /m,
    endless: /^warning: Cannot attach to lwp /m,
    stays: false,
  },
  {
    ...byAttach,
    id: 'gcore',
    command: 'gcore',
    tool: 'gcore',
    args: (pid) => ['-o', corePrefix, String(pid)],
    attached: /^Saved corefile /m,
    refused: /^You can't do that without a process to debug/m,
    stays: false,
  },
  {
    ...byAttach,
    id: 'lldb',
    command: 'lldb',
    tool: 'lldb',
    args: (pid) => [
      ...['--no-lldbinit', '--batch', '--one-line-before-file'],
      // It waits for its own server, which may take its time on a busy host.
      'settings set plugin.process.gdb-remote.packet-timeout 100',
      ...['-p', String(pid)],
    ],
    attached: /^Process \d+ stopped/m,
    refused: /attach failed: (?!lost connection)/,
    stays: false,
  },
  {
    ...byAttach,
    id: 'ltrace',
    command: 'ltrace',
    tool: 'ltrace',
    args: (pid) => ['-p', String(pid)],
    // It finds out only after it has attached that the target is linked statically, and ends.
    attached: /^Couldn't find \.dynsym or \.dynstr in "\/proc\/\d+\/exe"$/m,
    refused: /Cannot attach to pid/,
    stays: false,
  },
  {
    ...byAttach,
    id: 'dlv',
    command: 'dlv',
    tool: 'dlv',
    args: (pid) => ['attach', String(pid), '--allow-non-terminal-interactive=true'],
    // It debugs Go programs, but finds out only after it has attached that this is none.
    attached: /could not (read|open) debug info/,
    refused: /Could not attach to pid|could not attach to pid \d+: (?!could not open)/,
    stays: false,
  },
]

/** A debugger that attaches to one process after the other: its start takes longer than the rest. */
export interface Session extends Row {
  readonly args: (pids: readonly number[]) => readonly string[]
  /** What it prints, between `at PID` and `after PID`, only when it has attached to that one. */
  readonly attached: (pid: number) => RegExp
  /** What it prints there only when it was refused. */
  readonly refused: RegExp
}

/** One run of gdb that attaches to all: what it does with each between attach and detach. */
function gdbSession(pids: readonly number[], ...deeds: readonly string[]): readonly string[] {
  return [
    ...['-nx', '-batch', '-ex', 'set pagination off'],
    ...pids
      .flatMap((pid) => [
        `echo at ${pid}\\n`,
        `attach ${pid}`,
        ...deeds,
        'detach',
        `echo after ${pid}\\n`,
      ])
      .flatMap((command) => ['-ex', command]),
  ]
}

const gdb = {
  ...byAttach,
  command: 'gdb',
  refused: /^ptrace: |^Unable to attach: |process has already terminated/m,
} as const

export const sessions: readonly Session[] = [
  {
    ...gdb,
    // What `gdb -p` and gcore do, command by command.
    id: 'gdb+gcore',
    tool: 'gcore',
    args: (pids) => gdbSession(pids, `generate-core-file /tmp/session-${process.pid}`),
    attached: (pid) =>
      new RegExp(`^Saved corefile [^]*^\\[Inferior \\d+ \\(process ${pid}\\) detached\\]$`, 'm'),
  },
  {
    ...gdb,
    id: 'gdb-each',
    tool: 'gdb',
    args: (pids) => gdbSession(pids),
    attached: (pid) => new RegExp(`^\\[Inferior \\d+ \\(process ${pid}\\) detached\\]$`, 'm'),
  },
]
