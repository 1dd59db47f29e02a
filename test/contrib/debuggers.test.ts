import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { bin } from '../helpers/cli.js'
import { needs } from '../helpers/needs.js'
import { ended, root } from '../helpers/node.js'
import {
  outcomes,
  ownOf,
  type Preflight,
  type PreflightDebugger,
  preflightDebuggers,
  preflightsOf,
  sessionOf,
} from '../helpers/preflights.js'

const canMake = needs.all(needs.root(), needs.program('cc'), needs.program('setpriv'))
const guest = join(root, 'test/kernels/guest')
const directory = t.testdir()
chmodSync(directory, 0o777)

const page = readFileSync(join(root, 'docs/guide/debuggers.md'), 'utf8')
const asUser = ['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups', '--']
const absent = 4_194_304 // the kernel's highest PID is one less (PID_MAX_LIMIT)

/** What uid 1000 meets, and root, on a kernel that does not restrict them further. */
const refusals: Readonly<Record<string, string | null>> = {
  plain: null,
  'other-user': 'owner',
  'not-dumpable': 'not-dumpable',
  root: 'owner',
  zombie: 'zombie',
  'already-traced': 'already-traced',
  absent: 'no-such-process',
}

/** Processes of every kind, until the test is over. */
async function makeTargets(): Promise<Readonly<Record<string, number>>> {
  const [program, confine] = [join(directory, 'targets'), join(directory, 'confine')]
  execFileSync('cc', ['-pthread', '-o', program, join(guest, 'judges/targets.c')])
  execFileSync('cc', ['-o', confine, join(guest, 'confine.c')])
  const child = spawn(program, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
  return { ...JSON.parse(String(value)), absent }
}

/** Everything that the debugger printed, on both of its outputs. */
async function session(
  found: PreflightDebugger,
  script: string,
  wrapper: readonly string[],
): Promise<string> {
  const file = join(directory, `${found.id}-script`)
  writeFileSync(file, script)
  const [shell = '', ...line] = sessionOf(found, ['env', '-u', 'NODE_OPTIONS', ...wrapper], file)
  const child = spawn(shell, line, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...{ PATH: process.env['PATH'], HOME: directory, LC_ALL: 'C', TERM: 'dumb' },
      ...found.environment,
      PTRACE_PROBE_COMMAND: `'${process.execPath}' '${bin}'`,
    },
  })
  return (await ended(child)).stdout
}

/** What has to come of an attach; without a terminal gdb has no hook. */
function cameOf({ id }: PreflightDebugger, said: string): Partial<Preflight> {
  return { ...outcomes[said], ...(id === 'gdb' ? { hooked: null } : {}) }
}

t.test('what the preflights say is what the debuggers then meet', canMake, async (t) => {
  const targets = await makeTargets()
  const pids = Object.keys(refusals).map((name) => targets[name] ?? 0)
  for (const found of preflightDebuggers) {
    const installed = needs.program(found.command)
    const file = join(root, 'contrib', found.file)
    t.test(`${found.id} as an ordinary user`, installed, async (t) => {
      const printed = await session(found, found.script(file, pids), asUser)
      const seen = preflightsOf(found, pids, printed)
      if (found.id === 'gdb') {
        const shown = page.split('(gdb) preflight 123\n')[1]?.split('\n```')[0] ?? 'no example'
        const { pid, text = '' } = seen.find(({ pid }) => pid === targets['other-user']) ?? {}
        t.match(
          text.replaceAll(`targets (${pid})`, 'sleep (123)').replaceAll(`${pid}`, '123'),
          shown,
        )
      }
      for (const [i, [name, cause]] of Object.entries(refusals).entries()) {
        const said = cause === null ? 'allowed' : 'denied'
        t.match(seen[i], { said, cause, ...cameOf(found, said) }, name, { printed })
      }
    })

    t.test(`${found.id} as root`, installed, async (t) => {
      const printed = await session(found, found.script(file, pids), [])
      const seen = preflightsOf(found, pids, printed)
      for (const [i, [name, cause]] of Object.entries(refusals).entries()) {
        const isAllowed = !['zombie', 'already-traced', 'no-such-process'].includes(String(cause))
        const expected = isAllowed ? { said: 'allowed', cause: null } : { said: 'denied', cause }
        t.match(seen[i], { ...expected, ...cameOf(found, expected.said) }, name, { printed })
      }
    })

    t.test(`${found.id} under a filter of ptrace`, installed, async (t) => {
      const confine = [...asUser, join(directory, 'confine'), 'ptrace=eperm', '--']
      const [plain = 0] = pids
      const printed = await session(found, found.script(file, [plain]), confine)
      const [seen] = preflightsOf(found, [plain], printed)
      const expected = { said: 'denied', cause: 'seccomp', ...cameOf(found, 'denied') }
      t.match(seen, expected, { printed })
    })
    if (found.isTyped) continue // for it only attach-checked is another command

    if (found.id === 'gdb') {
      t.test('gdb may attach to what it started itself', async (t) => {
        const printed = await session(found, found.script(file, []), asUser)
        const [seen] = preflightsOf(found, [ownOf(printed)], printed)
        t.match(seen, { said: 'allowed', did: 'attached' }, { printed })
      })
    }

    t.test(`${found.id}'s attach-checked obeys the verdict`, async (t) => {
      const [plain = 0, other = 0] = pids
      const attach = (pid: number): Promise<string> => {
        const end = found.id === 'gdb' ? 'detach' : 'process detach'
        const load = found.id === 'gdb' ? 'source' : 'command script import'
        const script = `${load} ${file}\nattach-checked ${pid}\n${end}\n`
        return session(found, script, asUser)
      }
      t.match(await attach(plain), found.attached(plain))
      const refused = await attach(other)
      t.match(
        refused,
        /denied: .+\n {2}.+\n {2}cause: owner \(proved\)\n {2}what would change it: /,
      )
      t.notMatch(refused, found.refused, 'the kernel was not asked to attach')
    })
  }
})
