// npm run docs:calls: records with strace(1) every system call, file, signal and request of ptrace(2) of
// each command, and writes the tables in SECURITY.md. The reasons are in calls-table.mjs.
//
// What an empty script of this Node asks for, too, does not count, unless a process asks for it that the
// addon has forked. Where strace traces a target no tracer of ours can, so that what follows a grant by
// ptrace(2) is not seen: PTRACE_CONT and PTRACE_DETACH.

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { callReasons, fileReasons, requestReasons, signalReasons } from './calls-table.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bin = join(root, 'dist/bin.cjs')
const security = join(root, 'SECURITY.md')

/**
 * The runs of each command, in this order. PID is a process, FILE a name that nothing has, ENVELOPE what
 * collect wrote. Root can do them all.
 */
const runs = {
  report: [[], ['--as-user', 'nobody'], ['--quiet-kernel'], ['--output', 'FILE']],
  check: [['PID'], ['PID', '--tracer', 'stranger'], ['PID', '--tracer', 'user:nobody']],
  survey: [[]],
  settings: [[]],
  assert: [['--policy', 'stig']],
  tools: [[]],
  require: [['child']],
  collect: [['--policy', 'stig', '--output', 'ENVELOPE']],
  merge: [['ENVELOPE']],
  diff: [['ENVELOPE', 'ENVELOPE']],
}

/** Every command. */
export const commandNames = Object.keys(runs)

/** The kinds of files, by what their paths look like. The first that fits counts. */
const kinds = [
  ['the package', (path) => path.startsWith(root)],
  ['/proc/self, /proc/thread-self', /^\/proc\/(thread-)?self(\/|$)/],
  ['/proc/PID', /^\/proc(\/\d+(\/|$)|$)/],
  ['sysctl.d', /sysctl/],
  [
    '/proc/sys, /proc/cmdline, /proc/version',
    /^\/proc\/(sys\/(kernel|user)(\/|$)|cmdline$|version$)/,
  ],
  [
    '/sys/kernel/security, /sys/fs/selinux',
    /^\/(sys\/(kernel\/security|fs\/selinux)|etc\/selinux|var\/lib\/selinux)(\/|$)/,
  ],
  ['/etc/os-release, /usr/lib/os-release', /\/os-release$/],
  [
    '/run/systemd, /run/.containerenv, /.dockerenv',
    /^\/(run\/(systemd|\.containerenv)|\.dockerenv)/,
  ],
  [
    'init systems',
    /^\/(etc\/(init|runlevels|systemd|rc)|usr\/lib\/systemd|lib\/systemd|usr\/sbin\/init$|sbin|run\/initramfs|bin\/busybox)/,
  ],
  [
    'package databases',
    /^\/((var\/lib|usr\/share|usr\/lib(\/sysimage)?)\/(dpkg|rpm|apk|pacman)|lib\/apk|var\/lib\/pacman)/,
  ],
  [
    'users',
    /^\/(etc\/(passwd|group|nsswitch\.conf|login\.defs|host|resolv|gai)|var\/run\/nscd|run\/nscd|etc\/ld\.so)|\/libnss|\/lib[a-z_]+\.so/,
  ],
  ['/dev/null', /^\/dev\/null$/],
  ['libc', /^\/proc\/sys\/vm\/overcommit_memory$/],
  ['time zone', /^\/(etc\/localtime|usr\/share\/zoneinfo)/],
  [
    'tools',
    (path) =>
      /^\/(usr|bin|lib|opt|snap|etc\/alternatives)/.test(path) ||
      (process.env.PATH ?? '').split(':').some((directory) => path.startsWith(directory)),
  ],
]

/** Calls whose first string is a path. */
const pathCalls =
  /^(open|openat|openat2|stat|lstat|statx|newfstatat|access|faccessat2?|readlink|readlinkat|getxattr|statfs|mkdir|rename|unlink|rmdir)$/

