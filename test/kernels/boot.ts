import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { locate } from './host.js'

/** One run of one machine. */
export interface Machine {
  readonly arch: 'amd64' | 'arm64'
  readonly kernel: string
  readonly initrd: string
  /** More words for the kernel's command line. */
  readonly append: string
  /** The directory that becomes the guest's root; nothing in it changes. */
  readonly root: string
  /** Node's path below `root`. */
  readonly node: string
  /** What the guest sees as /run/project. */
  readonly project: string
  /** What the guest sees as /run/lane, writable: its program, and what comes back. */
  readonly lane: string
  /** The port of 127.0.0.1 that leads to the guest's port 22; without it there is no network. */
  readonly port?: number | undefined
}

/** Several times what the longest of them needs on a busy machine: only a hang reaches it. */
const limitMs = 600_000

const boards = {
  amd64: {
    tool: 'qemu-system-x86_64',
    flags: ['-M', 'pc', '-cpu', 'max'],
    console: 'ttyS0',
    // On a busy host the emulated timer may be late, and the kernel would give up.
    append: 'no_timer_check',
  },
  arm64: {
    tool: 'qemu-system-aarch64',
    flags: ['-M', 'virt', '-cpu', 'cortex-a57'],
    console: 'ttyAMA0',
    append: '',
  },
} as const

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1))
}

/**
 * Boots the machine and waits until it has switched itself off.
 *
 * @throws Error with the end of its console, if it did not come to the end of its program.
 */
export async function boot(machine: Machine): Promise<void> {
  const { tool, flags, console, append } = boards[machine.arch]
  const accelerator = process.env['PTRACE_PROBE_ACCEL'] ?? 'tcg,thread=multi'
  const qemu = [
    // One processor: without acceleration, two cost more in keeping step than they give.
    ...[tool, ...flags, '-accel', accelerator, '-smp', '1', '-m', '1024'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-serial', `file:${option(join(machine.lane, 'console'))}`],
    ...['-kernel', machine.kernel, '-initrd', machine.initrd],
    '-append',
    `console=${console} quiet panic=-1 lane_node=${machine.node} ${append} ${machine.append}`,
    ...share('root', machine.root, true),
    ...share('project', machine.project, true),
    ...share('lane', machine.lane, false),
    ...network(machine.port),
  ]
  const end = await new Promise<string>((done, fail) => {
    // setpriv: should this process be killed, the kernel ends QEMU too.
    const child = spawn(
      'setpriv',
      ['--pdeathsig', 'KILL', locate(tool) ?? tool, ...qemu.slice(1)],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    running.add(child)
    let stderr = ''
    let late = false
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += String(chunk)
    })
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, limitMs)
    child.on('error', fail)
    child.on('close', (status, signal) => {
      clearTimeout(timer)
      running.delete(child)
      done(
        late ? `was killed after ${limitMs / 1000} s` : `ended with ${status ?? signal} ${stderr}`,
      )
    })
  })
  const read = (name: string) => readFile(join(machine.lane, name), 'utf8').catch(() => '')
  const status = (await read('status')).trim()
  if (status === '0') return
  const reason = status === '' ? `QEMU ${end}` : `The guest's program ended with ${status}`
  const tail = (text: string) => text.trimEnd().split('\n').slice(-25).join('\n')
  throw new Error(`${reason}\n${tail(await read('stderr'))}\n${tail(await read('console'))}`)
}

function share(tag: string, path: string, readonly: boolean): string[] {
  const words = `local,path=${option(path)},mount_tag=${tag},security_model=none,multidevs=remap`
  return ['-virtfs', readonly ? `${words},readonly=on` : words]
}

/** One way in, and none out. */
function network(port: number | undefined): string[] {
  if (port === undefined) return []
  const device = 'virtio-net-pci,netdev=net,romfile='
  return ['-netdev', `user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:${port}-:22`, '-device', device]
}

/** QEMU's way to write a comma inside of a value. */
function option(value: string): string {
  return value.replaceAll(',', ',,')
}
