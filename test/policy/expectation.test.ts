import t from 'tap'
import {
  contradiction,
  expectationsOf,
  parseRelation,
  parseScopes,
  subjectOf,
} from '../../lib/policy/expectation.js'

t.test('scopes are a number, a list or a comparison', async (t) => {
  for (const [text, scopes] of [
    ['2', [2]],
    ['=2', [2]],
    ['== 2', [2]],
    ['!=2', [0, 1, 3]],
    ['>=1', [1, 2, 3]],
    [' > 1 ', [2, 3]],
    ['<=1', [0, 1]],
    ['<1', [0]],
    ['1,2', [1, 2]],
    ['3, 1', [1, 3]],
  ] as const) {
    t.strictSame(parseScopes(text), scopes, text)
  }
})

t.test('what no scope can be is told with what was wanted', async (t) => {
  for (const text of [
    '',
    '4',
    '-1',
    '>=',
    '>=4',
    '=>1',
    '1..2',
    '1,',
    '1 2',
    'one',
    '>=1,2',
    '１',
  ]) {
    t.match(parseScopes(text), { wanted: /scope/ }, text)
  }
  t.match(parseScopes('>3'), { wanted: /some scope meets/ })
  t.match(parseScopes('<0'), { wanted: /some scope meets/ })
})

t.test('a relation is read in the words of the report', async (t) => {
  for (const [text, subject] of [
    ['sibling=denied', 'unprivileged/sibling'],
    ['sibling+any=allowed', 'unprivileged/sibling+any'],
    ['sibling+none=allowed', 'unprivileged/sibling'],
    ['child/traceme=allowed', 'unprivileged/child/traceme'],
    ['caller/parent+tracer/seize=allowed', 'caller/parent+tracer/seize'],
    ['capable/child=denied', 'capable/child'],
    ['owner/sibling=denied', 'owner/sibling'],
    ['user:alice/orphan+any=denied', 'user:alice/orphan+any'],
  ] as const) {
    const read = parseRelation(text)
    t.ok('asker' in read, text)
    t.equal('asker' in read && subjectOf(read), subject)
  }
})

t.test('a relation that is never tried is told with what was wanted', async (t) => {
  for (const [text, wanted] of [
    ['sibling', /=allowed or =denied/],
    ['sibling=maybe', /=allowed or =denied/],
    ['=denied', /relation .*one of child/],
    ['uncle=denied', /relation .*one of child/],
    ['root/sibling=denied', /relation .*one of child/],
    ['sibling+me=denied', /consent .*one of none/],
    ['sibling/poke=denied', /method .*one of attach/],
    ['sibling/seize/now=denied', /IDENTITY/],
    ['sibling+any+none=denied', /IDENTITY/],
    ['child+any=denied', /tried as unprivileged/],
    ['sibling/traceme=denied', /tried as unprivileged/],
    ['owner/parent=denied', /tried as owner/],
    ['capable/grandchild=denied', /tried as capable/],
  ] as const) {
    t.match(parseRelation(text), { wanted }, text)
  }
})

t.test('expectations that exclude each other are found', async (t) => {
  const clash = (scopes: Parameters<typeof contradiction>[0], ...texts: string[]) =>
    contradiction(scopes, expectationsOf(texts))
  t.match(clash(null, 'sibling=denied', 'sibling=allowed'), /both allowed and denied/)
  t.match(clash([], 'sibling=denied'), /no scope meets all/)
  t.match(clash([0], 'sibling=denied'), /scope 0 and unprivileged\/sibling=denied exclude/)
  t.match(clash([1], 'child=denied'), /exclude/)
  t.match(clash([2, 3], 'child=allowed'), /scope 2 or 3 and/)
  t.match(clash([3], 'capable/child=allowed'), /exclude/)
  t.match(clash(null, 'sibling=allowed', 'child=denied'), /no scope has all of/)
})

t.test('what some machine can meet is no contradiction', async (t) => {
  const clash = (scopes: Parameters<typeof contradiction>[0], ...texts: string[]) =>
    contradiction(scopes, expectationsOf(texts))
  t.equal(clash([1], 'sibling=denied', 'child=allowed', 'sibling+any=allowed'), null)
  t.equal(clash([1, 2, 3], 'child=denied'), null)
  // Another rule may refuse what Yama allows.
  t.equal(clash([0], 'sibling/vm-read=denied', 'caller/child=denied'), null)
  t.equal(clash(null), null)
})
