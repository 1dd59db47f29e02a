import { spawn } from 'node:child_process'
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { access, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** The Debian package that has each program that the lane runs on this machine. */
const packages = {
  'apt-get': 'apt',
  'aarch64-linux-gnu-gcc': 'gcc-aarch64-linux-gnu',
  busybox: 'busybox-static',
  cc: 'gcc',
  cpio: 'cpio',
  dpkg: 'dpkg',
  dropbear: 'dropbear-bin',
  dropbearkey: 'dropbear-bin',
  'ansible-playbook': 'ansible-core',
  lz4: 'lz4',
  modinfo: 'kmod',
  'qemu-system-aarch64': 'qemu-system-arm',
  'qemu-system-x86_64': 'qemu-system-x86',
  secilc: 'secilc',
  setpriv: 'util-linux',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  sudo: 'sudo',
  xz: 'xz-utils',
  zstd: 'zstd',
} as const

export type Tool = keyof typeof packages

/** Where users' shells may not look, but modinfo lives. */
const searchPath = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`

/** The path of a program, or undefined. */
export function locate(tool: Tool): string | undefined {
  return searchPath
    .split(':')
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, tool))
    .find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** @throws Error with one sentence that says what to install, if a program is missing. */
export function demand(tools: readonly Tool[]): void {
  const missing = tools.filter((tool) => {
    const path = locate(tool)
    return path === undefined || (tool === 'busybox' && !isStatic(path))
  })
  if (missing.length === 0) return
  const wanted = [...new Set(missing.map((tool) => packages[tool]))].join(' ')
  throw new Error(`The kernel lane lacks ${missing.join(', ')}: apt-get install ${wanted}`)
}

/** The guest's first process has no libraries, so a busybox that needs them is as good as none. */
function isStatic(path: string): boolean {
  return !readFileSync(path).includes('/ld-linux')
}

/**
 * Runs a program to its end and returns its standard output.
 *
 * @throws Error with the end of its standard error, if it does not exit with 0.
 */
export function run(
  command: string,
  args: readonly string[],
  {
    env = {},
    cwd,
    input = '',
  }: { env?: NodeJS.ProcessEnv; cwd?: string; input?: string | Buffer } = {},
): Promise<Buffer> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, PATH: searchPath, LC_ALL: 'C', NODE_OPTIONS: '', ...env },
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.stdin.on('error', () => {}) // EPIPE: its exit status says more
    child.stdin.end(input)
    child.on('error', fail)
    child.on('close', (status, signal) => {
      if (status === 0) return done(Buffer.concat(stdout))
      const end = Buffer.concat(stderr).toString().trim().split('\n').slice(-12).join('\n')
      fail(new Error(`${command} ${args.join(' ')} ended with ${status ?? signal}: ${end}`))
    })
  })
}

/** Outside of the repository, so that a fresh clone finds what an earlier one fetched. */
export const cache = resolve(
  process.env['PTRACE_PROBE_CACHE'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ptrace-probe'),
)

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/**
 * An entry of the cache, made by `make` if it is not there. It is made beside its place and renamed
 * into it: an entry is complete or absent, also when two runs make it at once or one is killed.
 */
export async function entry(
  name: string,
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const place = join(cache, name)
  if (await exists(place)) return place
  const draft = temporary(cache, 'draft-')
  try {
    await make(draft)
    mkdirSync(resolve(place, '..'), { recursive: true })
    await rename(draft, place).catch(async (error: NodeJS.ErrnoException) => {
      if (!(await exists(place))) throw error // else another run was first, with the same
    })
  } finally {
    await discard(draft)
  }
  return place
}

const temporaries = new Set<string>()

/** A new directory that is gone when this process is, or when it is discarded. */
export function temporary(parent: string, prefix: string): string {
  mkdirSync(parent, { recursive: true })
  const directory = mkdtempSync(join(parent, prefix))
  temporaries.add(directory)
  return directory
}

export async function discard(directory: string): Promise<void> {
  temporaries.delete(directory)
  await rm(directory, { recursive: true, force: true })
}

process.on('exit', () => {
  for (const directory of temporaries) rmSync(directory, { recursive: true, force: true })
})
