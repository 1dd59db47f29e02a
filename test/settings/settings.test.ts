import { execFileSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { render } from '../../lib/format/settings.js'
import { denyPtraceRemedies } from '../../lib/settings/deny-ptrace.js'
import { settings } from '../../lib/settings/settings.js'
import { images, running, type System, system } from '../helpers/systems.js'

const line = (value: number | string) => `kernel.yama.ptrace_scope = ${value}\n`
/** Assignments as `FILE:LINE`, the one that counts marked. */
const places = (assignments: readonly { file: string; line: number; effective: boolean }[]) =>
  assignments.map((each) => `${each.effective ? '> ' : ''}${each.file}:${each.line}`)

t.test('the last file by name wins, wherever it is', async (t) => {
  const root = system(t, images.debian, {
    'etc/sysctl.d/10-a.conf': line(1),
    'usr/lib/sysctl.d/50-b.conf': `# comment\n\n${line(2)}`,
    'usr/local/lib/sysctl.d/20-c.conf': line(3),
  })
  const { persistent, afterReboot, assignments, reader } = await settings({ root })
  t.match(persistent, { value: 2, file: '/usr/lib/sysctl.d/50-b.conf', line: 3 })
  t.equal(afterReboot, 2)
  t.equal(reader.evidence, '/usr/lib/systemd/systemd-sysctl')
  t.same(places(assignments), [
    '/etc/sysctl.d/10-a.conf:1',
    '/usr/local/lib/sysctl.d/20-c.conf:1',
    '> /usr/lib/sysctl.d/50-b.conf:3',
  ])
  t.same(
    assignments.map(({ overriddenBy }) => overriddenBy),
    ['/usr/local/lib/sysctl.d/20-c.conf:1', '/usr/lib/sysctl.d/50-b.conf:3', null],
  )
})

t.test(
  'a file hides those of its name in later directories, even if it says nothing',
  async (t) => {
    for (const mask of ['', '-> /dev/null', '-> /nowhere', '-> 10-a.conf', 'dir']) {
      const root = system(t, images.debian, {
        'etc/sysctl.d/10-a.conf': mask,
        'usr/lib/sysctl.d/10-a.conf': line(2),
      })
      const { persistent, assignments } = await settings({ root })
      t.equal(persistent.file, null, mask)
      t.match(assignments, [{ effective: false, overriddenBy: '/etc/sysctl.d/10-a.conf' }], mask)
    }
  },
)

const sysctlConf: System = { 'etc/sysctl.conf': line(2), 'etc/sysctl.d/zz.conf': line(1) }

t.test(
  '/etc/sysctl.conf is read last by procps, and by systemd only where a link says so',
  async (t) => {
    const systemd = await settings({ root: system(t, images.debian, sysctlConf) })
    t.equal(systemd.afterReboot, 1)
    t.match(systemd.assignments, [{}, { file: '/etc/sysctl.conf', effective: false }])
    const linked = { ...sysctlConf, 'etc/sysctl.d/zzz.conf': '-> ../sysctl.conf' }
    const link = await settings({ root: system(t, images.debian, linked) })
    t.same(places(link.assignments), ['/etc/sysctl.d/zz.conf:1', '> /etc/sysctl.d/zzz.conf:1'])
    const procps = await settings({ root: system(t, images.devuan, sysctlConf) })
    t.equal(procps.reader.name, 'procps')
    t.match(procps.persistent, { value: 2, file: '/etc/sysctl.conf', line: 1 })
  },
)

t.test('where systemd and procps differ, that is said', async (t) => {
  const root = system(t, images.debian, sysctlConf, { 'usr/sbin/sysctl': '' })
  const { problems } = await settings({ root })
  t.match(problems, [
    /systemd-sysctl sets 1, but "sysctl --system".* set 2, by \/etc\/sysctl.conf:1/,
  ])
})

t.test(
  'Alpine reads the directories one after another, and /etc/sysctl.conf after them',
  async (t) => {
    const root = system(t, images.alpine, {
      'etc/sysctl.d/10-a.conf': line(1),
      'usr/lib/sysctl.d/99-b.conf': line(2),
      'usr/lib/sysctl.d/10-a.conf': line(3),
    })
    const { reader, assignments } = await settings({ root })
    t.equal(reader.name, 'busybox')
    t.same(places(assignments), [
      '/usr/lib/sysctl.d/99-b.conf:1',
      '/usr/lib/sysctl.d/10-a.conf:1',
      '> /etc/sysctl.d/10-a.conf:1',
    ])
  },
)

t.test('3 cannot be lowered by a later write', async (t) => {
  const three = { 'etc/sysctl.d/10-a.conf': line(3), 'etc/sysctl.d/20-b.conf': line(1) }
  t.equal((await settings({ root: system(t, images.debian, three) })).afterReboot, 1)
  const procps = await settings({ root: system(t, images.devuan, three) })
  t.equal(procps.afterReboot, 3)
  t.match(procps.assignments[1], { effective: false, overriddenBy: '/etc/sysctl.d/10-a.conf:1' })
  const patterns = { 'etc/sysctl.d/10-a.conf': 'kernel.yama.* = 3\nkernel.*.ptrace_scope = 0\n' }
  t.equal((await settings({ root: system(t, images.debian, patterns) })).afterReboot, 3)
})

t.test('the kernel command line comes first: files override it, but not its 3', async (t) => {
  const parameter = (value: number) => ({
    'proc/cmdline': `quiet "sysctl.kernel.yama.ptrace_scope=${value}" -- sysctl.kernel/yama/ptrace_scope=0`,
  })
  const files = { 'etc/sysctl.d/a.conf': line(1) }
  const at = (value: number, more: System) =>
    settings({ root: system(t, images.debian, running(value, parameter(value)), more) })
  t.match(await at(2, {}), { afterReboot: 2, persistent: { file: '/proc/cmdline' }, drift: false })
  t.match(await at(2, files), { afterReboot: 1, drift: true })
  t.match(await at(3, files), { afterReboot: 3, latched: true, drift: false })
})

t.test('what lies below /run does not survive a reboot', async (t) => {
  const run = { 'run/sysctl.d/99-z.conf': line(2), 'etc/sysctl.d/10-a.conf': line(1) }
  const { afterReboot, assignments, drift } = await settings({
    root: system(t, images.debian, running(2), run),
  })
  t.match({ afterReboot, drift }, { afterReboot: 1, drift: true })
  t.match(assignments[1], { file: '/run/sysctl.d/99-z.conf', effective: false })
  t.equal((await settings({ root: system(t, images.debian, run) })).afterReboot, 2, 'an image')
})

t.test('where nothing sets it, the kernel of the distribution decides', async (t) => {
  for (const [name, value] of [
    ['debian', 0],
    ['ubuntu', 1],
    ['fedora', 1],
    ['alpine', 1],
    ['devuan', null],
  ] as const) {
    const { afterReboot, builtIn, persistent } = await settings({ root: system(t, images[name]) })
    t.match({ afterReboot, builtIn }, { afterReboot: value, builtIn: { value } }, name)
    t.same(persistent, { value: null, file: null, line: null, package: null })
  }
  const foreign = running(1, { 'proc/version': 'Linux version 6.18.44 (somebody@somewhere)\n' })
  t.equal((await settings({ root: system(t, images.debian, foreign) })).afterReboot, null)
})

for (const [what, parts, problem] of [
  [
    'in a container',
    running(1, {
      'run/.containerenv': 'engine="podman-4"',
      'proc/self/ns/pid': '-> pid:[4026532000]',
    }),
    /a container \(podman\): the scope is the host's/,
  ],
  [
    'in the Windows Subsystem for Linux without systemd',
    {
      'proc/1/comm': 'init\n',
      'proc/sys/kernel/osrelease': '6.6.87.2-microsoft-standard-WSL2\n',
      'proc/sys/kernel/yama/ptrace_scope': '1\n',
    },
    /Windows Subsystem for Linux/,
  ],
] as const) {
  t.test(`${what} no file counts, and what a reboot does is not known`, async (t) => {
    const files = { 'etc/sysctl.d/a.conf': line(2) }
    const report = await settings({ root: system(t, images.debian, parts as System, files) })
    t.match(report, { applied: false, afterReboot: null, drift: null, persistent: { value: 2 } })
    t.match(report.problems[0], problem)
    t.notMatch(
      report.remedies.map(({ id }) => id),
      ['scope-1-permanent'],
    )
  })
}

t.test('without Yama no file counts, and the first sentence says so', async (t) => {
  const files = { 'etc/sysctl.d/a.conf': line(2) }
  const report = await settings({ root: system(t, images.debian, running(null), files) })
  t.match(report, { yama: false, applied: false, afterReboot: null, drift: null })
  t.same(
    report.remedies.map(({ id }) => id),
    ['enable-yama'],
  )
  t.match(
    render(report, { color: false, unicode: true, columns: 80 }).replace(/\s+/g, ' '),
    /^This kernel has no Yama, so nothing restricts as Yama would, and no file is applied; \/etc\/sysctl.d\/a.conf:1 would set 2\. /,
  )
})

t.test('a remedy for an unpacked system changes that system', async (t) => {
  const commandsOf = async (root: string) =>
    (await settings({ root })).remedies.flatMap(({ command = '', undo = '' }) => [command, undo])
  const image = system(t, images.debian, { 'etc/sysctl.d/10-a.conf': line(0) })
  const files = (await commandsOf(`${image}/`)).filter((command) => command.includes('.conf'))
  t.equal(files.length, 6)
  for (const command of files) t.match(command, ` ${image}/etc/sysctl.d/99-ptrace-scope.conf`)
  const masked = system(t, images.ubuntu, {
    'etc/systemd/system/systemd-sysctl.service': '-> /dev/null',
    'etc/sysctl.d/a.conf': line(2),
  })
  t.match(await commandsOf(masked), [
    `systemctl --root=${masked} unmask systemd-sysctl.service`,
    `systemctl --root=${masked} mask systemd-sysctl.service`,
  ])
  const above = system(t, {
    "it's here/usr/lib/systemd/systemd-sysctl": '',
    "it's here/etc/sysctl.d/10-a.conf": line(0),
  })
  const [command] = await commandsOf(join(above, "it's here"))
  t.match(command, ` '${above}/it'\\''s here/etc/sysctl.d/99-ptrace-scope.conf'`)
})

t.test('a masked service reads nothing', async (t) => {
  const root = system(t, images.ubuntu, running(1), {
    'etc/systemd/system/systemd-sysctl.service': '-> /dev/null',
    'etc/sysctl.d/a.conf': line(2),
  })
  const { applied, afterReboot, remedies } = await settings({ root })
  t.match({ applied, afterReboot }, { applied: false, afterReboot: 1 })
  t.same(
    remedies.map(({ id }) => id),
    ['unmask-service'],
  )
})

t.test('an init system that is not known to read them makes no promise', async (t) => {
  const parts = { ...running(1), 'proc/1/comm': 'tini\n', 'etc/sysctl.d/a.conf': line(2) }
  const { 'run/systemd/system': _, ...others } = parts as Record<string, string>
  const report = await settings({ root: system(t, images.debian, others) })
  t.match(report, { applied: null, afterReboot: null, drift: null })
  t.match(report.problems[0], /tini/)
})

t.test('a FIFO is never opened, and what its reader would do is not known', async (t) => {
  const root = system(t, images.debian, { 'etc/sysctl.d/a.conf': line(2) })
  execFileSync('mkfifo', [join(root, 'etc/sysctl.d/b.conf')])
  t.match(await settings({ root }), {
    complete: false,
    afterReboot: null,
    persistent: { value: 2 },
    problems: [/b.conf is a FIFO/],
  })
})

t.test('no link leads out of the root', async (t) => {
  const outside = system(t, { secret: line(3), 'root/usr/lib/systemd/systemd-sysctl': '' })
  const root = join(outside, 'root')
  for (const [name, target] of Object.entries({
    'etc/sysctl.d': join(outside, 'directory'),
    'usr/lib/sysctl.d/a.conf': join(outside, 'secret'),
    'usr/lib/sysctl.d/b.conf': '../../../../secret',
  })) {
    execFileSync('mkdir', ['-p', join(root, name, '..')])
    symlinkSync(target, join(root, name))
  }
  t.match(await settings({ root }), { assignments: [], persistent: { value: null } })
})

t.test('the package that owns the file is named, also where a link leads there', async (t) => {
  const root = system(t, images.ubuntu, {
    'usr/lib/sysctl.d/10-ptrace.conf': line(1),
    'etc/sysctl.d/99-sysctl.conf': '-> ../sysctl.conf',
    'etc/sysctl.conf': line(2),
    'var/lib/dpkg/status':
      'Package: procps\nStatus: install ok installed\nVersion: 1\n\nPackage: linux-sysctl-defaults\nStatus: install ok installed\nVersion: 1\n',
    'var/lib/dpkg/info/procps.list': '/etc/sysctl.conf\n',
    'var/lib/dpkg/info/linux-sysctl-defaults.list': '/usr/lib/sysctl.d/10-ptrace.conf\n',
  })
  const { assignments, persistent } = await settings({ root })
  t.match(assignments, [{ package: 'linux-sysctl-defaults' }, { package: 'procps' }])
  t.equal(persistent.package, 'procps')
})

t.test('a remedy names a file that wins, and nothing is offered that would not work', async (t) => {
  const commands = async (root: string) =>
    (await settings({ root })).remedies.map(({ id, command }) => `${id}: ${command}`)
  const ids = async (...parts: System[]) =>
    (await settings({ root: system(t, ...parts) })).remedies.map(({ id }) => id)
  t.match(await commands(system(t, images.ubuntu, { 'etc/sysctl.d/99-z.conf': line(2) })), [
    /scope-3-permanent: .*= 3' > .*\/etc\/sysctl.d\/zz-ptrace-scope.conf/,
    /scope-1-permanent: .*= 1' > .*\/etc\/sysctl.d\/zz-ptrace-scope.conf/,
    /scope-0-permanent: .*= 0' > .*\/etc\/sysctl.d\/zz-ptrace-scope.conf/,
  ])
  t.same(await ids(images.debian), [
    'scope-1-permanent',
    'scope-2-permanent',
    'scope-3-permanent',
    'kernel-command-line',
  ])
  t.same(
    await ids(images.devuan, { 'etc/sysctl.conf': line(1) }),
    ['scope-3-permanent'],
    'it is read after all others, and 3 is final',
  )
  t.same(await ids(images.ubuntu, running(3)), [
    'keep-current',
    'scope-2-permanent',
    'kernel-command-line',
    'reboot',
    'scope-0-permanent',
  ])
  t.ok((await ids(images.fedora)).includes('install-package'))
})

t.test('a root that cannot be one is an argument mistake', async (t) => {
  const root = system(t, { file: '' })
  for (const [wrong, code, sentence] of [
    [join(root, 'nowhere'), 'ERR_INVALID_ARG_VALUE', /no such file or directory/],
    [join(root, 'file'), 'ERR_INVALID_ARG_VALUE', /not a directory/],
    ['', 'ERR_INVALID_ARG_VALUE', /the path of a directory/],
    [1, 'ERR_INVALID_ARG_TYPE', /a string/],
  ] as const) {
    await t.rejects(settings({ root: wrong as string }), { code, message: sentence })
  }
  await t.rejects(settings({ dir: '/' } as object), { code: 'ERR_INVALID_ARG_VALUE' })
})

t.test('a file with too many assignments is read to a limit that the answer names', async (t) => {
  const root = system(t, images.debian, { 'etc/sysctl.d/10-a.conf': line(1).repeat(10_001) })
  const { assignments, complete, afterReboot, problems } = await settings({ root })
  t.match({ complete, afterReboot, count: assignments.length }, { complete: false, count: 10_000 })
  t.equal(afterReboot, null)
  t.match(problems.join(), '10-a.conf names the key on more than 10000 lines; only these were read')
})

t.test('a directory with too many files is read to a limit that the answer names', async (t) => {
  const root = system(t, images.debian, { 'etc/sysctl.d/10-a.conf': line(1) })
  for (let i = 0; i < 10_000; i += 1) writeFileSync(join(root, `etc/sysctl.d/b${i}.conf`), '')
  const { complete, problems } = await settings({ root })
  t.equal(complete, false)
  t.match(problems.join(), '/etc/sysctl.d has more than 10000 files; the others were not read')
})

t.test(
  'names that are patterns for a million names are read to a limit that the answer names',
  async (t) => {
    const root = system(t, images.devuan, {
      'etc/sysctl.d/10-a.conf': line(1),
      [`etc/sysctl.d/20-${'{a,b}'.repeat(20)}.conf`]: line(2),
      'etc/sysctl.d/30-c.conf': line(3),
    })
    const { assignments, complete, afterReboot, problems } = await settings({ root })
    t.match({ complete, afterReboot, count: assignments.length }, { complete: false, count: 1 })
    t.equal(afterReboot, null)
    t.match(
      problems.join(),
      /20-.* is opened as a pattern, and there are too many names to compare/,
    )
  },
)

const enforcing = { 'etc/selinux/config': 'SELINUX=enforcing\nSELINUXTYPE=targeted\n' }
const booleans = 'var/lib/selinux/targeted/active/booleans.local'

t.test('SELinux’s boolean deny_ptrace is read, now and for every boot', async (t) => {
  const read = async (files: System) =>
    (await settings({ root: system(t, images.fedora, files) })).denyPtrace
  const on = { now: null, persistent: true, file: `/${booleans}` }
  t.equal(await read({}), null)
  t.strictSame(await read({ ...enforcing, [booleans]: '# a\ndeny_ptrace=1\n' }), on)
  t.match(await read({ ...enforcing, [booleans]: 'deny_ptrace=1\ndeny_ptrace=off\n' }), {
    persistent: false,
  })
  const shown = { 'sys/fs/selinux/booleans/deny_ptrace': '1 1' }
  t.strictSame(await read({ ...enforcing, ...shown }), { now: true, persistent: null, file: null })
  const disabled = { 'etc/selinux/config': 'SELINUX=disabled\nSELINUXTYPE=targeted\n' }
  t.equal(await read({ ...disabled, [booleans]: 'deny_ptrace=1\n' }), null)
})

t.test('what of the boolean cannot be read is said, and what is on is shown', async (t) => {
  const hidden = await settings({
    root: system(t, images.fedora, enforcing, { [booleans]: 'dir' }),
  })
  t.ok(hidden.problems.some((each) => /booleans.local cannot be read/.test(each)))
  const root = system(t, images.fedora, enforcing, { [booleans]: 'deny_ptrace=1\n' })
  const report = await settings({ root })
  const text = render(report, { color: false, unicode: true, columns: 80 })
  t.match(text.replaceAll('\n', ' '), /deny_ptrace is not known to be on now, and .* on for every/)
  t.notOk(
    report.remedies.some(({ id }) => id === 'selinux-deny-ptrace-off'),
    'setsebool changes no unpacked system',
  )
  t.strictSame(denyPtraceRemedies('/', report.denyPtrace), [
    {
      id: 'selinux-deny-ptrace-off',
      does: 'Switch off the boolean with which SELinux denies ptrace on the whole machine, now and for every boot.',
      command: 'setsebool -P deny_ptrace off',
      undo: 'setsebool -P deny_ptrace on',
      needs: 'root',
      lasts: 'permanent',
      weakens: 'machine',
    },
  ])
})
