/** What the files of a machine say: sysctl.d, os-release, databases of packages. */

import fc from 'fast-check'
import {
  containerOf,
  declaredBy,
  globPath,
  lsmOf,
  matchName,
  osOf,
} from '../../../lib/machine/index.js'
import { settings } from '../../../lib/settings/index.js'
import { contents } from '../../../lib/settings/sysctl-d/contents.js'
import {
  busyboxGrammar,
  procpsGrammar,
  systemdGrammar,
} from '../../../lib/settings/sysctl-d/grammars.js'
import { cutLines, getlineCut, systemdCut } from '../../../lib/settings/sysctl-d/lines.js'
import { writtenScope } from '../../../lib/settings/sysctl-d/value.js'
import { mutated } from '../mutation.js'
import { type Property, property, require, requireVisible } from '../property.js'
import { machineOf } from '../tree.js'

const grammars = { systemd: systemdGrammar, procps: procpsGrammar, busybox: busyboxGrammar }
const sysctls = [
  '# Yama\nkernel.yama.ptrace_scope = 1\nnet.ipv4.ip_forward=0\n',
  '-kernel/yama/ptrace_scope=2\r\nkernel.yama.* = 3\n-kernel.yama.ptrace_scope\n',
  'kernel.yama.[p-q]trace_scope=0x1\0kernel.{yama,x}.ptrace_scope = 0\n',
]
const sysctlWords = [
  'kernel.yama.ptrace_scope',
  'kernel/yama',
  '*',
  '[',
  ']',
  '{a,b}',
  '\\',
  '0x2',
  '\r',
]
const osRelease = [
  'ID=debian\nVERSION_ID="12"\nNAME="Debian GNU/Linux"\n',
  "ID='fedora'\nVERSION_ID=45\n",
]
const dpkgStatus = [
  'Package: procps\nStatus: install ok installed\nVersion: 2:4.0.2-3\n\nPackage: gdb\nStatus: deinstall ok config-files\nVersion: 13\n\n',
]
const dpkgList = ['/.\n/etc\n/etc/sysctl.d\n/etc/sysctl.d/10-ptrace.conf\n']
const diversions = ['/etc/sysctl.d/10-ptrace.conf\n/etc/sysctl.d/10-ptrace.conf.orig\n:\n']
const apkInstalled = [
  'P:busybox\nV:1.36\nF:etc/sysctl.d\nR:10-ptrace.conf\n\nP:gdb\nV:13\nF:usr/bin\nR:gdb\n\n',
]
const pacmanDesc = ['%NAME%\nprocps-ng\n\n%VERSION%\n4.0.4-3\n\n']
const pacmanFiles = ['%FILES%\netc/\netc/sysctl.d/\netc/sysctl.d/10-ptrace.conf\n\n']

const filesOf = (text: string) => ({ read: () => text, link: () => text })

