import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { bytesOf, textOf } from '../../lib/machine/bytes.js'
import { existsIn, listIn, PathError, readIn, resolveIn, statIn } from '../../lib/machine/rootfs.js'
import { needs } from '../helpers/needs.js'

const limit = 1024

/** What stops a call: code and place. */
function stopped(what: () => unknown): { code: string; path: string } {
  try {
    return { code: 'none', path: String(what()) }
  } catch (error) {
    if (!(error instanceof PathError)) throw error
    return { code: error.code, path: error.path }
  }
}

/** A tree inside of a directory that has a secret beside it. */
function machine(t: Test, links: Readonly<Record<string, string>>): string {
  const outside = t.testdir({
    secret: 'outside',
    root: { etc: { 'sysctl.d': { 'a.conf': 'inside' } }, secret: 'inside' },
  })
  const root = join(outside, 'root')
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    symlinkSync(target, join(root, path))
  }
  return root
}

for (const [what, target] of [
  ['climbs', '../../../../../../../../secret'],
  ['is absolute', '/secret'],
  ['climbs from the root', '/../secret'],
] as const) {
  t.test(`a link that ${what} stays inside of the root`, async (t) => {
    const root = machine(t, { 'etc/link': target })
    t.equal(resolveIn(root, '/etc/link'), '/secret')
    t.equal(readIn(root, '/etc/link', limit).toString(), 'inside')
  })
}

t.test('a path that climbs stays inside of the root', async (t) => {
  const root = machine(t, {})
  t.equal(readIn(root, '/../../secret', limit).toString(), 'inside')
  t.equal(resolveIn(root, '/..'), '/')
  t.equal(resolveIn(root, '/etc/../etc//./sysctl.d/'), '/etc/sysctl.d')
})

t.test('a link to a directory is followed on the way', async (t) => {
  const root = machine(t, { lib: 'usr/lib', 'usr/lib/sysctl.d': '/etc/sysctl.d' })
  t.equal(resolveIn(root, '/lib/sysctl.d/a.conf'), '/etc/sysctl.d/a.conf')
  t.strictSame(listIn(root, '/lib/sysctl.d'), ['a.conf'])
})

t.test('`..` after a link climbs from where the link leads to', async (t) => {
  const root = machine(t, { 'a/b/link': '/etc/sysctl.d' })
  t.equal(resolveIn(root, '/a/b/link/..'), '/etc')
})

t.test('a path that ends tells where, and why', async (t) => {
  const root = machine(t, { 'etc/null': '/dev/null', 'etc/loop': 'loop', 'etc/file': '../secret' })
  t.strictSame(
    stopped(() => resolveIn(root, '/etc/null')),
    { code: 'ENOENT', path: '/dev/null' },
  )
  t.strictSame(
    stopped(() => resolveIn(root, '/etc/loop')),
    { code: 'ELOOP', path: '/etc/loop' },
  )
  t.strictSame(
    stopped(() => resolveIn(root, '/etc/file/x')),
    { code: 'ENOTDIR', path: '/secret/x' },
  )
  t.strictSame(
    ['/etc/null', '/etc/loop', '/etc/file/x', '/etc/file'].map((path) => existsIn(root, path)),
    [false, false, false, true],
  )
})

t.test('as many links are followed in a path as by the kernel', async (t) => {
  const chain = (length: number) =>
    Object.fromEntries(
      Array.from({ length }, (_, i) => [`l${i}`, i + 1 < length ? `l${i + 1}` : 'secret']),
    )
  t.equal(resolveIn(machine(t, chain(40)), '/l0'), '/secret')
  t.equal(stopped(() => resolveIn(machine(t, chain(41)), '/l0')).code, 'ELOOP')
})

t.test('nothing but a regular file is opened to be read', async (t) => {
  const root = machine(t, {})
  execFileSync('mkfifo', [join(root, 'fifo')])
  t.strictSame(
    stopped(() => readIn(root, '/fifo', limit)),
    { code: 'EINVAL', path: '/fifo' },
  )
  t.equal(stopped(() => readIn(root, '/etc', limit)).code, 'EINVAL')
  t.ok(statIn(root, '/fifo').isFIFO())
})

t.test('no more is read of a file than was asked for', async (t) => {
  const root = machine(t, {})
  writeFileSync(join(root, 'large'), Buffer.alloc(limit + 1))
  t.equal(stopped(() => readIn(root, '/large', limit)).code, 'EFBIG')
  t.equal(readIn(root, '/large', limit + 1).length, limit + 1)
})

t.test('a file of /proc has content, though its size is 0', async (t) => {
  t.match(readIn('/', '/proc/self/status', 2 ** 20).toString(), /^Name:/)
  t.equal(stopped(() => readIn('/', '/proc/self/status', 10)).code, 'EFBIG')
})

t.test('a name need not be UTF-8', async (t) => {
  const root = machine(t, {})
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0x2e])]), 'odd')
  t.ok(listIn(root, '/').includes('\xff.'))
  t.equal(readIn(root, '/\xff.', limit).toString(), 'odd')
  t.equal(textOf('/\xff.'), '/\ufffd.')
  t.equal(textOf(bytesOf('/ä')), '/ä')
})

t.test('links are followed as after chroot(2)', needs.root(), async (t) => {
  const root = machine(t, {
    lib: 'usr/lib',
    'usr/lib/deep/er': '../../../etc/sysctl.d/..',
    'etc/up': '../../../lib/deep/er/sysctl.d',
    'etc/abs': '//usr/./lib/deep/er/../etc/up',
  })
  const paths = [
    '/lib/deep/er',
    '/etc/up',
    '/etc/abs',
    '/lib/deep/er/../../secret',
    '/etc/up/a.conf',
  ]
  const judge = execFileSync(
    'python3',
    [
      '-c',
      'import os,sys; os.chroot(sys.argv[1]); os.chdir("/"); print("\\n".join(map(os.path.realpath, sys.argv[2:])))',
      root,
      ...paths,
    ],
    { encoding: 'utf8' },
  )
  t.strictSame(
    paths.map((path) => resolveIn(root, path)),
    judge.trim().split('\n'),
  )
})
