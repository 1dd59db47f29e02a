import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { render } from '../../lib/format/settings.js'
import { settings } from '../../lib/settings/settings.js'
import { type Distribution, distributions } from '../fixtures/distributions.js'
import { install } from '../helpers/distribution.js'
import { needs } from '../helpers/needs.js'

type Name = keyof typeof distributions

/** What sets the scope, as `VALUE FILE:LINE PACKAGE`, or null; and what a boot ends with. */
const expected: Readonly<
  Record<Name, { readonly reader: string; readonly set: string | null; readonly after: number }>
> = {
  bookworm: { reader: 'systemd-sysctl', set: null, after: 0 },
  trixie: { reader: 'systemd-sysctl', set: null, after: 0 },
  ubuntu: { reader: 'systemd-sysctl', set: '1 /etc/sysctl.d/10-ptrace.conf:3 procps', after: 1 },
  'fedora-44': {
    reader: 'systemd-sysctl',
    set: '0 /usr/lib/sysctl.d/10-default-yama-scope.conf:2 elfutils-default-yama-scope',
    after: 0,
  },
  'fedora-45': { reader: 'systemd-sysctl', set: null, after: 1 },
  'fedora-45-debuggers': {
    reader: 'systemd-sysctl',
    set: '0 /usr/lib/sysctl.d/10-default-yama-scope.conf:2 yama-ptrace-enable',
    after: 0,
  },
  rhel: {
    reader: 'systemd-sysctl',
    set: '0 /usr/lib/sysctl.d/10-default-yama-scope.conf:2 elfutils-default-yama-scope',
    after: 0,
  },
  arch: { reader: 'systemd-sysctl', set: null, after: 1 },
  opensuse: { reader: 'systemd-sysctl', set: null, after: 1 },
  'opensuse-debuggers': {
    reader: 'systemd-sysctl',
    set: '0 /usr/lib/sysctl.d/52-yama.conf:3 aaa_base-yama-enable-ptrace',
    after: 0,
  },
  alpine: { reader: 'busybox', set: null, after: 1 },
}

/** A real rpm makes and keeps the packages of those that have it; it wants to be root. */
function tools({ database }: Distribution) {
  return database === 'rpm' ? needs.all(needs.root(), needs.program('rpmbuild')) : { skip: false }
}

for (const [name, distribution] of Object.entries(distributions) as [Name, Distribution][]) {
  const { reader, set, after } = expected[name]
  const says = set === null ? 'nothing sets the scope' : `${set.split(' ')[2]} sets the scope`
  t.test(`${distribution.title}: ${says}`, tools(distribution), async (t) => {
    const report = await settings({ root: install(t, distribution) })
    const { persistent, afterReboot } = report
    const { value, file, line, package: owner } = persistent
    t.equal(file === null ? null : `${value} ${file}:${line} ${owner}`, set)
    t.equal(afterReboot, after)
    t.equal(report.reader.name, reader)
    t.equal(report.complete, true)
    t.strictSame(
      report.assignments.map((each) => [each.file, each.effective]),
      set === null ? [] : [[file, true]],
    )
  })
}

t.test('on Fedora it is said which package sets 0, and who wants it', async (t) => {
  const wants: readonly (readonly [Name, Awaited<ReturnType<typeof settings>>['pulledIn']])[] = [
    ['bookworm', null],
    ['fedora-45', { package: 'yama-ptrace-enable', installed: false, by: [] }],
    [
      'fedora-45-debuggers',
      { package: 'yama-ptrace-enable', installed: true, by: ['gdb', 'strace'] },
    ],
    [
      'fedora-44',
      { package: 'elfutils-default-yama-scope', installed: true, by: ['elfutils-libs', 'gdb'] },
    ],
    ['rhel', { package: 'elfutils-default-yama-scope', installed: true, by: ['elfutils-libs'] }],
    ['opensuse-debuggers', null],
  ]
  for (const [name, pulledIn] of wants) {
    const distribution: Distribution = distributions[name]
    t.test(distribution.title, tools(distribution), async (t) => {
      const report = await settings({ root: install(t, distribution) })
      t.strictSame(report.pulledIn, pulledIn)
      const text = render(report, { color: false, unicode: true, columns: 80 })
      if (pulledIn !== null) t.match(text.replaceAll('\n', ' '), `The package ${pulledIn.package}`)
      for (const each of pulledIn?.by ?? []) t.match(text, each)
    })
  }
})

/** Files of the administrator, beside what the distribution ships. */
function add(root: string, path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  if (content.startsWith('-> ')) symlinkSync(content.slice(3), join(root, path))
  else writeFileSync(join(root, path), content)
}

for (const [name, path] of [
  ['ubuntu', '/etc/sysctl.d/10-ptrace.conf'],
  ['fedora-44', '/usr/lib/sysctl.d/10-default-yama-scope.conf'],
  ['fedora-45-debuggers', '/usr/lib/sysctl.d/10-default-yama-scope.conf'],
  ['rhel', '/usr/lib/sysctl.d/10-default-yama-scope.conf'],
  ['opensuse-debuggers', '/usr/lib/sysctl.d/52-yama.conf'],
] as const) {
  const distribution: Distribution = distributions[name]
  t.test(
    `${distribution.title}: a later file overrides the package's`,
    tools(distribution),
    async (t) => {
      const root = install(t, distribution)
      add(root, '/etc/sysctl.d/90-hardening.conf', 'kernel.yama.ptrace_scope = 2\n')
      const { persistent, assignments } = await settings({ root })
      t.strictSame(persistent, {
        value: 2,
        file: '/etc/sysctl.d/90-hardening.conf',
        line: 1,
        package: null,
      })
      t.match(assignments[0], { file: path, overriddenBy: '/etc/sysctl.d/90-hardening.conf:1' })
    },
  )
}

t.test('a link to /dev/null masks what a package ships', tools(distributions.rhel), async (t) => {
  const root = install(t, distributions.rhel)
  add(root, '/etc/sysctl.d/10-default-yama-scope.conf', '-> /dev/null')
  const { persistent, assignments, afterReboot } = await settings({ root })
  t.equal(persistent.file, null)
  t.equal(afterReboot, 1)
  t.match(assignments, [
    {
      file: '/usr/lib/sysctl.d/10-default-yama-scope.conf',
      effective: false,
      overriddenBy: '/etc/sysctl.d/10-default-yama-scope.conf',
      package: 'elfutils-default-yama-scope',
    },
  ])
})
