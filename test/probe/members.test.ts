import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { needs } from '../helpers/needs.js'
import { root } from '../helpers/node.js'

/** Which capabilities a process holds, and whether it may gain others. */
interface Privileges {
  readonly permitted: bigint
  readonly noNewPrivs: boolean
}

const sysPtrace = 1n << 19n

function privilegesOf(status: string): Privileges {
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\w+)`, 'm').exec(status)?.[1] ?? '0'
  return { permitted: BigInt(`0x${field('CapPrm')}`), noNewPrivs: field('NoNewPrivs') === '1' }
}

/**
 * Stops each tracer once, when it asks to read memory, and answers what every process of the
 * measurement held then.
 */
async function heldPrivileges(): Promise<Set<string>> {
  const probe = `import { probeSync } from ${JSON.stringify(join(root, 'dist/index.js'))}
    probeSync({ timeoutMs: 120_000 })`
  const child = spawn(
    'strace',
    [
      ...['-f', '-qq', '-e', 'signal=none', '-e', 'trace=process_vm_readv'],
      ...['-e', 'inject=process_vm_readv:signal=SIGSTOP:when=1'],
      ...['-o', '|cat', process.execPath, '--input-type=module', '-e', probe],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const held = new Set<string>()
  // Each line is a tracer that was stopped in this call.
  let text = ''
  for await (const part of child.stdout) {
    text += String(part)
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const [pid = ''] = text.slice(0, end).split(' ')
      text = text.slice(end + 1)
      for (const { permitted, noNewPrivs } of await whileStopped(Number(pid))) {
        held.add(`${permitted} ${noNewPrivs}`)
      }
    }
  }
  return held
}

/** What the members of its measurement hold while it is stopped; it goes on until it has ended. */
async function whileStopped(pid: number): Promise<readonly Privileges[]> {
  const held: Privileges[] = []
  for (let tracer = statOf(pid); tracer !== null; tracer = statOf(pid)) {
    // A SIGCONT before it stops would take the SIGSTOP back.
    if (/^[tT]$/.test(tracer.state)) {
      const seen = members(tracer.group)
      // While this one lives, no member of another family is being made.
      if (statOf(pid) !== null) held.push(...seen)
      goesOn(pid)
    }
    await setImmediate()
  }
  return held
}

/** Continues it, unless it has ended. */
function goesOn(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Its state and its process group; null: it has ended. */
function statOf(pid: number): { readonly state: string; readonly group: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? null : { state, group: Number(group) }
  } catch {
    return null
  }
}

/** The processes of a measurement, but not its supervisor, which leads their group. */
function members(group: number): Privileges[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(group))
    .filter((pid) => statOf(Number(pid))?.group === group)
    .flatMap((pid) => {
      try {
        return [privilegesOf(readFileSync(`/proc/${pid}/status`, 'utf8'))]
      } catch {
        return [] // it has ended
      }
    })
}

t.test(
  'as root a member holds no capability that its cells do not need',
  needs.all(needs.root(), needs.program('strace')),
  async (t) => {
    const all = privilegesOf(readFileSync('/proc/self/status', 'utf8')).permitted
    const found = await heldPrivileges()
    const expected = [
      `${all & sysPtrace} true`, // caller
      '0 true', // unprivileged
      `${all & ~sysPtrace} false`, // owner: its tracer
    ]
    for (const each of expected) t.ok(found.has(each), each)
    // A target of owner's has every capability in the user namespace that it has made, and only there.
    const inside = [...found].filter((each) => !expected.includes(each))
    t.ok(inside.every((each) => each.endsWith(' false')) && inside.length <= 1, inside.join())
  },
)
