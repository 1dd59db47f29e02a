import t, { type Test } from 'tap'
import { readStandIn } from '../../lib/machine/stand-in.js'

const link = (t: Test, to: string) => t.fixture('symlink', to)

t.test(
  'a process that is not traced, on a kernel of Linux, has nothing in its place',
  async (t) => {
    const root = t.testdir({
      proc: {
        self: { status: 'Name:\tnode\nTracerPid:\t0\n', exe: link(t, '/usr/bin/node') },
        'thread-self': { exe: link(t, '/usr/bin/node') },
        version: 'Linux version 6.1.0-56-amd64 (debian-kernel@lists.debian.org)\n',
      },
    })
    t.equal(readStandIn(root), null)
    t.equal(readStandIn(t.testdir({})), null)
  },
)

t.test('a tracer may change every answer, and is named', async (t) => {
  const self = { status: 'TracerPid:\t12\n' }
  const seen = t.testdir({ proc: { self, 12: { comm: 'proot\n' } } })
  t.strictSame(readStandIn(seen), { kind: 'tracer', name: 'proot', pid: 12 })
  const unseen = readStandIn(t.testdir({ proc: { self } }))
  t.strictSame(unseen, { kind: 'tracer', name: 'a process that cannot be seen', pid: 12 })
})

t.test('qemu-user is the program of the thread, and not that of the process', async (t) => {
  const standIn = (own: string) =>
    readStandIn(
      t.testdir({
        proc: {
          self: { exe: link(t, own) },
          'thread-self': { exe: link(t, '/usr/bin/qemu-aarch64-static') },
        },
      }),
    )
  t.strictSame(standIn('/usr/bin/node'), { kind: 'interpreter', name: 'qemu-aarch64-static' })
  t.equal(standIn('/usr/bin/qemu-aarch64-static'), null, 'qemu itself was asked')
})

t.test('gVisor is known by the version that it claims', async (t) => {
  const version = 'Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016\n'
  t.strictSame(readStandIn(t.testdir({ proc: { version } })), { kind: 'kernel', name: 'gVisor' })
})
