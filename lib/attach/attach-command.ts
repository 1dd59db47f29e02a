import type { TracerName } from '../model/index.js'

/** What is typed before the PID, for those debuggers that attach from a command line. */
const commands: Readonly<Record<string, string>> = {
  gdb: 'gdb -p',
  lldb: 'lldb -p',
  // lldb starts it to attach.
  'lldb-server': 'lldb -p',
  strace: 'strace -p',
  ltrace: 'ltrace -p',
  'eu-stack': 'eu-stack -p',
  gcore: 'gcore',
  dlv: 'dlv attach',
}

/**
 * The command that attaches to a process with the debugger that was asked about. gdb stands for one
 * that has none, and for a tracer that is no program.
 */
export function attachCommand(tracer: TracerName, pid: number): string {
  const [, name = ''] = /^program:(?:.*\/)?([^/]*?)(?:-\d[\d.]*)?$/.exec(tracer) ?? []
  return `${Object.hasOwn(commands, name) ? commands[name] : commands['gdb']} ${pid}`
}
