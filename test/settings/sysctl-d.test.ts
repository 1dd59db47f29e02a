import t from 'tap'
import { globNames, globPath, matchName } from '../../lib/settings/sysctl-d/glob.js'
import {
  busyboxGrammar,
  procpsGrammar,
  scopeKey,
  systemdGrammar,
} from '../../lib/settings/sysctl-d/grammars.js'
import { cutLines, getlineCut, systemdCut } from '../../lib/settings/sysctl-d/lines.js'
import { writtenScope } from '../../lib/settings/sysctl-d/value.js'

// Seen on Linux 5.10, 6.1 and 7.3: these, and each byte before and after a digit.
for (const [text, scope] of [
  ...['0', '-0', '00', '0x0', '-0x0', '0'.repeat(20)].map((zero) => [zero, 0] as const),
  ...['1', '01', '0X1', '1 2', '1\t', '1 # why', '\v1', '\u00a01'].map((one) => [one, 1] as const),
  ...['2', `${' '.repeat(4000)}2`, `2${' '.repeat(5000)}x`].map((two) => [two, 2] as const),
  ...['3', '0x3', `0x${'0'.repeat(17)}3`].map((three) => [three, 3] as const),
  ...['', '4', '-1', '+1', '08', '010', '0x', '1.0', '1,2', '1#', '"1"', 'one', '- 1'].map(
    (text) => [text, null] as const,
  ),
  ...['1\v', '1\u00a0', '\u00c2\u00a01', '4294967297', '0'.repeat(21), `${' '.repeat(4095)}2`].map(
    (text) => [text, null] as const,
  ),
] as const) {
  t.test(
    `the kernel makes ${scope ?? 'EINVAL'} of ${JSON.stringify(text.slice(0, 30))}`,
    async (t) => {
      t.equal(writtenScope(text), scope)
    },
  )
}

t.test('systemd ends a line at LF, CR, NUL and each combination of different ones', async (t) => {
  const numbers = (text: string, size = 3) => {
    const pieces: Buffer[] = []
    for (let at = 0; at < text.length; at += size)
      pieces.push(Buffer.from(text.slice(at, at + size)))
    return [...cutLines(pieces, systemdCut)].map(({ number, text }) => `${number}${text}`)
  }
  for (const size of [1, 2, 100]) {
    t.same(numbers('a\nb\r\nc\n\nd\re\0f\n\rg', size), ['1a', '2b', '3c', '5d', '6e', '7f', '8g'])
    t.same(numbers('\0\0a\r\n\0b\n\0\0c', size), ['3a', '4b', '6c'])
    t.same(numbers('', size), [])
  }
})

t.test('a line that is too long ends the reading of systemd, but not of getline(3)', async (t) => {
  const cut = (length: number, rule: typeof systemdCut) =>
    [...cutLines([Buffer.from('a\n'), Buffer.alloc(length, 'x'), Buffer.from('\nb\n')], rule)].map(
      ({ text, tooLong }) => tooLong ?? text.length,
    )
  t.same(cut(2 ** 20 - 1, systemdCut), [1, 2 ** 20 - 1, 1])
  t.same(cut(2 ** 20, systemdCut), [1, true])
  t.same(cut(2 ** 20, getlineCut).at(-1), 1)
})

t.test('names match as in fnmatch(3)', async (t) => {
  for (const [pattern, name, expected] of [
    ['p*e', 'ptrace', true],
    ['p*e', 'ptraces', false],
    ['*a*a*', 'banana', true],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[]x]', ']', true],
    ['[x', '[x', true],
    ['[[:digit:]]', '7', true],
    ['[[:nothing:]]', '7', false],
    ['[![:nothing:]]', '7', false],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['?', '', false],
    ['', '', true],
  ] as const) {
    t.equal(matchName(pattern, name), expected, `${pattern} ${name}`)
  }
})

t.test('patterns find paths as glob(3) does', async (t) => {
  const find = (pattern: string, braces = true) => globPath(pattern, scopeKey, braces)
  t.equal(find('kernel/*/ptrace_scope'), scopeKey)
  t.equal(find('kernel/yama/{a,b,ptrace_scop?}'), scopeKey)
  t.equal(find('kernel/yama/{a,b,ptrace_scop?}', false), null)
  t.equal(find('kernel/{yama/,x}/*'), 'kernel/yama//ptrace_scope')
  t.equal(find('{kernel/*/ptrace_scope'), null)
  t.equal(find('*'), null)
  t.equal(find(`${'{a,b}'.repeat(5000)}*`), null, 'and not in years')
  t.same(globNames('*.conf', ['b.conf', '.c.conf', 'a.conf']), ['a.conf', 'b.conf'])
  t.same(globNames('[x].conf', ['[x].conf']), ['[x].conf'])
})

t.test('each reader has a grammar of its own', async (t) => {
  const readers = { systemd: systemdGrammar, procps: procpsGrammar, busybox: busyboxGrammar }
  const seen = (line: string) =>
    Object.values(readers).map(({ parse }) => {
      const parsed = parse(line)
      return parsed === null || 'mistake' in parsed ? '-' : (parsed.value ?? 'excludes')
    })
  for (const [line, ...expected] of [
    ['kernel.yama.ptrace_scope = 1', '1', '1', '1'],
    ['kernel.yama/ptrace_scope = 1', '-', '-', '1'],
    ['kernel..yama.ptrace_scope = 1', '1', '1', '-'],
    ['-kernel.yama.ptrace_scope = 1', '1', '1', '-'],
    ['- kernel.yama.ptrace_scope = 1', '1', '-', '-'],
    ['--kernel.yama.ptrace_scope = 1', '-', '1', '-'],
    ['-kernel.yama.ptrace_scope', 'excludes', 'excludes', '-'],
    ['kernel.yama.* = 1', '1', '1', '-'],
    ['kernel.yama.ptrace_scope 1', '-', '-', '1'],
    ['kernel.yama.ptrace_scope = 1 # why', '1 # why', '1 # why', '1'],
    ['; kernel.yama.ptrace_scope = 1', '-', '-', '-'],
    ['kernel/../kernel/yama/ptrace_scope = 1', '-', '1', '-'],
    ['\vkernel.yama.ptrace_scope = 1', '-', '1', '-'],
  ] as const) {
    t.same(seen(line), expected, line)
  }
})
