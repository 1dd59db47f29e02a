/** What the command line asks for. */
export interface Arguments {
  /** Never block: tell the client, and pass the request on. */
  readonly warn: boolean
  /** The adapter connects to a port of ours instead of speaking over its standard streams. */
  readonly dial: boolean
  readonly adapter: readonly [string, ...string[]]
}

export const usage = `usage: ptrace-probe-dap [--warn] [--dial] -- ADAPTER [ARGUMENT]...
  --warn  never refuse; only tell the client what would be refused
  --dial  the adapter connects to the address that {address} in its arguments stands for`

/** Null where the command line is a mistake. */
export function parseArguments(argv: readonly string[]): Arguments | null {
  const end = argv.indexOf('--')
  const [options, [program, ...args]] = [argv.slice(0, end), argv.slice(end + 1)]
  if (end === -1 || program === undefined) return null
  if (!options.every((each) => each === '--warn' || each === '--dial')) return null
  const dial = options.includes('--dial')
  if (dial && !args.some((each) => each.includes(address))) return null
  return { warn: options.includes('--warn'), dial, adapter: [program, ...args] }
}

/** What stands for the address in the arguments of an adapter that connects. */
export const address = '{address}'
