/**
 * Trees of sysctl.d(5), made up from a seed. Every value ends with a mark of its own, which the
 * kernel does not look at, so that each reader of the tree can be asked which line it took.
 */

import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Numbers in 0..1 from a seed, the same on every machine (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What the kernel makes of a value: the scope, or null where it answers `EINVAL`. */
export const values: readonly (readonly [text: string, scope: number | null])[] = [
  ['0', 0],
  ['1', 1],
  ['2', 2],
  ['3', 3],
  ['0x1', 1],
  ['02', 2],
  ['-0', 0],
  ['9', null],
  ['-1', null],
  ['"2"', null],
  ['', null],
  ['+1', null],
  ['1,5', null],
  ['one', null],
  ['4294967297', null],
]

const directories = ['etc', 'run', 'usr/local/lib', 'usr/lib'].map((each) => `${each}/sysctl.d`)

const names = [
  ...['10-a.conf', '10-b.conf', '50-m.conf', '99-z.conf', 'a.conf', 'B.conf', 'zz.conf'],
  ...['.hidden.conf', '.conf', 'x.conf~', 'x.conf.bak', 'x.CONF', 'README', '10-a.conf.conf'],
  ...['with blank.conf', 'b\u00e4r.conf', '\u00ff.conf', '10-\n.conf', '*.conf', '9.conf'],
]

const keys = [
  ...Array(6).fill('kernel.yama.ptrace_scope'),
  ...['kernel/yama/ptrace_scope', '/kernel/yama/ptrace_scope', 'kernel//yama/./ptrace_scope'],
  ...['kernel..yama.ptrace_scope', 'kernel.yama/ptrace_scope', 'kernel/yama.ptrace_scope'],
  ...[
    'kernel/yama/ptrace_scope/',
    'kernel/../kernel/yama/ptrace_scope',
    '.kernel.yama.ptrace_scope',
  ],
  ...['kernel.yama.ptrace_scope2', 'kernel.yama', 'kernel.pid_max', 'KERNEL.yama.ptrace_scope'],
]

const patterns = [
  ...['kernel/yama/*', 'kernel.yama.*', 'kernel.yama.ptrace_scop?', 'kernel.*.ptrace_scope'],
  ...['*/*/*', '*.yama.ptrace_scope', 'kernel.yama.[o-q]trace_scope', 'kernel.yama.p*e_*e'],
  ...['kernel.yama.[!x]*', 'kernel.yama.[^p]*', 'kernel/yama/{ptrace,x}_scop?', 'net.*', '*'],
  ...['kernel/*', '*/*', 'kernel.yama.ptrace_scope*', 'kernel.yama.ptrace_scope?', 'ke*.yama.*'],
  ...['kernel/yama/[[:alpha:]]*', 'kernel/yama/[[:digit:]]*', 'kernel/yama/ptrace[_]scope'],
  ...['kernel/yama/ptrace\\_scop?', 'kernel/yam[a/ptrace_scop?', 'kernel/[/]*/ptrace_scope'],
  ...['kernel/{yama,x/*/ptrace_scope', 'kernel/{yama/,y}/*', '{a,kernel}/yama/*', 'kernel.yama.**'],
  ...['kernel/yama/[]p]*', 'kernel/yama/[p-]*', 'kernel/yama/[z-a]*', 'kernel/yama/[\\p]trace*'],
]

const noise = [
  ...[
    '',
    '# kernel.yama.ptrace_scope = 1',
    '; kernel.yama.ptrace_scope = 2',
    '   ',
    'net.core = 1',
  ],
  ...[
    'kernel.yama.ptrace_scope 1',
    'kernel.yama.ptrace_scope',
    '=',
    '= 1',
    '-',
    '-=1',
    '\u00ff\u00fe',
  ],
]

const ends = ['\n', '\n', '\n', '\r\n', '\r', '\0', '\n\r', '\r\n\0', '\n\n']

/** A tree below a directory, and the scope that each mark stands for. */
export interface Tree {
  readonly marks: ReadonlyMap<string, { readonly path: string; readonly scope: number | null }>
  /** Whether a file without marks says something, too. */
  readonly isMarked: boolean
}

/** For whom a tree is made. */
export interface Growth {
  readonly reader?: 'systemd-sysctl' | 'procps'
}

/** Makes a tree below `root`, which must be there. Paths are bytes in Latin-1. */
export function grow(root: string, seed: number, { reader = 'systemd-sysctl' }: Growth = {}): Tree {
  const isProcps = reader === 'procps'
  const next = random(seed)
  const chance = (share: number): boolean => next() < share
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T
  const host = (path: string): Buffer => Buffer.from(`${root}/${path}`, 'latin1')
  const marks = new Map<string, { path: string; scope: number | null }>()
  const isMarked = chance(0.8)

  const line = (path: string): string => {
    if (chance(0.25)) return pick(noise)
    const key = chance(0.35) ? pick(patterns) : pick(keys)
    const minus = chance(0.15) ? pick(['-', '- ', '--', ' -']) : ''
    if (minus !== '' && chance(0.5)) return minus + key
    const [text, scope] = chance(0.75)
      ? (values[Math.floor(next() * 4)] ?? pick(values))
      : pick(values)
    const equals = pick([' = ', '=', ' =', '\t=\t', ' == '])
    if (!isMarked || text === '') return minus + key + equals + text
    const mark = `#${marks.size}`
    marks.set(mark, { path, scope: equals === ' == ' ? null : scope })
    return `${pick(['', '', ' '])}${minus}${key}${equals}${text} ${mark}`
  }

  const text = (path: string): string => {
    const lines = Array.from({ length: 1 + Math.floor(next() * 5) }, () => line(path))
    if (chance(0.02)) {
      // The longest line that is read, and the shortest that is not.
      const length = pick([2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 2 ** 21])
      lines.splice(Math.floor(next() * lines.length), 0, `#${'x'.repeat(length - 1)}`)
    }
    const end = pick(ends)
    const body = lines.map((each) => each + (chance(0.9) ? end : pick(ends))).join('')
    return chance(0.2) ? body.replace(/[\n\r\0]+$/, '') : body
  }

  const file = (path: string): void => writeFileSync(host(path), text(path), 'latin1')

  const link = (path: string): string => {
    const name = pick(names)
    return pick([
      '/dev/null',
      '/dev/null',
      '../../../../dev/null',
      name,
      `../../${pick(directories)}/${name}`,
      `/${pick(directories)}/${name}`,
      `../../../../../../${pick(directories)}/${name}`,
      path.split('/').at(-1) ?? '',
      '../sysctl.conf',
      '/etc/sysctl.conf',
      'nowhere',
      '/etc',
      '..',
      `/proc/sys/kernel/yama/ptrace_scope`,
    ])
  }

  const entry = (path: string): void => {
    const kind = next()
    if (kind < 0.66) file(path)
    else if (kind < 0.72) writeFileSync(host(path), '')
    else if (kind < 0.92) symlinkSync(Buffer.from(link(path), 'latin1'), host(path))
    else if (kind < 0.96) mkdirSync(host(path))
    else {
      file(path)
      chmodSync(host(path), pick([0o000, 0o200, 0o600, 0o777]))
    }
  }

  if (isProcps) {
    // Without systemd, and with a script that starts the other.
    mkdirSync(host('etc/init.d'), { recursive: true })
    writeFileSync(host('etc/init.d/procps'), '')
  }
  const present = directories.filter((directory) => {
    mkdirSync(host(dirname(directory)), { recursive: true })
    const kind = next()
    if (kind < 0.06) return false
    if (kind > 0.96) {
      const target = pick([`/${pick(directories)}`, 'sysctl.d', '/nowhere', '../etc/sysctl.d', '.'])
      symlinkSync(target, host(directory))
      return false
    }
    if (kind > 0.95) writeFileSync(host(directory), 'kernel.yama.ptrace_scope = 1\n')
    else mkdirSync(host(directory))
    return kind <= 0.95
  })
  for (const directory of present) {
    const taken = new Set<string>()
    for (let count = Math.floor(next() * 5); count > 0; count -= 1) taken.add(pick(names))
    for (const name of taken) entry(`${directory}/${name}`)
  }
  if (chance(0.5)) file('etc/sysctl.conf')
  if (chance(0.1)) {
    // A chain of as many links as the kernel follows, or one more.
    const length = pick([39, 40, 41])
    for (let i = 0; i < length; i += 1) symlinkSync(`link${i + 1}`, host(`etc/link${i}`))
    file(`etc/link${length}`)
    if (present.includes('etc/sysctl.d')) {
      symlinkSync('../link0', host('etc/sysctl.d/chain.conf'))
    }
  }
  return { marks, isMarked }
}
