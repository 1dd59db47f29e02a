import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { judge } from '../../lib/attach/verdict.js'
import type { Threads } from '../../lib/engine/examination.js'
import { canAttachSync } from '../../lib/index.js'
import { circumstances, examination } from '../helpers/examinations.js'
import { needs } from '../helpers/needs.js'
import { built, ended, run } from '../helpers/node.js'

const maker = needs.all(needs.root(), needs.program('cc'))
const program = join(t.testdir(), 'targets')
if (maker.skip === false) {
  const source = fileURLToPath(new URL('../kernels/guest/judges/targets.c', import.meta.url))
  execFileSync('cc', ['-std=gnu11', '-pthread', '-o', program, source])
}

/** Processes whose threads differ, by their names. */
async function made(t: Test): Promise<Readonly<Record<string, number>>> {
  const targets = spawn(program, ['--threads'], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => targets.kill('SIGKILL'))
  const [line] = (await once(targets.stdout as Readable, 'data')) as [Buffer]
  return JSON.parse(String(line))
}

/** What a process of uid 1000 is told. */
async function toldTo1000(pid: number | undefined): Promise<string> {
  const { stdout } = await run(
    `import { canAttachSync } from ${JSON.stringify(built)}
     const { verdict, causes } = canAttachSync(${pid})
     console.log(verdict, ...causes.flatMap(({ id, thread }) => thread === undefined ? [] : [id]))`,
    { uid: 1000, gid: 1000 },
  )
  return stdout.trim()
}

t.test('a process is traced if one of its threads is', maker, async (t) => {
  const pid = (await made(t))['thread-traced'] ?? 0
  const verdict = canAttachSync(pid)
  t.match(verdict, { verdict: 'denied', causes: [{ id: 'already-traced', certainty: 'proved' }] })
  const [cause] = verdict.causes
  t.match(readFileSync(`/proc/${pid}/task/${cause?.thread}/status`, 'utf8'), /^TracerPid:\t[1-9]/m)
  t.match(verdict.message, `its thread ${cause?.thread} is refused`)
  t.match(verdict.remedies[0], { id: 'attach-to-one-thread', command: `strace -p ${pid}` })
})

t.test(
  'a debugger that wants every thread fails there, and one that wants the first does not',
  needs.all(maker, needs.program('eu-stack'), needs.program('strace')),
  async (t) => {
    const pid = String((await made(t))['thread-traced'])
    const stack = await ended(spawn('eu-stack', ['-p', pid]))
    t.not(stack.code, 0)
    t.match(stack.stderr, /Operation not permitted/)
    const strace = spawn('strace', ['-p', pid], { stdio: ['ignore', 'ignore', 'pipe'] })
    const [line] = (await once(strace.stderr as Readable, 'data')) as [Buffer]
    t.match(String(line), `Process ${pid} attached`)
    strace.kill()
    await ended(strace)
  },
)

t.test('a thread that has other ids keeps an ordinary user away, not root', maker, async (t) => {
  const pid = (await made(t))['thread-other-user']
  t.match(canAttachSync(pid ?? 0), { verdict: 'allowed', causes: [] })
  t.match(await toldTo1000(pid), /^denied.* owner$/)
})

t.test(
  'an attach to a process that cannot finish its execve hangs, and none is promised',
  needs.all(maker, needs.program('strace')),
  async (t) => {
    const pid = (await made(t))['executing'] ?? 0
    t.match(canAttachSync(pid), {
      verdict: 'undetermined',
      message: /its thread \d+ has ended and its tracer has not taken notice/,
    })
    const strace = spawn('strace', ['-p', String(pid)], { stdio: 'ignore' })
    const end = ended(strace)
    // proc_pid_syscall(5) shows the call of a process that sleeps in it.
    const isWaiting = () => {
      const text = readFileSync(`/proc/${strace.pid}/syscall`, 'utf8')
      return text.split(' ')[1] === '0x4206' // PTRACE_SEIZE
    }
    while (strace.exitCode === null && !isWaiting()) await turn()
    t.equal(strace.exitCode, null, 'strace waits in PTRACE_SEIZE')
    strace.kill('SIGKILL')
    await end
  },
)

