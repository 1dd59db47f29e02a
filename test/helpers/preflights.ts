/** Sessions of gdb and lldb that ask by contrib/gdb/ptrace_probe.py and then really attach. */

/** What the preflight said of one process, and what came of the attach right after it. */
export interface Preflight {
  readonly pid: number
  /** The verdict that it printed, or `nothing`. */
  readonly said: string
  /** As it was printed; null for what is no refusal. */
  readonly cause: string | null
  readonly certainty: string | null
  readonly did: 'attached' | 'refused' | 'unclear'
  readonly text: string
}

/** A debugger that takes commands and goes on after one that failed. */
export interface PreflightDebugger {
  readonly id: 'gdb' | 'lldb'
  readonly command: string
  readonly environment: Readonly<Record<string, string>>
  readonly args: (script: string) => readonly string[]
  /** The commands of a script that asks about each process and attaches to it. */
  readonly script: (file: string, pids: readonly number[]) => string
  /** What it prints only where it has attached, and only where it was refused. */
  readonly attached: (pid: number) => RegExp
  readonly refused: RegExp
}

const mark = (word: 'ask' | 'attach' | 'end', pid: number): string => `-- ${word} ${pid} --`

export const preflightDebuggers: readonly PreflightDebugger[] = [
  {
    id: 'gdb',
    command: 'gdb',
    environment: {},
    args: (script) => ['-nx', '-batch', '-iex', 'set debuginfod enabled off', '-x', script],
    script: (file, pids) => `source ${file}
set pagination off
set exec-file-mismatch off
python
import subprocess

def attempt(pid):
    for word, commands in (("ask", ["preflight"]), ("attach", ["attach", "detach"]), ("end", [])):
        print(f"-- {word} {pid} --")
        for command in commands:
            try:
                gdb.execute(command if command == "detach" else f"{command} {pid}")
            except gdb.error as error:
                print(error)

own = subprocess.Popen(["sleep", "1000"])
print("own:", own.pid)
for pid in [own.pid, *${JSON.stringify(pids)}]:
    attempt(pid)
own.kill()
end
`,
    attached: (pid) => new RegExp(`\\[Inferior \\d+ \\(process ${pid}\\) detached\\]`),
    refused: /^ptrace: |^Unable to attach: |process has already terminated/m,
  },
  {
    id: 'lldb',
    command: 'lldb',
    // Debian 12's lldb 14 looks for its Python module in a directory that does not exist.
    environment: { PYTHONPATH: '/usr/lib/llvm-14/lib/python3.11/dist-packages' },
    args: (script) => [
      ...['--no-lldbinit', '--batch', '--one-line-before-file'],
      // It waits for its own server, which may take its time on a busy host.
      'settings set plugin.process.gdb-remote.packet-timeout 100',
      ...['-o', `command source -e false ${script}`],
    ],
    script: (file, pids) =>
      [
        `command script import ${file}`,
        ...pids.flatMap((pid) => [
          `script print("${mark('ask', pid)}", flush=True)`,
          `preflight ${pid}`,
          `script print("${mark('attach', pid)}", flush=True)`,
          `process attach -p ${pid}`,
          'process detach',
          `script print("${mark('end', pid)}", flush=True)`,
        ]),
      ].join('\n'),
    attached: (pid) => new RegExp(`Process ${pid} stopped`),
    refused: /error: attach failed: (?!lost connection)/,
  },
]

/** The process that gdb itself started in its session, which no other tracer descends from. */
export function ownOf(printed: string): number {
  return Number(/^own: (\d+)$/m.exec(printed)?.[1])
}

/** Reads what a session printed. */
export function preflightsOf(
  { attached, refused }: PreflightDebugger,
  pids: readonly number[],
  printed: string,
): Preflight[] {
  const between = (from: string, to: string): string =>
    // lldb also prints the command that prints a mark.
    `\n${printed}`.split(`\n${from}\n`)[1]?.split(`\n${to}\n`)[0]?.trim() ?? ''
  return pids.map((pid) => {
    const asked = between(mark('ask', pid), mark('attach', pid))
    const after = between(mark('attach', pid), mark('end', pid))
    const [, said = 'nothing'] = /^(allowed|denied|undetermined): ./m.exec(asked) ?? []
    const [, cause = null, certainty = null] = /^ {2}cause: (\S+) \((\w+)\)$/m.exec(asked) ?? []
    const [did, not] = [attached(pid).test(after), refused.test(after)]
    return {
      pid,
      said,
      cause,
      certainty,
      did: did === not ? 'unclear' : did ? 'attached' : 'refused',
      text: `${asked}\n${after}`,
    }
  })
}
