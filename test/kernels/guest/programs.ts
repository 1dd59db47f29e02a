import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Runs a program to its end. */
export function execute(
  command: string,
  args: readonly string[],
  input: string,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((done, fail) => {
    const child = spawn(command, args)
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += String(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += String(chunk)
    })
    child.on('error', fail)
    child.on('close', (status) => done({ status, stdout, stderr }))
    child.stdin.on('error', () => {}) // it ended before it read; its status says more
    child.stdin.end(input)
  })
}

/** A program that answers every line with a line. */
export interface Conversation {
  readonly pid: number
  /** Resolves with the line that it greets with. */
  readonly ready: Promise<string>
  ask(): Promise<string>
}

/** Starts such a program. If it ends early, the code that waits for a line is told. */
export function converse(command: string, args: readonly string[]): Conversation {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  async function line(): Promise<string> {
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`${args.join(' ')} has ended`)
    return String(value)
  }
  return {
    pid: child.pid ?? 0,
    ready: line(),
    ask() {
      child.stdin.write('\n')
      return line()
    },
  }
}