t.test(
  'a process that waits for a child of vfork(2) can be seized, and an attach does not stop it',
  needs.all(maker, needs.program('strace'), needs.program('gdb')),
  async (t) => {
    const pid = (await made(t))['vfork-parent'] ?? 0
    const message = /: it waits for a child of vfork\(2\)/
    t.match(canAttachSync(pid), { verdict: 'undetermined', message })
    t.match(canAttachSync(pid, { tracer: `pid:${process.ppid}` }), {
      verdict: 'undetermined',
      message,
    })
    t.match(canAttachSync(pid, { method: 'seize' }), { verdict: 'allowed' })
    t.match(canAttachSync(pid, { method: 'vm-read' }), { verdict: 'allowed' })
    const strace = spawn('strace', ['-p', String(pid)], { stdio: ['ignore', 'ignore', 'pipe'] })
    const [line] = (await once(strace.stderr as Readable, 'data')) as [Buffer]
    t.match(String(line), `Process ${pid} attached`)
    strace.kill('SIGKILL') // it waits for the stop as well before it lets go
    await ended(strace)
    const gdb = spawn('gdb', ['-nx', '-batch', '-p', String(pid)], { stdio: 'ignore' })
    const end = once(gdb, 'exit')
    const sees = (file: string, text: RegExp) => {
      return text.test(readFileSync(`/proc/${file}`, 'utf8'))
    }
    // It traces the process, and waits for its stop.
    while (gdb.exitCode === null && !sees(`${pid}/status`, /^TracerPid:\t[1-9]/m)) await turn()
    while (gdb.exitCode === null && !sees(`${gdb.pid}/stat`, /\) S /)) await turn()
    t.ok(sees(`${pid}/stat`, /\) D /), 'gdb has attached, and it has not stopped')
    gdb.kill('SIGKILL')
    await end
  },
)

const sysPtrace = 1n << 19n
const around = circumstances()
const some: Threads = {
  isComplete: true,
  lookedAt: 3,
  suspect: null,
  unreaped: 0,
  inVfork: 0,
  isWaiting: false,
}
const traced = examination('granted', { tracer: 77, threadGroup: 1234 }, {}, { pid: 1236 })

for (const [title, threads, expected] of [
  ['threads that are like the first one change nothing', {}, { verdict: 'allowed' }],
  [
    'a process with more threads than are looked at is not called open',
    { isComplete: false, lookedAt: 4096 },
    { verdict: 'undetermined', message: /of its other threads only 4096 were looked at/ },
  ],
  [
    'one of them is enough to refuse the whole',
    { suspect: traced },
    {
      verdict: 'denied',
      cause: 'already-traced',
      causes: [{ thread: 1236 }],
      message: /its thread 1236 is refused, because gdb \(77\) traces it already; gdb attaches to/,
    },
  ],
  [
    'a thread that ended while it was looked at keeps no debugger away',
    { suspect: examination('granted', { state: 'Z' }, {}, { pid: 1236, ended: true }) },
    { verdict: 'allowed' },
  ],
  [
    'a thread that may be refused, and cannot be asked about, leaves it open',
    { suspect: examination('granted', {}, {}, { pid: 1236, pidfdGetfd: null }) },
    { verdict: 'undetermined', message: /no oracle tells whether its thread 1236 is refused/ },
  ],
  [
    'a thread that is refused for a reason that cannot be seen leaves it open',
    {
      suspect: examination(
        'refused',
        {},
        { capEffective: sysPtrace, capPermitted: sysPtrace },
        { pid: 1236 },
      ),
    },
    {
      verdict: 'undetermined',
      message: /its thread 1236 is refused, and no rule that can be seen/,
    },
  ],
  [
    'a thread that waits for a child of vfork(2) lets no attach to the whole come to its end',
    { inVfork: 1236 },
    { verdict: 'undetermined', message: /its thread 1236 waits for a child of vfork\(2\)/ },
  ],
  ['a dead thread alone is no execve', { unreaped: 1236 }, { verdict: 'allowed' }],
] as const) {
  t.test(title, async (t) => {
    const process = examination('granted', {}, {}, { threads: { ...some, ...threads } })
    t.match(judge(process, around), expected)
  })
}

t.test('a rule that refuses the first thread is not told again for another', async (t) => {
  const refused = { uids: [0, 0, 0], filesUid: 0 } as const
  const suspect = examination('refused', { ...refused, tracer: 77 }, {}, { pid: 1236 })
  const process = examination('refused', refused, {}, { threads: { ...some, suspect } })
  t.strictSame(
    judge(process, around).causes.map(({ id, thread }) => [id, thread]),
    [
      ['owner', undefined],
      ['not-dumpable', undefined],
      ['already-traced', 1236],
    ],
  )
})

t.test('a first thread that has ended may be what executes a program', async (t) => {
  const threads = { ...some, unreaped: 1236, isWaiting: true }
  const process = examination('granted', { state: 'Z' }, {}, { pidfdGetfd: 3, threads })
  t.match(judge(process, around), { verdict: 'undetermined' })
})
