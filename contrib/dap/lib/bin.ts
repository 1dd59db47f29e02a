#!/usr/bin/env node
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'

import type { Command } from '../../check/ask.js'
import { findProgram } from '../../check/configuration.js'
import { type Adapter, passedSignals, startAdapter } from './adapter.js'
import { type Arguments, parseArguments, usage } from './arguments.js'
import { decide } from './decide.js'
import { passOn } from './proxy.js'

const exits = { usage: 2, notStarted: 127 } as const

/** The command of the package that is installed beside this one, or else that of PATH. */
function commandOf(env: NodeJS.ProcessEnv): Command {
  const [named, ...args] = (env['PTRACE_PROBE_COMMAND'] ?? '').split(' ').filter(Boolean)
  if (named !== undefined) return { line: [named, ...args], env }
  try {
    const manifest = createRequire(import.meta.url).resolve('ptrace-probe/package.json')
    return { line: [process.execPath, join(manifest, '../dist/bin.cjs')], env }
  } catch {
    return { line: ['ptrace-probe'], env }
  }
}

async function run(wanted: Arguments, adapter: Adapter): Promise<void> {
  const command = commandOf(process.env)
  const ended = once(adapter.process, 'exit')
  // A client that reads nothing more ends the adapter, as without the proxy.
  process.stdout.on('error', () => {
    adapter.streams.output.destroy()
    adapter.streams.input.end()
  })
  const asked = {
    pid: adapter.process.pid ?? null,
    program: findProgram(wanted.adapter[0], process.env['PATH'] ?? ''),
    command,
    warn: wanted.warn,
  }
  const client = { input: process.stdin, output: process.stdout }
  await passOn({ client, adapter: { ...adapter.streams, ended } }, (request) =>
    decide(request, asked),
  )
  const [code, signal] = await ended
  if (signal === null) process.exit(code)
  const by: NodeJS.Signals = signal
  for (const each of passedSignals) process.removeAllListeners(each)
  // Where a filter answers getpid(2) the number is -1 or 0, which kill(2) takes for many processes, and
  // process 1 gets no signal without a handler.
  if (process.pid > 1) process.kill(process.pid, by)
  else process.exit(128 + constants.signals[by])
}

const wanted = parseArguments(process.argv.slice(2))
if (wanted === null) {
  console.error(usage)
  process.exit(exits.usage)
}
startAdapter(wanted).then(
  (adapter) => run(wanted, adapter),
  (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    console.error(`ptrace-probe-dap: ${wanted.adapter[0]} could not be started: ${why}`)
    process.exit(exits.notStarted)
  },
)
