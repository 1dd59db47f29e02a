import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { installedPackages, ownersOf } from '../../lib/machine/packages/index.js'
import { needs } from '../helpers/needs.js'

type Tree = Readonly<Record<string, string>>

/** A machine of files; `-> target` is a link. */
function machine(t: Test, tree: Tree): string {
  const root = t.testdir({})
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    if (content.startsWith('-> ')) symlinkSync(content.slice(3), join(root, path))
    else writeFileSync(join(root, path), content)
  }
  return root
}

async function ownerOf(file: string, root: string): Promise<string | null | undefined> {
  return (await ownersOf([file], root)).of.get(file)
}

const info = 'var/lib/dpkg/info'

t.test('dpkg: a file belongs to the package that lists it', async (t) => {
  const root = machine(t, {
    [`${info}/procps.list`]: '/.\n/etc\n/etc/sysctl.d\n/etc/sysctl.d/10-ptrace.conf\n',
    [`${info}/libc6:amd64.list`]: '/.\n/usr/lib/libc.so.6\n',
    [`${info}/procps.conffiles`]: '/etc/other\n',
  })
  t.strictSame(
    await ownersOf(['/etc/sysctl.d/10-ptrace.conf', '/usr/lib/libc.so.6', '/etc/other'], root),
    {
      of: new Map([
        ['/etc/sysctl.d/10-ptrace.conf', 'procps'],
        ['/usr/lib/libc.so.6', 'libc6'],
        ['/etc/other', null],
      ]),
      unread: [],
    },
  )
})

t.test('a path is the same however links to directories spell it', async (t) => {
  const list = '/lib/sysctl.d/a.conf\n/usr/lib/sysctl.d/b.conf\n'
  const files = {
    'usr/lib/sysctl.d/a.conf': '',
    'usr/lib/sysctl.d/b.conf': '',
    [`${info}/p.list`]: list,
  }
  const merged = machine(t, { ...files, lib: '-> usr/lib' })
  for (const directory of ['/lib', '/usr/lib']) {
    t.equal(await ownerOf(`${directory}/sysctl.d/a.conf`, merged), 'p')
    t.equal(await ownerOf(`${directory}/sysctl.d/b.conf`, merged), 'p')
  }
  const apart = machine(t, { ...files, 'lib/sysctl.d/a.conf': '' })
  t.equal(await ownerOf('/usr/lib/sysctl.d/a.conf', apart), null)
})

t.test('dpkg: what is diverted is another file', async (t) => {
  const root = machine(t, {
    'var/lib/dpkg/diversions':
      '/usr/bin/pg\n/usr/bin/pg.dev\ncommon\n/usr/bin/own\n/usr/bin/own.old\n:\n',
    [`${info}/common.list`]: '/usr/bin/pg\n',
    [`${info}/dev.list`]: '/usr/bin/pg\n/usr/bin/own\n',
  })
  const { of } = await ownersOf(
    ['/usr/bin/pg', '/usr/bin/pg.dev', '/usr/bin/own', '/usr/bin/own.old'],
    root,
  )
  t.strictSame([...of.values()], ['common', 'dev', null, 'dev'])
})

t.test('dpkg: an image without dpkg keeps a file for each package', async (t) => {
  const root = machine(t, {
    'var/lib/dpkg/status.d/base-files': 'Package: base-files\nVersion: 12.4\n',
    'var/lib/dpkg/status.d/base-files.md5sums': `${'0'.repeat(32)}  usr/lib/os-release\n`,
  })
  t.equal(await ownerOf('/usr/lib/os-release', root), 'base-files')
  t.strictSame((await installedPackages(root)).versions, new Map([['base-files', '12.4']]))
})

t.test('dpkg: a package that was removed is not installed', async (t) => {
  const root = machine(t, {
    'var/lib/dpkg/info/format': '1\n',
    'var/lib/dpkg/status':
      'Package: gdb\nStatus: install ok installed\nVersion: 13.1-3\nConffiles:\n /etc/gdb/gdbinit 0\n\n' +
      'Package: strace\nStatus: deinstall ok config-files\nVersion: 6.1\n\n' +
      'Package: lldb\nStatus: install ok half-installed\nVersion: 14\n',
  })
  t.strictSame((await installedPackages(root)).versions, new Map([['gdb', '13.1-3']]))
})

for (const place of ['lib/apk/db/installed', 'usr/lib/apk/db/installed']) {
  t.test(`apk: a file belongs to the package above it, in /${place}`, async (t) => {
    const root = machine(t, {
      [place]:
        'C:Q1x=\nP:baselayout\nV:3.6.5-r0\nF:\nR:top\nF:etc\nF:etc/sysctl.d\nR:00-alpine.conf\n' +
        'a:0:0:644\n\nP:musl\nV:1.2.5-r1\nF:lib\nR:ld-musl.so.1\n\n',
    })
    t.equal(await ownerOf('/etc/sysctl.d/00-alpine.conf', root), 'baselayout')
    t.equal(await ownerOf('/top', root), 'baselayout')
    t.equal(await ownerOf('/lib/ld-musl.so.1', root), 'musl')
    t.equal(await ownerOf('/etc/00-alpine.conf', root), null)
    t.strictSame(
      (await installedPackages(root)).versions,
      new Map([
        ['baselayout', '3.6.5-r0'],
        ['musl', '1.2.5-r1'],
      ]),
    )
  })
}

t.test('a database that cannot be read is told, not taken for an empty one', async (t) => {
  const root = machine(t, { [`${info}/p.list`]: '/x\n', [`${info}/q.list`]: '-> /dev/full' })
  const { of, unread } = await ownersOf(['/y'], root)
  t.equal(of.get('/y'), null)
  t.match(unread, [{ name: 'dpkg', reason: 'ENOENT: /dev/full' }])
})

