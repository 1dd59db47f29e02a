import { once } from 'node:events'
import { existsSync, watch } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

import type { Ended } from '../../helpers/node.js'
import { playbook } from '../../helpers/playbook.js'
import { demand, run } from '../host.js'
import { bootStable } from '../stable.js'
import type { Host } from './hosts.js'
import { doorway, type Plan, type Results } from './results.js'

const guest = fileURLToPath(new URL('../guest', import.meta.url))
/** Who comes over SSH. */
export const user = 'visitor'

/** A fleet that is up. */
export interface Fleet {
  /** Plays contrib/ansible/playbook.yml. */
  play(variables: Readonly<Record<string, unknown>>): Promise<Ended>
}

/** A host that came and went. */
export interface Gone {
  readonly results: Results
  readonly seconds: number
}

interface Keys {
  /** The visitor's, private. */
  readonly visitor: string
  /** That of all hosts, private, as dropbear keeps it. */
  readonly host: string
  /** Such as `ssh-ed25519 AAAA`. */
  readonly hostPublic: string
}

interface Machine {
  readonly host: Host
  readonly port: number
  /** When it listens. */
  readonly up: Promise<void>
  readonly gone: Promise<Gone>
}

/**
 * Boots the hosts at once, and lets `visit` play with them when all can be reached.
 *
 * @param directory - gets the keys and what Ansible needs
 * @param say - hears what a reader of the test's output should know
 * @returns what each host found on itself, in their order
 * @throws Error with one sentence, if a program that this needs is not installed
 */
export async function withFleet(
  hosts: readonly Host[],
  directory: string,
  visit: (fleet: Fleet) => Promise<void>,
  say: (message: string) => void,
): Promise<Gone[]> {
  demand(['ansible-playbook', 'dropbear', 'dropbearkey', 'ssh', 'ssh-keygen', 'sudo'])
  const keys = await makeKeys(directory)
  const ports = await freePorts(hosts.length)
  const machines = hosts.map((host, i) => start(host, ports[i] ?? 0, keys, say))
  const known = join(directory, 'known_hosts')
  const lines = ports.map((port) => `[127.0.0.1]:${port} ${keys.hostPublic}\n`)
  await writeFile(known, lines.join(''))
  const options = ['-F', '/dev/null', '-o', `UserKnownHostsFile=${known}`]
  const inventory = join(directory, 'inventory.json')
  await writeFile(inventory, inventoryOf(machines, keys, options))
  const leave = async ({ up, port }: Machine) => {
    await up
    const to = ['-i', keys.visitor, '-p', String(port), `${user}@127.0.0.1`]
    await run('ssh', [...options, '-o', 'BatchMode=yes', ...to, `echo > ${doorway}`])
  }
  try {
    await Promise.all(machines.map(({ up }) => up))
    await visit({ play: (variables) => playbook(inventory, variables, directory) })
  } finally {
    await Promise.allSettled(machines.map(leave))
  }
  return Promise.all(machines.map(({ gone }) => gone))
}

async function makeKeys(directory: string): Promise<Keys> {
  const [visitor, host] = [join(directory, 'visitor'), join(directory, 'hostkey')]
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', visitor])
  const said = String(await run('dropbearkey', ['-t', 'ed25519', '-f', host]))
  const [hostPublic] = /^ssh-ed25519 \S+/m.exec(said) ?? []
  if (hostPublic === undefined) throw new Error(`dropbearkey printed no public key: ${said}`)
  return { visitor, host, hostPublic }
}

/** Ports that are free, and not the same. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('There is no port')
    return address.port
  })
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

function start(host: Host, port: number, keys: Keys, say: (message: string) => void): Machine {
  const given = new AbortController()
  let listens: () => void
  let fails: (error: unknown) => void
  const up = new Promise<void>((done, fail) => {
    listens = done
    fails = fail
  })
  const pack = async (lane: string) => {
    await fill(lane, host, keys)
    appears(lane, 'ready', given.signal).then(listens, fails)
  }
  const gone = bootStable<Results>(pack, say, host.append, port)
  // If it never comes up, this says why.
  gone.catch((error: unknown) => fails(error)).finally(() => given.abort())
  return { host, port, up, gone }
}

async function fill(lane: string, { name }: Host, keys: Keys): Promise<void> {
  await build({
    entryPoints: [join(guest, 'fleet/walk.ts')],
    outdir: lane,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  })
  const plan: Plan = { name, user }
  await writeFile(join(lane, 'plan.json'), JSON.stringify(plan))
  await writeFile(join(lane, 'package.json'), '{"type":"module"}')
  await mkdir(join(lane, 'changed'))
  await cp(join(guest, 'main'), join(lane, 'main'))
  await cp(keys.host, join(lane, 'hostkey'))
  await cp(`${keys.visitor}.pub`, join(lane, 'visitor.pub'))
}

/** Waits until a file of that name is there. */
async function appears(directory: string, name: string, signal: AbortSignal): Promise<void> {
  const watcher = watch(directory, { signal })
  while (!existsSync(join(directory, name))) await once(watcher, 'change', { signal })
  watcher.close()
}

function inventoryOf(machines: readonly Machine[], keys: Keys, options: readonly string[]): string {
  const entries = machines.map(({ host, port }) => [
    host.name,
    {
      ansible_host: '127.0.0.1',
      ansible_port: port,
      ansible_user: user,
      ansible_ssh_private_key_file: keys.visitor,
      ansible_ssh_common_args: options.join(' '),
      ansible_python_interpreter: '/usr/bin/python3',
      ptrace_probe_fact: host.fact,
    },
  ])
  return JSON.stringify({ all: { hosts: Object.fromEntries(entries) } })
}
