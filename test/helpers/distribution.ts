/** Installs what a distribution ships below a directory, with the package database that it has. */

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import type { Distribution, ShippedPackage } from '../fixtures/distributions.js'

/** The root of a new installation. */
export function install(t: Test, distribution: Distribution): string {
  const root = mkdtempSync(join(tmpdir(), 'distribution-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  if (distribution.database === 'rpm') {
    installRpms(root, distribution)
    return root
  }
  const record = recorders[distribution.database]
  for (const each of distribution.packages) {
    for (const [path, content] of Object.entries(each.files)) write(root, path, content)
  }
  for (const [path, text] of record(distribution.packages)) write(root, path, text)
  return root
}

function write(root: string, path: string, content: string): void {
  const place = join(root, path)
  mkdirSync(dirname(place), { recursive: true })
  if (content.startsWith('-> ')) symlinkSync(content.slice(3), place)
  else writeFileSync(place, content)
}

type Recorder = (packages: readonly ShippedPackage[]) => (readonly [path: string, text: string])[]

const lines = (list: readonly string[]): string => list.map((line) => `${line}\n`).join('')

const recorders: Readonly<Record<'dpkg' | 'pacman' | 'apk', Recorder>> = {
  dpkg: (packages) => [
    [
      '/var/lib/dpkg/status',
      packages
        .map(({ name, version }) =>
          lines([`Package: ${name}`, 'Status: install ok installed', `Version: ${version}`]),
        )
        .join('\n'),
    ],
    ...packages.map(({ name, files }): [string, string] => [
      `/var/lib/dpkg/info/${name}.list`,
      lines(Object.keys(files)),
    ]),
  ],
  pacman: (packages) =>
    packages.flatMap(({ name, version, files }): [string, string][] => {
      const home = `/var/lib/pacman/local/${name}-${version}`
      return [
        [`${home}/desc`, lines(['%NAME%', name, '', '%VERSION%', version, ''])],
        [`${home}/files`, lines(['%FILES%', ...Object.keys(files).map((path) => path.slice(1))])],
      ]
    }),
  apk: (packages) => [
    [
      '/lib/apk/db/installed',
      packages
        .map(({ name, version, files }) =>
          lines([
            `P:${name}`,
            `V:${version}`,
            ...Object.keys(files).flatMap((path) => [
              `F:${dirname(path).slice(1)}`,
              `R:${path.slice(path.lastIndexOf('/') + 1)}`,
            ]),
          ]),
        )
        .join('\n'),
    ],
  ],
}

/** Packages that were built already, by all that goes into them. */
const built = new Map<string, string>()
const store = mkdtempSync(join(tmpdir(), 'rpm-'))
process.once('exit', () => rmSync(store, { recursive: true, force: true }))

/** The file of a package; rpmbuild takes a second, so each is built once. */
function rpmOf({ name, version, files }: ShippedPackage): string {
  const key = JSON.stringify([name, version, files])
  const known = built.get(key)
  if (known !== undefined) return known
  const work = join(store, String(built.size))
  mkdirSync(work)
  for (const [path, content] of Object.entries(files)) write(join(work, 'files'), path, content)
  const tags = [`Name: ${name}`, `Version: ${version}`, 'Release: 1', 'Summary: made for a test']
  const spec = [
    ...[...tags, 'License: MIT', 'BuildArch: noarch', 'AutoReqProv: no', '%description'],
    ...['%install', `cp -a ${work}/files/. %{buildroot}`, '%files', ...Object.keys(files)],
  ]
  writeFileSync(join(work, 'x.spec'), lines(spec))
  const quiet = ['--define', '__os_install_post %{nil}', '--define', `_topdir ${work}`]
  execFileSync('rpmbuild', ['-bb', '--quiet', ...quiet, 'x.spec'], { cwd: work, stdio: 'pipe' })
  const file = join(work, `RPMS/noarch/${name}-${version}-1.noarch.rpm`)
  built.set(key, file)
  return file
}

/** rpm's own tools make the packages and the database, all packages in one transaction. */
function installRpms(root: string, { packages, home = '/var/lib/rpm' }: Distribution): void {
  const place = ['--root', root, '--dbpath', home]
  execFileSync('rpm', [...place, '--install', '--nodeps', ...packages.map(rpmOf)], {
    stdio: 'pipe',
  })
}