t.test('without a database no package owns a file', async (t) => {
  t.strictSame(await ownersOf(['/x'], t.testdir({})), { of: new Map([['/x', null]]), unread: [] })
})

t.test("this machine's dpkg says the same", needs.program('dpkg'), async (t) => {
  const sample = ['/bin/sh', '/usr/bin/dpkg', '/etc/passwd', '/etc/debian_version', '/usr/bin/env']
  const { of } = await ownersOf(sample)
  for (const file of sample) {
    let judge: string | null = null
    try {
      judge = execFileSync('dpkg-query', ['--search', file], { encoding: 'utf8', stdio: 'pipe' })
    } catch {
      // It belongs to none.
    }
    const owners = judge?.split('\n').filter((line) => !line.startsWith('diversion'))
    t.equal(of.get(file), owners?.[0]?.replace(/[:,].*/, '') ?? null, file)
  }
  const { versions } = await installedPackages()
  const shown = execFileSync('dpkg-query', ['--show', 'dpkg'], { encoding: 'utf8' })
  t.equal(`dpkg\t${versions.get('dpkg')}\n`, shown)
})

/** A directory of this test's own; rpm dislikes long paths of build roots. */
function scratch(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'packages-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

const spec = `Name: elfutils-default-yama-scope
Version: 0.192
Release: 3
Summary: made for a test
License: MIT
BuildArch: noarch
%description
%install
mkdir -p %{buildroot}/usr/lib/sysctl.d
echo 'kernel.yama.ptrace_scope = 0' >%{buildroot}/usr/lib/sysctl.d/10-default-yama-scope.conf
%files
/usr/lib/sysctl.d/10-default-yama-scope.conf
`

for (const home of ['/usr/lib/sysimage/rpm', '/var/lib/rpm']) {
  t.test(
    `rpm: an image's database is asked, not touched, in ${home}`,
    needs.all(needs.root(), needs.program('rpmbuild')),
    async (t) => {
      const [work, root] = [scratch(t), scratch(t)]
      writeFileSync(join(work, 'x.spec'), spec)
      execFileSync('rpmbuild', ['-bb', '--quiet', '--define', `_topdir ${work}`, 'x.spec'], {
        cwd: work,
      })
      const built = join(work, 'RPMS/noarch/elfutils-default-yama-scope-0.192-3.noarch.rpm')
      execFileSync('rpm', ['--root', root, '--dbpath', home, '--install', '--nodeps', built], {
        stdio: 'pipe',
      })
      const before = readdirSync(join(root, home))
      const file = '/usr/lib/sysctl.d/10-default-yama-scope.conf'
      t.strictSame(await ownersOf([file, '/usr/lib/sysctl.d/x.conf'], root), {
        of: new Map([
          [file, 'elfutils-default-yama-scope'],
          ['/usr/lib/sysctl.d/x.conf', null],
        ]),
        unread: [],
      })
      t.strictSame(await installedPackages(root), {
        versions: new Map([['elfutils-default-yama-scope', '0.192-3']]),
        unread: [],
      })
      t.strictSame(readdirSync(join(root, home)), before)
    },
  )
}

for (const [what, name] of [
  ['that is none', 'rpmdb.sqlite'],
  ['in a format that rpm may be built without', 'Packages.db'],
  ['in a format that rpm only reads', 'Packages'],
] as const) {
  t.test(
    `rpm: a database ${what} is told when it cannot be read`,
    needs.program('rpm'),
    async (t) => {
      const root = machine(t, { [`var/lib/rpm/${name}`]: 'not a database' })
      const { of, unread } = await ownersOf(['/x'], root)
      t.equal(of.get('/x'), null)
      t.match(unread, [{ name: 'rpm', reason: /^rpm: error: |^this machine's rpm cannot read / }])
    },
  )
}

t.test(
  'pacman: its own tool fills a database that is read',
  needs.all(needs.root(), needs.program('pacman')),
  async (t) => {
    const work = t.testdir({
      '.PKGINFO': 'pkgname = yama\npkgver = 1.2-3\npkgdesc = x\nsize = 1\narch = any\n',
      usr: { lib: { 'sysctl.d': { '10-x.conf': 'kernel.yama.ptrace_scope = 0\n' } } },
      root: { var: { lib: { pacman: {} } } },
    })
    const root = join(work, 'root')
    execFileSync('tar', ['-czf', 'yama-1.2-3-any.pkg.tar.gz', '.PKGINFO', 'usr'], { cwd: work })
    execFileSync(
      'pacman',
      ['--root', root, '--config', '/dev/null', '--noconfirm', '-U', 'yama-1.2-3-any.pkg.tar.gz'],
      { cwd: work, stdio: 'pipe' },
    )
    t.equal(await ownerOf('/usr/lib/sysctl.d/10-x.conf', root), 'yama')
    t.equal(await ownerOf('/usr/lib/sysctl.d/11-x.conf', root), null)
    t.strictSame((await installedPackages(root)).versions, new Map([['yama', '1.2-3']]))
  },
)

t.test('a database over the limit is not read, and the answer names the limit', async (t) => {
  const place = 'lib/apk/db/installed'
  const root = machine(t, { [place]: '' })
  truncateSync(join(root, place), 64 * 1024 * 1024 + 1)
  const reason = `/${place} is larger than the limit of 67108864 bytes`
  t.strictSame((await ownersOf(['/etc/x'], root)).unread, [{ name: 'apk', reason }])
  t.strictSame((await installedPackages(root)).unread, [{ name: 'apk', reason }])
})
