import { mkdirSync, symlinkSync } from 'node:fs'
import t from 'tap'
import { groupOf, readFacts, readPlace, readSeccomp, readYama } from '../../lib/machine/facts.js'

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
      emulator: null,
      denyPtrace: null,
      namespaceLimits: [],
    },
    caller: {
      userNamespace: 'child',
      seccomp: 'filter',
      noNewPrivs: true,
      label: 'docker-default (enforce)',
      tracerPid: 42,
    },
    declared: { value: 2, source: '/proc/sys/kernel/yama/ptrace_scope' },
    yama: true,
  })
})

t.test('what cannot be read is null, never a guess', async (t) => {
  t.strictSame(readFacts(t.testdir({})), {
    host: {
      os: { id: null, version: null },
      lsm: null,
      container: null,
      emulator: null,
      denyPtrace: null,
      namespaceLimits: [],
    },
    caller: { userNamespace: null, seccomp: null, noNewPrivs: null, label: null, tracerPid: null },
    declared: { value: null, source: '/proc/sys/kernel/yama/ptrace_scope' },
    yama: null,
  })
})

t.test('an emulator does not know every name of the program that it shows', async (t) => {
  const machine = (real: string) => {
    const root = t.testdir({
      proc: {
        self: { status: 'Name:\tnode\nTracerPid:\t7\n' },
        'thread-self': { status: 'Name:\tproot\nTracerPid:\t0\n' },
      },
    })
    symlinkSync('/usr/bin/node', `${root}/proc/self/exe`)
    symlinkSync(real, `${root}/proc/thread-self/exe`)
    return readFacts(root)
  }
  t.match(machine('/usr/bin/qemu-aarch64-static').host, { emulator: 'qemu-aarch64-static' })
  t.equal(machine('/usr/bin/proot').caller.tracerPid, 7, 'whose files are its own')
  t.match(machine('/usr/bin/node'), { host: { emulator: null }, caller: { tracerPid: 0 } })
})

t.test('SELinux’s boolean deny_ptrace is read where the kernel shows it', async (t) => {
  const shown = (deny_ptrace: string) =>
    readFacts(t.testdir({ sys: { fs: { selinux: { booleans: { deny_ptrace } } } } })).host
  t.equal(shown('1 1').denyPtrace, true)
  t.equal(shown('0 1').denyPtrace, false, 'what is pending does not count yet')
  t.equal(shown('').denyPtrace, null)
})

t.test('the sysctls that forbid user namespaces are named', async (t) => {
  const root = t.testdir({
    proc: {
      sys: {
        kernel: { unprivileged_userns_clone: '1\n', apparmor_restrict_unprivileged_userns: '1\n' },
        user: { max_user_namespaces: '0\n' },
      },
    },
  })
  t.strictSame(readFacts(root).host.namespaceLimits, [
    'user.max_user_namespaces = 0',
    'kernel.apparmor_restrict_unprivileged_userns = 1',
  ])
})

t.test('whether there is Yama is told by its file, else by the list of modules', async (t) => {
  const kernel = { osrelease: '6.1.0\n' }
  const listed = (lsm: string) => ({ sys: { kernel: { security: { lsm } } } })
  t.equal(readYama(t.testdir({ proc: { sys: { kernel } } })), false, 'there is no file')
  t.equal(readYama(t.testdir({ proc: {}, ...listed('capability,yama') })), true)
  t.equal(readYama(t.testdir({ proc: {}, ...listed('capability,apparmor') })), false)
  t.equal(readYama(t.testdir({ proc: {} })), null, '/proc shows processes only')
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

const status = (fields: string) => ({
  proc: { 'thread-self': { status: `Name:\tnode\n${fields}` } },
})

t.test('a process with no_new_privs, or without CAP_SYS_PTRACE to gain, is sealed', async (t) => {
  const sealed = (fields: string) => readPlace(t.testdir(status(fields))).sealed
  t.equal(sealed('NoNewPrivs:\t1\nCapBnd:\t000001ffffffffff\n'), true)
  t.equal(sealed('NoNewPrivs:\t0\nCapBnd:\t000001fffff7ffff\n'), true)
  t.equal(sealed('NoNewPrivs:\t0\nCapBnd:\t000001ffffffffff\n'), false)
})

t.test('whether a seccomp filter answers is read of this thread', async (t) => {
  t.equal(readSeccomp(t.testdir(status('Seccomp:\t2\n'))), 'filter')
  t.equal(readSeccomp(t.testdir({})), null)
})

t.test('a group is named to those who belong to it', async (t) => {
  const root = t.testdir({
    etc: {
      passwd: 'ada:x:1000:1000::/:/bin/sh\nbob:x:1001:50::/:/bin/sh\n',
      group: 'ada:x:1000:\nstaff:x:50:eve,ada\nodd name:x:60:ada\n',
    },
  })
  t.equal(groupOf(1000, 50, root), 'staff', 'as a member')
  t.equal(groupOf(1001, 50, root), 'staff', 'as its first group')
  t.equal(groupOf(1001, 1000, root), null)
  t.equal(groupOf(1000, 60, root), null, 'what a shell would take for more than a name')
  t.equal(groupOf(1002, 50, root), null)
  t.equal(groupOf(1000, 50, t.testdir({})), null)
})

t.test('user namespaces are for ordinary users where nothing switches them off', async (t) => {
  const namespaces = (fields: string, sys: object) => {
    const proc = { ...status(fields).proc, sys }
    return readPlace(t.testdir({ proc } as never)).namespaces
  }
  const free = 'Seccomp:\t0\n'
  t.equal(namespaces(free, {}), true)
  t.equal(namespaces('Seccomp:\t2\n', {}), false, 'a filter may refuse them')
  t.equal(namespaces(free, { user: { max_user_namespaces: '0\n' } }), false)
  t.equal(namespaces(free, { kernel: { unprivileged_userns_clone: '0\n' } }), false)
  const apparmor = { apparmor_restrict_unprivileged_userns: '1\n' }
  t.equal(namespaces(free, { kernel: apparmor }), false)
})
