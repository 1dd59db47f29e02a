/** Systems of files, for what reads below a root. */

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import type { SettingsReport } from '../../lib/model/index.js'

/** Contents by path; `-> TARGET` is a link, `dir` a directory. */
export type System = Readonly<Record<string, string>>

/** Makes the system below a directory of the test. */
export function system(t: Test, ...parts: readonly System[]): string {
  const root = t.testdir({})
  for (const [path, text] of Object.entries(Object.assign({}, ...parts) as System)) {
    const place = join(root, path)
    if (text === 'dir') {
      mkdirSync(place, { recursive: true })
      continue
    }
    mkdirSync(dirname(place), { recursive: true })
    if (text.startsWith('-> ')) symlinkSync(text.slice('-> '.length), place)
    else writeFileSync(place, text)
  }
  return root
}

const systemd: System = { 'usr/lib/systemd/systemd-sysctl': '' }

/** Systems that do not run: images. */
export const images = {
  debian: { ...systemd, 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n' },
  ubuntu: { ...systemd, 'etc/os-release': 'ID=ubuntu\nVERSION_ID="24.04"\n' },
  fedora: { ...systemd, 'etc/os-release': 'ID=fedora\nVERSION_ID=45\n' },
  devuan: {
    'etc/os-release': 'ID=devuan\n',
    'etc/init.d/procps': '#!/bin/sh\nsysctl --system\n',
    'usr/sbin/sysctl': '',
  },
  alpine: {
    'etc/os-release': 'ID=alpine\nVERSION_ID=3.22.0\n',
    'etc/init.d/sysctl':
      '#!/sbin/openrc-run\nfor f in /lib/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf\n',
    'bin/busybox': '',
    'sbin/sysctl': '-> /bin/busybox',
  },
} satisfies Record<string, System>

/** Ubuntu with what it ships, and a file of the administrator that says something else. */
export const overridden: System = {
  ...images.ubuntu,
  'etc/sysctl.d/10-ptrace.conf':
    '# The PTRACE system is used for debugging.\nkernel.yama.ptrace_scope = 1\n',
  'etc/sysctl.d/60-debug.conf': 'kernel.yama.ptrace_scope = 0\n',
  'var/lib/dpkg/status': 'Package: procps\nStatus: install ok installed\nVersion: 4.0.4\n',
  'var/lib/dpkg/info/procps.list': '/etc/sysctl.d/10-ptrace.conf\n',
}

/** The /proc of a machine that runs with that scope; null: without Yama. */
export function running(scope: number | null, more: System = {}): System {
  return {
    'proc/1/comm': 'systemd\n',
    'proc/cmdline': 'quiet\n',
    'proc/version': 'Linux version 6.1.0 (debian-kernel@lists.debian.org)\n',
    'proc/sys/kernel/osrelease': '6.1.0\n',
    ...(scope === null ? {} : { 'proc/sys/kernel/yama/ptrace_scope': `${scope}\n` }),
    'run/systemd/system': 'dir',
    ...more,
  }
}

/** An answer of `settings`: a package sets 0, and nothing else says anything. */
export function configured(differences: Partial<SettingsReport> = {}): SettingsReport {
  const file = '/usr/lib/sysctl.d/10-default-yama-scope.conf'
  const owner = 'yama-ptrace-enable'
  return {
    schemaVersion: 1,
    tool: { name: 'ptrace-probe', version: '0.1.0' },
    root: '/',
    os: { id: 'fedora', version: '45' },
    reader: { name: 'systemd-sysctl', evidence: '/usr/lib/systemd/systemd-sysctl' },
    yama: true,
    applied: true,
    declared: { value: 0, source: '/proc/sys/kernel/yama/ptrace_scope' },
    builtIn: { value: 1, source: 'https://docs.kernel.org/admin-guide/LSM/Yama.html' },
    persistent: { value: 0, file, line: 2, package: owner },
    assignments: [
      {
        file,
        line: 2,
        value: '0',
        effective: true,
        overriddenBy: null,
        reason: `${file}:2 sets 0, and nothing after it sets another value.`,
        package: owner,
      },
    ],
    denyPtrace: null,
    pulledIn: { package: owner, installed: true, by: ['gdb'] },
    afterReboot: 0,
    latched: false,
    drift: false,
    complete: true,
    problems: [],
    remedies: [],
    ...differences,
  }
}
