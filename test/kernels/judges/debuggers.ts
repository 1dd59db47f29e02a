/** A real debugger, and how one sees what it managed. */
export interface Debugger {
  readonly id: string
  readonly command: string
  readonly args: (pid: number) => readonly string[]
  /** What it prints only when it has attached. */
  readonly attached: RegExp
  /** What it prints only when it was refused. */
  readonly refused: RegExp
  /** It stays attached, so it is told to end once it traces. */
  readonly stays: boolean
}

/** Exit statuses prove nothing: ltrace, refused, ends with 0, and dlv, attached, with 1. */
export const debuggers: readonly Debugger[] = [
  {
    id: 'strace',
    command: 'strace',
    args: (pid) => ['-p', String(pid)],
    attached: /^strace: Process \d+ attached$/m,
    refused: /^strace: attach: ptrace\(PTRACE_\w+, \d+(, .*)?\): /m,
    stays: true,
  },
  {
    id: 'eu-stack',
    command: 'eu-stack',
    args: (pid) => ['-p', String(pid)],
    attached: /^#0 /m,
    // It looks into /proc before it attaches.
    refused: /Operation not permitted|Permission denied|No such (process|file)|not implemented/,
    stays: false,
  },
  {
    id: 'gdb',
    command: 'gdb',
    args: (pid) => ['-nx', '-batch', '-p', String(pid)],
    attached: /^\[Inferior 1 \(process \d+\) detached\]$/m,
    refused: /^ptrace: .*\.$|^Unable to attach: /m,
    stays: false,
  },
  {
    id: 'gcore',
    command: 'gcore',
    // One file a Node: what root wrote, a user cannot write again.
    args: (pid) => ['-o', `/tmp/core-${process.pid}`, String(pid)],
    attached: /^Saved corefile /m,
    refused: /^You can't do that without a process to debug/m,
    stays: false,
  },
  {
    id: 'lldb',
    command: 'lldb',
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
    id: 'ltrace',
    command: 'ltrace',
    args: (pid) => ['-p', String(pid)],
    // It finds out only after it has attached that the target is linked statically, and ends.
    attached: /^Couldn't find \.dynsym or \.dynstr in "\/proc\/\d+\/exe"$/m,
    refused: /Cannot attach to pid/,
    stays: false,
  },
  {
    id: 'dlv',
    command: 'dlv',
    args: (pid) => ['attach', String(pid), '--allow-non-terminal-interactive=true'],
    // It debugs Go programs, but finds out only after it has attached that this is none.
    attached: /could not (read|open) debug info/,
    refused: /Could not attach to pid|could not attach to pid \d+: (?!could not open)/,
    stays: false,
  },
]

/** A debugger that attaches to one process after the other: its start takes longer than the rest. */
export interface Session {
  readonly id: string
  readonly command: string
  readonly args: (pids: readonly number[]) => readonly string[]
  /** What it prints, between `at PID` and `after PID`, only when it has attached to that one. */
  readonly attached: (pid: number) => RegExp
  /** What it prints there only when it was refused. */
  readonly refused: RegExp
}

export const sessions: readonly Session[] = [
  {
    // What `gdb -p` and gcore do, command by command.
    id: 'gdb+gcore',
    command: 'gdb',
    args: (pids) => [
      ...['-nx', '-batch', '-ex', 'set pagination off'],
      ...pids
        .flatMap((pid) => [
          `echo at ${pid}\\n`,
          `attach ${pid}`,
          `generate-core-file /tmp/session-${process.pid}`,
          'detach',
          `echo after ${pid}\\n`,
        ])
        .flatMap((command) => ['-ex', command]),
    ],
    attached: (pid) =>
      new RegExp(`^Saved corefile [^]*^\\[Inferior \\d+ \\(process ${pid}\\) detached\\]$`, 'm'),
    refused: /^ptrace: |^Unable to attach: |process has already terminated/m,
  },
]
