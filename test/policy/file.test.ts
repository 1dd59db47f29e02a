import { spawnSync } from 'node:child_process'
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readPolicyFile } from '../../lib/policy/file.js'

/** The sentence about a file of that content. */
function sentence(t: Test, content: string | Buffer): string {
  const path = join(t.testdir({}), 'own.json')
  writeFileSync(path, content)
  return complaint(path)
}

function complaint(path: string): string {
  try {
    readPolicyFile(path)
  } catch (error) {
    const { message, code } = error as Error & { code: string }
    if (code !== 'ERR_INVALID_ARG_VALUE') throw error
    const start = `policy file '${path.replace(/\p{C}/gu, '?')}': `
    if (!message.startsWith(start)) throw new Error(message)
    return message.slice(start.length)
  }
  return ''
}

t.test('a policy is read, and what is left out is filled in', async (t) => {
  const path = join(t.testdir({ 'own.json': '\ufeff{"id":"own","scope":">=1"}\n' }), 'own.json')
  t.strictSame(readPolicyFile(path), {
    origin: `file:${path}`,
    id: 'own',
    title: 'own',
    source: null,
    date: null,
    scope: [1, 2, 3],
    relations: [],
  })
})

for (const [content, expected] of [
  ['', 'line 1, column 1: expected JSON: Unexpected end of JSON input'],
  ['{"id":"own",\n"scope" 1}', 'line 2, column 9: expected JSON: '],
  ['{"id":\n"own"', 'line 2, column 6: expected JSON: '],
  ['[]', 'expected an object, got []'],
  ['null', 'expected an object, got null'],
  ['{"scope":[1]}', '/id: expected the name of the policy'],
  ['{"id":"Own","scope":[1]}', '/id: expected a name of lower-case letters, digits and -, a'],
  ['{"id":7,"scope":[1]}', '/id: expected a name of lower-case letters'],
  ['{"id":"own","scopes":[1]}', '/scopes: expected one of the fields $schema, schemaVersion, id'],
  ['{"id":"own","a/b~\\u001b":1}', '/a~1b~0?: expected one of the fields'],
  ['{"id":"own","__proto__":1}', '/__proto__: expected one of the fields'],
  ['{"id":"own","schemaVersion":2,"scope":[1]}', '/schemaVersion: expected the number 1, got 2'],
  ['{"id":"own","title":"a\\nb","scope":[1]}', '/title: expected one line of text, at most 200'],
  ['{"id":"own","title":null,"scope":[1]}', '/title: expected one line of text'],
  ['{"id":"own","source":"","scope":[1]}', '/source: expected one line of text, at most 500'],
  ['{"id":"own","date":"yesterday","scope":[1]}', '/date: expected a date as YYYY, YYYY-MM or'],
  ['{"id":"own","scope":4}', '/scope: expected a number from 0 to 3, got 4'],
  [
    '{"id":"stig","scope":[1]}',
    '/id: expected a name of your own: this one is that of a policy which is known',
  ],
  ['{"id":"own","scope":[]}', '/scope: expected a scope such as 1, a list of scopes'],
  ['{"id":"own","scope":[1,"2"]}', '/scope/1: expected a number from 0 to 3, got "2"'],
  ['{"id":"own","scope":[1.5]}', '/scope/0: expected a number from 0 to 3, got 1.5'],
  ['{"id":"own","scope":"=>1"}', '/scope: expected a scope from 0 to 3, a list such as 1,2 or'],
  ['{"id":"own","scope":">3"}', '/scope: expected a condition that some scope meets, got ">3"'],
  ['{"id":"own","relations":"x"}', '/relations: expected a list such as ["sibling=denied"], got'],
  ['{"id":"own","relations":[7]}', '/relations/0: expected a text, got 7'],
  ['{"id":"own","relations":["child=denied","x=denied"]}', '/relations/1: expected the relation'],
  ['{"id":"own"}', 'expected scope, relations or both; without them the policy asks for nothing'],
  ['{"id":"own","scope":null,"relations":[]}', 'expected scope, relations or both'],
  ['{"id":"own","scope":[0],"relations":["sibling=denied"]}', 'expected what some machine can'],
  [
    '{"id":"own","relations":["sibling=denied","unprivileged/sibling=allowed"]}',
    'expected what some machine can meet; unprivileged/sibling cannot be both allowed and denied',
  ],
] as const) {
  t.test(`${JSON.stringify(content)} is told in one sentence`, async (t) => {
    const said = sentence(t, content)
    t.ok(said.startsWith(expected), said)
    t.notMatch(said, /\p{C}/u)
  })
}

t.test('what is no JSON text of a policy’s size is told', async (t) => {
  t.equal(sentence(t, Buffer.from([0x7b, 0xff])), 'expected UTF-8')
  t.equal(sentence(t, ' '.repeat(65_537)), 'expected at most 65536 bytes, but it is larger')
  t.match(sentence(t, ' '.repeat(65_536)), /column 65537: expected JSON/)
})

t.test('what is not JSON is told, also where Node does not say the place', async (t) => {
  for (const content of ['nope', '{"id": \u001b}', '[1,]', '{} x', "{'id':1}", '"a\nb"']) {
    t.match(sentence(t, content), /^(line \d+, column \d+: )?expected JSON: \P{C}+$/u, content)
  }
  t.equal(
    sentence(t, `[${'['.repeat(30_000)}${']'.repeat(30_000)}]`).slice(0, 23),
    'expected an object, got',
  )
})

t.test('what is no file is told, and nothing is waited for', async (t) => {
  const directory = t.testdir({})
  const path = (name: string) => join(directory, name)
  t.equal(complaint(path('none')), 'there is no such file')
  t.equal(complaint(path('none/none')), 'there is no such file')
  t.equal(complaint(path('\u001b[2J')), 'there is no such file')
  t.equal(complaint(path('n'.repeat(300))), 'its name is too long')
  t.equal(complaint(directory), 'expected a regular file, but it is a directory')
  spawnSync('mkfifo', [path('fifo')])
  t.equal(complaint(path('fifo')), 'expected a regular file, but it is a FIFO')
  t.equal(complaint('/dev/zero'), 'expected a regular file, but it is a device')
  symlinkSync('loop', path('loop'))
  t.equal(complaint(path('loop')), 'its links lead in a circle')
  // The path of a socket has room for 107 bytes (unix(7)).
  const socket = join(tmpdir(), `ptrace-probe-${process.pid}.socket`)
  const server = createServer().listen(socket)
  t.teardown(() => server.close())
  await new Promise((done) => server.once('listening', done))
  t.equal(complaint(socket), 'expected a regular file, but it is a socket')
})

t.test('a file that may not be read is told', async (t) => {
  const path = join(t.testdir({ 'own.json': '{}' }), 'own.json')
  chmodSync(path, 0)
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(65_534)
  try {
    t.equal(complaint(path), 'this user may not read it')
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
})
