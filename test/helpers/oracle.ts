/** A small root in which the real readers of sysctl.d(5) run, with a /proc/sys of plain files. */

import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, posix } from 'node:path'

/** The real readers. */
export const programs = {
  'systemd-sysctl': '/usr/lib/systemd/systemd-sysctl',
  procps: '/usr/sbin/sysctl',
}

/** What the readers' root has besides the tree. */
const tools = 'opt'
const scope = 'proc/sys/kernel/yama/ptrace_scope'

/** Makes the root; `remove` ends it. */
export function makeRoot(): { readonly root: string; readonly remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), 'ptrace-probe-sysctl-'))
  mkdirSync(join(root, tools))
  for (const program of Object.values(programs)) {
    if (!existsSync(program)) continue
    copyFileSync(program, join(root, tools, basename(program)))
    const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' })
    for (const [, library = ''] of stdout.matchAll(/(\/\S+) \(0x/g)) {
      copyFileSync(library, join(root, tools, basename(library)))
    }
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) }
}

/** Removes the last tree, and puts the files of the kernel in place. */
export function clear(root: string): void {
  for (const each of ['etc', 'run', 'usr', 'lib', 'proc']) {
    rmSync(join(root, each), { recursive: true, force: true })
  }
  for (const each of ['kernel/yama', 'kernel/other', 'net/core']) {
    mkdirSync(join(root, 'proc/sys', each), { recursive: true })
  }
  for (const each of ['kernel/pid_max', 'net/core/somaxconn']) {
    writeFileSync(join(root, 'proc/sys', each), '')
  }
  writeFileSync(join(root, scope), 'none\n')
}

/** What a real reader writes to the file of the scope, in order. */
export function writes(root: string, reader: keyof typeof programs): readonly string[] {
  const program = `/${tools}/${basename(programs[reader])}`
  const loader = `/${tools}/ld-linux-${process.arch === 'arm64' ? 'aarch64.so.1' : 'x86-64.so.2'}`
  const { status, stdout, stderr, error, signal } = spawnSync(
    'chroot',
    [
      root,
      loader,
      '--library-path',
      `/${tools}`,
      program,
      ...(reader === 'procps' ? ['--system'] : []),
    ],
    {
      encoding: 'latin1',
      maxBuffer: 1 << 28,
      timeout: 20_000,
      env: { PATH: process.env['PATH'], SYSTEMD_LOG_LEVEL: 'debug', SYSTEMD_LOG_TARGET: 'console' },
    },
  )
  if (error || signal) throw error ?? new Error(`${reader} ended by ${signal}`)
  // The loader's or chroot's own failures.
  if (status !== null && status >= 125) throw new Error(`${reader} did not start: ${stderr}`)
  if (reader === 'systemd-sysctl') {
    return [...stderr.matchAll(/^Setting '\/(proc\/.*)' to '([^\n]*)'$/gm)]
      .filter(([, path]) => path === scope)
      .map(([, , value = '']) => value)
  }
  // procps says what it has set, by the path that it used with dots and slashes exchanged.
  return [...stdout.matchAll(/^([^\n]*?) = ([^\n]*)$/gm)]
    .filter(([, key = '']) => {
      const path = key.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'))
      return posix.join('proc/sys', path) === scope
    })
    .map(([, , value = '']) => value)
}
