import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { commandNames, parse, record, unknown } from '../../scripts/calls.mjs'
import { callReasons, requestReasons, signalReasons } from '../../scripts/calls-table.mjs'
import { needs } from '../helpers/needs.js'
import { root } from '../helpers/node.js'

const native = readdirSync(join(root, 'native'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(cc|h)$/.test(path))
  .map((path) => readFileSync(join(root, 'native', path), 'utf8'))
  .join('\n')
const named = (pattern: RegExp): string[] => [
  ...new Set([...native.matchAll(pattern)].map(([, name = '']) => name)),
]
const without = (names: readonly string[], reasons: Readonly<Record<string, string>>): string[] =>
  names.filter((name) => !(name in reasons))

t.test('each system call that the addon names has a reason', async (t) => {
  const calls = named(/\bSYS_(\w+)/g)
  t.ok(calls.length > 20)
  t.strictSame(without(calls, callReasons), [])
})

t.test('each request of ptrace that the addon names has a reason', async (t) => {
  t.strictSame(named(/\b(PTRACE_(?:[A-Z]+))\b(?!_)/g).sort(), Object.keys(requestReasons).sort())
})

t.test('each signal that the addon sends has a reason', async (t) => {
  t.strictSame(named(/\bKill\w*\([^;]*\b(SIG[A-Z]+)\)/g).sort(), Object.keys(signalReasons).sort())
})

t.test('what a recording says is read, interrupted lines included', async (t) => {
  const seen = parse(
    [
      '7 openat(AT_FDCWD, "//etc/os-release", O_RDONLY) = 3',
      '7 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>',
      '7 <... clone resumed>) = 8',
      '8 ptrace(PTRACE_SEIZE, 9, NULL, 0) = -1 EPERM (Operation not permitted)',
      '8 kill(9, SIGKILL) = 0',
      '8 execve("/usr/bin/rpm", ["rpm"], 0x0) = 0',
      '8 socket(AF_UNIX, SOCK_STREAM, 0) = 3',
    ].join('\n'),
  )
  t.strictSame([...seen.node], ['openat', 'clone'])
  t.strictSame([...seen.forked], ['ptrace', 'kill', 'execve'])
  t.strictSame([...seen.files], ['/etc/os-release'])
  t.strictSame([...seen.requests], ['PTRACE_SEIZE'])
  t.strictSame([...seen.signals], ['SIGKILL'])
})

t.test(
  'each command asks the kernel for nothing that has no reason',
  needs.all(needs.root(), needs.program('strace')),
  async (t) => {
    const recorded = record()
    t.strictSame(unknown(recorded), { calls: [], signals: [], requests: [], files: [] })
    const security = readFileSync(join(root, 'SECURITY.md'), 'utf8')
    for (const command of commandNames) {
      for (const call of recorded[command]?.forked ?? []) {
        const row = security.split('\n').find((line) => line.startsWith(`| \`${call}\` |`)) ?? ''
        t.match(
          row,
          new RegExp(`\\b(${command}|all)\\b`),
          `${command}: ${call} (npm run docs:calls)`,
        )
      }
    }
  },
)