/** Of files of a machine. */
export const machineProperties: readonly Property[] = [
  property(
    'the lines of a file do not depend on the pieces in which it is read',
    fc.record({
      text: mutated(sysctls, sysctlWords),
      ends: fc.array(fc.nat(200), { maxLength: 6 }),
      cut: fc.constantFrom(systemdCut, getlineCut),
    }),
    ({ text, ends, cut }) => {
      const bytes = Buffer.from(text, 'latin1')
      const places = [0, ...[...ends].sort((a, b) => a - b), bytes.length]
      const pieces = places.slice(1).map((end, i) => bytes.subarray(places[i], end))
      const [whole, pieced] = [[bytes], pieces].map((each) =>
        JSON.stringify([...cutLines(each, cut)]),
      )
      require(whole === pieced, () => `${whole} and ${pieced}`)
    },
  ),
  property(
    'what a file of sysctl.d says is told with its line, in words that nothing obeys',
    fc.tuple(mutated(sysctls, sysctlWords), fc.constantFrom(...Object.values(grammars))),
    ([text, grammar]) => {
      const root = machineOf({ 'etc/sysctl.d/x.conf': text })
      const { entries, problems } = contents(root, '/etc/sysctl.d/x.conf', grammar)
      const lines = text.split(/[\n\r\0]/).length
      for (const { line, value } of entries) {
        require(line >= 1 && line <= lines, () => `line ${line} of ${lines}`)
        if (value !== null) writtenScope(value)
      }
      for (const problem of problems) require(problem.length < 1000, () => 'a problem is too long')
    },
  ),
  property(
    'a pattern of a file finds the key or not, in time',
    fc.array(
      fc.constantFrom('*', '?', '[', ']', '!', '-', 'p', 'kernel', '/', '{', ',', '}', '\\', '.'),
      {
        maxLength: 60,
      },
    ),
    (parts) => {
      const pattern = parts.join('')
      globPath(pattern, 'kernel/yama/ptrace_scope', true)
      globPath(pattern, 'kernel/yama/ptrace_scope', false)
      matchName(pattern, 'p'.repeat(200))
    },
  ),
  property(
    'os-release, the list of modules, the scope and a container are read or unknown',
    mutated(
      [
        ...osRelease,
        'lockdown,capability,yama,apparmor\n',
        '1\n',
        '0::/kubepods/x\n',
        'engine="podman"\n',
      ],
      ['ID=', 'VERSION_ID=', 'yama', '"'],
    ),
    (text) => {
      const files = filesOf(text)
      const { id, version } = osOf(files)
      for (const each of [id, version]) {
        require(each === null || (each !== '' && !each.includes('\n')), () => JSON.stringify(each))
      }
      const { value } = declaredBy(files)
      require(value === null || [0, 1, 2, 3].includes(value), () => `scope ${value}`)
      lsmOf(files)
      containerOf(files)
    },
  ),
  property(
    'settings of any tree are an answer, whatever its files are',
    fc.record({
      'etc/os-release': mutated(osRelease, ['ID=', 'arch', 'alpine', 'fedora']),
      'etc/sysctl.d/10-ptrace.conf': mutated(sysctls, sysctlWords),
      'var/lib/dpkg/status': mutated(dpkgStatus, ['Package: ', 'Status: ', 'Version: ']),
      'var/lib/dpkg/info/procps.list': mutated(dpkgList, ['/etc/sysctl.d/10-ptrace.conf']),
      'var/lib/dpkg/diversions': mutated(diversions),
      'lib/apk/db/installed': mutated(apkInstalled, ['P:', 'F:', 'R:', '\n\n']),
      'var/lib/pacman/local/procps-ng-4/desc': mutated(pacmanDesc, ['%NAME%', '%VERSION%']),
      'var/lib/pacman/local/procps-ng-4/files': mutated(pacmanFiles, ['%FILES%']),
      'proc/cmdline': mutated(
        ['quiet sysctl.kernel.yama.ptrace_scope=2 ro\n'],
        ['sysctl.', '"', '='],
      ),
    }),
    async (files) => {
      const report = await settings({ root: machineOf(files) })
      JSON.stringify(report)
      const { value } = report.persistent
      require(value === null || [0, 1, 2, 3].includes(value), () => `scope ${value}`)
      for (const { line } of report.assignments)
        require(line === null || line >= 1, () => `line ${line}`)
    },
  ),
  property(
    "rpm's database is an answer or a sentence, whatever its bytes are",
    fc.uint8Array({ maxLength: 300 }),
    async (bytes) => {
      const root = machineOf({
        'etc/os-release': 'ID=fedora\nVERSION_ID=45\n',
        'etc/sysctl.d/10-ptrace.conf': 'kernel.yama.ptrace_scope = 1\n',
        'usr/lib/sysimage/rpm/rpmdb.sqlite': `SQLite format 3\0${Buffer.from(bytes).toString('latin1')}`,
      })
      const { problems } = await settings({ root })
      require(problems.length > 0, () => 'a database that is none is believed')
      for (const problem of problems) requireVisible(problem, 'the problem')
    },
  ),
]
