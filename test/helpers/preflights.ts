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
  /** What came of `attach` before, with preflight-before-attach; null where that was not tried. */
  readonly hooked: 'attached' | 'blocked' | 'refused' | 'unclear' | null
  readonly text: string
}

/** A debugger that takes commands and goes on after one that failed. */
export interface PreflightDebugger {
  readonly id: 'gdb' | 'gdb-typed' | 'lldb'
  /** Its file below contrib/. */
  readonly file: string
  readonly command: string
  readonly environment: Readonly<Record<string, string>>
  readonly args: (script: string) => readonly string[]
  /** It reads its commands from its input, which has to be a terminal's. */
  readonly isTyped: boolean
  /** The commands that ask about each process, attach to it by the hook, and without the hook. */
  readonly script: (file: string, pids: readonly number[]) => string
  /** What it prints only where it has attached, and only where it was refused. */
  readonly attached: (pid: number) => RegExp
  readonly refused: RegExp
}

const mark = (word: 'ask' | 'hook' | 'attach' | 'end', pid: number): string =>
  `-- ${word} ${pid} --`

const gdb = {
  file: 'gdb/ptrace_probe.py',
  environment: {},
  attached: (pid) => new RegExp(`\\[Inferior \\d+ \\(process ${pid}\\) detached\\]`),
  refused: /^ptrace: |^Unable to attach: |process has already terminated/m,
} as const satisfies Partial<PreflightDebugger>

export const preflightDebuggers: readonly PreflightDebugger[] = [
  {
    ...gdb,
    id: 'gdb',
    command: 'gdb',
    isTyped: false,
    args: (script) => ['-nx', '-batch', '-iex', 'set debuginfod enabled off', '-x', script],
    script: (file, pids) => `source ${file}
set pagination off
set exec-file-mismatch off
python
import subprocess

def attempt(pid):
    # What is not typed passes no hook.
    for word, commands in (("ask", ["preflight"]), ("hook", []), ("attach", ["attach", "detach"]), ("end", [])):
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
  },
  {
    ...gdb,
    id: 'gdb-typed',
    command: 'script',
    isTyped: true,
    args: () => [
      ...['--quiet', '--echo', 'never', '--command'],
      "gdb -nx -q -iex 'set debuginfod enabled off'",
      '/dev/null',
    ],
    script: (file, pids) =>
      [
        ...['set pagination off', 'set confirm off', 'set exec-file-mismatch off'],
        `source ${file}`,
        ...pids.flatMap((pid) => [
          `echo ${mark('ask', pid)}\\n`,
          `preflight ${pid}`,
          `echo ${mark('hook', pid)}\\n`,
          'preflight-before-attach on',
          `attach ${pid}`,
          'detach',
          'preflight-before-attach off',
          `echo ${mark('attach', pid)}\\n`,
          `attach ${pid}`,
          'detach',
          `echo ${mark('end', pid)}\\n`,
        ]),
        'quit\n',
      ].join('\n'),
  },
  {
    id: 'lldb',
    file: 'lldb/ptrace_probe.py',
    command: 'lldb',
    isTyped: false,
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
        'preflight-before-attach on',
        ...pids.flatMap((pid) => [
          `script print("${mark('ask', pid)}", flush=True)`,
          `preflight ${pid}`,
          `script print("${mark('hook', pid)}", flush=True)`,
          `attach ${pid}`,
          'process detach',
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

/** What has to happen after each verdict: to `attach` without a hook, and with it. */
export const outcomes: Readonly<
  Record<string, { readonly did: Preflight['did']; readonly hooked: Preflight['hooked'] }>
> = {
  allowed: { did: 'attached', hooked: 'attached' },
  denied: { did: 'refused', hooked: 'blocked' },
}

/** The line of a shell that runs such a session, with both outputs in one, in their order. */
export function sessionOf(
  { command, args, isTyped }: PreflightDebugger,
  wrapper: readonly string[],
  script: string,
): readonly string[] {
  const line = isTyped ? `cat '${script}' | "$@" 2>&1` : 'exec "$@" 2>&1'
  return ['sh', '-c', line, 'sh', ...wrapper, command, ...args(script)]
}

/** Reads what a session printed. */
export function preflightsOf(
  { attached, refused }: PreflightDebugger,
  pids: readonly number[],
  printed: string,
): Preflight[] {
  // At a terminal lines end otherwise, and begin with gdb's prompt.
  const text = `\n${printed.replaceAll('\r', '').replaceAll(/^(\(gdb\) )+/gm, '')}`
  // lldb also prints the command that prints a mark.
  const between = (from: string, to: string): string => {
    const [, after = ''] = text.split(`\n${from}\n`)
    return `\n${after}`.split(`\n${to}\n`)[0]?.trim() ?? ''
  }
  return pids.map((pid) => {
    const asked = between(mark('ask', pid), mark('hook', pid))
    const before = between(mark('hook', pid), mark('attach', pid))
    const after = between(mark('attach', pid), mark('end', pid))
    const [, said = 'nothing'] = /^(allowed|denied|undetermined): ./m.exec(asked) ?? []
    const [, cause = null, certainty = null] = /^ {2}cause: (\S+) \((\w+)\)$/m.exec(asked) ?? []
    const signs = { attached: attached(pid), blocked: /^(error: )?denied: ./m, refused }
    const cameOf = <Outcome extends keyof typeof signs>(
      printed: string,
      among: readonly Outcome[],
    ): Outcome | 'unclear' => {
      const [first = 'unclear', ...more] = among.filter((each) => signs[each].test(printed))
      return more.length === 0 ? first : 'unclear'
    }
    return {
      ...{ pid, said, cause, certainty },
      did: cameOf(after, ['attached', 'refused']),
      hooked: before === '' ? null : cameOf(before, ['attached', 'blocked', 'refused']),
      text: `${asked}\n${before}\n${after}`,
    }
  })
}
