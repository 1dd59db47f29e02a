import t from 'tap'
import { globNames, globPath, matchName } from '../../lib/machine/glob.js'
import { scopeKey } from '../../lib/settings/sysctl-d/grammars.js'

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
  const names = ['.c.conf', 'a.conf', 'b.conf']
  t.same(globNames('*.conf', names, 114), { names: ['a.conf', 'b.conf'], comparisons: 6 * 19 })
  t.same(globNames('[x].conf', ['[x].conf'], 64), { names: ['[x].conf'], comparisons: 8 * 8 })
  t.equal(globNames('*.conf', names, 113), null, 'not with more comparisons than it may take')
  t.equal(
    globNames('{a,b}'.repeat(30), names, 1e9),
    null,
    'nor with 2 to the power of 30 alternatives',
  )
})