/** One traced run: what each process asked for. */
function trace(args, directory) {
  const log = join(directory, 'log')
  const { status, signal, stderr } = spawnSync(
    'strace',
    ['-f', '-qq', '-s', '4096', '-o', log, process.execPath, ...args],
    { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', cwd: directory },
  )
  if (signal !== null || status === 2)
    throw new Error(`strace ${args.join(' ')}: ${status ?? signal} ${stderr}`)
  return parse(readFileSync(log, 'utf8'))
}

/** @param {string} text what strace wrote */
export function parse(text) {
  const seen = {
    node: new Set(),
    forked: new Set(),
    files: new Set(),
    signals: new Set(),
    requests: new Set(),
  }
  const ours = new Set()
  const strangers = new Set()
  for (const line of text.split('\n')) {
    const [, pid, call, rest] = /^(\d+) +(?:<\.\.\. )?([a-z]\w*)(.*)$/.exec(line) ?? []
    if (pid === undefined || strangers.has(pid)) continue
    // A fork is clone(2) here; the threads of Node are made by clone3(2), or with CLONE_VM.
    const child = /= (\d+)$/.exec(rest)?.[1]
    if (call === 'clone' && child !== undefined && !rest.includes('CLONE_VM')) ours.add(child)
    seen[ours.has(pid) ? 'forked' : 'node'].add(call)
    // What is another program now asks for itself.
    if (call === 'execve' && ours.has(pid)) strangers.add(pid)
    const path = pathCalls.test(call) ? /"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] : undefined
    if (path?.startsWith('/')) seen.files.add(path.replace(/\/+/g, '/'))
    if (call === 'kill' || call === 'pidfd_send_signal')
      seen.signals.add(/, (SIG\w+|0)\b/.exec(rest)?.[1])
    if (call === 'ptrace') seen.requests.add(/^\((PTRACE_\w+)/.exec(rest)?.[1])
  }
  for (const set of [seen.signals, seen.requests]) set.delete(undefined)
  return seen
}

/** Everything that each command asked for beyond an empty script, by command. */
export function record() {
  const directory = mkdtempSync(join(tmpdir(), 'ptrace-probe-calls-'))
  const target = spawn('sleep', ['1000'], { stdio: 'ignore' })
  try {
    const empty = join(directory, 'empty.cjs')
    writeFileSync(empty, '')
    const base = trace([empty], directory)
    const isOwn = (path) => path.startsWith(directory)
    return Object.fromEntries(
      Object.entries(runs).map(([command, variants]) => {
        const found = variants.map((args) => {
          const words = args.map(
            (word) =>
              ({
                PID: String(target.pid),
                FILE: join(directory, 'out'),
                ENVELOPE: join(directory, 'envelope'),
              })[word] ?? word,
          )
          return trace([bin, command, ...words], directory)
        })
        const all = (part) => new Set(found.flatMap((each) => [...each[part]]))
        const files = [...all('files')].filter((path) => !base.files.has(path) && !isOwn(path))
        return [
          command,
          {
            calls: [...all('node')].filter((call) => !base.node.has(call)),
            forked: [...all('forked')],
            signals: [...all('signals')],
            requests: [...all('requests')],
            files: withoutParents(files),
          },
        ]
      }),
    )
  } finally {
    target.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  }
}

/** A directory is looked at on the way to what is in it. */
function withoutParents(files) {
  const parents = new Set()
  for (const path of files) {
    for (let at = dirname(path); at !== dirname(at); at = dirname(at)) parents.add(at)
  }
  return files.filter((path) => path !== '/' && !parents.has(path))
}

/** The kind of a file; null: none that is known. */
export function kindOf(path) {
  const found = kinds.find(([, fits]) =>
    typeof fits === 'function' ? fits(path) : fits.test(path),
  )
  return found?.[0] ?? null
}

/** By table, what of a recording it does not know. */
export function unknown(recorded) {
  const missing = (part, known) => [
    ...new Set(
      Object.values(recorded).flatMap((each) => each[part].filter((word) => !known(word))),
    ),
  ]
  return {
    calls: [
      ...missing('calls', (call) => call in callReasons),
      ...missing('forked', (call) => call in callReasons),
    ],
    signals: missing('signals', (signal) => signal in signalReasons),
    requests: missing('requests', (request) => request in requestReasons),
    files: missing('files', (path) => kindOf(path) !== null),
  }
}

/** The tables of SECURITY.md, by name. */
function tablesOf(recorded) {
  const commandsOf = (fits) =>
    commandNames
      .filter((command) => fits(recorded[command]))
      .join(', ')
      .replace(commandNames.join(', '), 'all')
  const rows = (reasons, fits, quoted = true) =>
    Object.entries(reasons)
      .map(([word, why]) => [quoted ? `\`${word}\`` : word, why, commandsOf(fits(word))])
      .filter(([, , commands]) => commands !== '')
  return {
    calls: [
      ['System call', 'Why', 'Commands'],
      ...rows(callReasons, (call) => (each) => [...each.calls, ...each.forked].includes(call)),
    ],
    files: [
      ['Files', 'Why', 'Commands'],
      ...rows(
        fileReasons,
        (kind) => (each) => each.files.some((path) => kindOf(path) === kind),
        false,
      ),
    ],
    signals: [
      ['Signal', 'Why'],
      ...Object.entries(signalReasons).map(([word, why]) => [`\`${word}\``, why]),
    ],
    requests: [
      ['Request', 'Why'],
      ...Object.entries(requestReasons).map(([word, why]) => [`\`${word}\``, why]),
    ],
  }
}

function textOf([head, ...body]) {
  const line = (cells) => `| ${cells.join(' | ')} |\n`
  return [line(head), `|${'---|'.repeat(head.length)}\n`, ...body.map(line)].join('')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const recorded = record()
  const missing = Object.entries(unknown(recorded)).filter(([, words]) => words.length > 0)
  for (const [table, words] of missing)
    console.error(`${table} without a reason: ${words.join(' ')}`)
  if (missing.length > 0) process.exit(1)
  const tables = tablesOf(recorded)
  writeFileSync(
    security,
    readFileSync(security, 'utf8').replace(
      /(<!-- table of (\w+): npm run docs:calls -->\n).*?(<!-- end of table -->)/gs,
      (_, start, name, end) => `${start}\n${textOf(tables[name])}\n${end}`,
    ),
  )
}
