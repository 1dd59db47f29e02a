/**
 * Runs in a container beside its own targets: says what `check` says of one of another user, and
 * whether strace then attaches to it.
 */
import { ask, attach } from './acts.js'

const targets: Record<string, number> = JSON.parse(process.env['TARGETS'] ?? '{}')
const pid = targets['not-dumpable'] ?? 0
const verdict = ask([], pid)
const { worked, printed } = await attach([], `strace -p ${pid}`, { pid })
process.stdout.write(`${JSON.stringify({ verdict, worked, printed })}\n`)
