import { mkdirSync, symlinkSync } from 'node:fs'
import t from 'tap'
import { readFacts } from '../../lib/machine/facts.js'

/** A machine of files: what a Debian container with a filter shows of itself. */
const debian = {
  etc: { 'os-release': 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\nVERSION_ID="12"\n' },
  proc: {
    self: { ns: {}, attr: { current: 'docker-default (enforce)\n' }, cgroup: '0::/\n' },
    'thread-self': {
      status: 'Name:\tnode\nTracerPid:\t42\nSeccomp:\t2\nNoNewPrivs:\t1\n',
      attr: { current: 'docker-default (enforce)\n' },
    },
    sys: { kernel: { yama: { ptrace_scope: '2\n' } } },
  },
  sys: { kernel: { security: { lsm: 'capability,yama,apparmor\n' } } },
  run: {},
}

t.test('a machine is read below the root that is given', async (t) => {
  const root = t.testdir(debian)
  symlinkSync('user:[4026532281]', `${root}/proc/self/ns/user`)
  t.strictSame(readFacts(root), {
    host: {
      os: { id: 'debian', version: '12' },
      lsm: ['capability', 'yama', 'apparmor'],
      container: null,
    },
    caller: {
      userNamespace: 'child',
      seccomp: 'filter',
      noNewPrivs: true,
      label: 'docker-default (enforce)',
      tracerPid: 42,
    },
    declared: { value: 2, source: '/proc/sys/kernel/yama/ptrace_scope' },
  })
})

t.test('what cannot be read is null, never a guess', async (t) => {
  t.strictSame(readFacts(t.testdir({})), {
    host: { os: { id: null, version: null }, lsm: null, container: null },
    caller: { userNamespace: null, seccomp: null, noNewPrivs: null, label: null, tracerPid: null },
    declared: { value: null, source: '/proc/sys/kernel/yama/ptrace_scope' },
  })
})

t.test('the initial user namespace is known by its inode', async (t) => {
  const root = t.testdir({ proc: { self: { ns: {} } } })
  symlinkSync('user:[4026531837]', `${root}/proc/self/ns/user`)
  t.equal(readFacts(root).caller.userNamespace, 'initial')
})

for (const [raw, value] of [
  ['0\n', 0],
  ['3\n', 3],
  ['4\n', null],
  ['-1\n', null],
  ['', null],
] as const) {
  t.test(`a declared scope of ${JSON.stringify(raw)} is ${value}`, async (t) => {
    const root = t.testdir({ proc: { sys: { kernel: { yama: { ptrace_scope: raw } } } } })
    t.equal(readFacts(root).declared.value, value)
  })
}

for (const [sign, files, runtime] of [
  ['systemd', { run: { systemd: { container: 'systemd-nspawn\n' } } }, 'systemd-nspawn'],
  ['podman', { run: { '.containerenv': 'engine="podman-4.3.1"\nname="x"\n' } }, 'podman'],
  ['podman without details', { run: { '.containerenv': '' } }, 'podman'],
  ['docker', { '.dockerenv': '' }, 'docker'],
  ['a pod', { proc: { self: { cgroup: '0::/kubepods.slice/pod1\n' } } }, 'kubepods'],
] as const) {
  const machine = (uts: string) => {
    const root = t.testdir(files)
    mkdirSync(`${root}/proc/self/ns`, { recursive: true })
    symlinkSync('pid:[4026531836]', `${root}/proc/self/ns/pid`)
    symlinkSync(uts, `${root}/proc/self/ns/uts`)
    return root
  }
  t.test(`a container is recognised by the sign of ${sign} and a namespace`, async (t) => {
    t.equal(readFacts(machine('uts:[4026532281]')).host.container, runtime)
  })
  t.test(`the sign of ${sign} alone makes no container`, async (t) => {
    t.equal(readFacts(machine('uts:[4026531838]')).host.container, null)
  })
}
