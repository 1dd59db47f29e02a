import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { canAttach, canAttachSync } from '../../lib/index.js'
import { readSeccomp } from '../../lib/machine/facts.js'
import { needs } from '../helpers/needs.js'
import { built, ended, plainEnvironment, run, start } from '../helpers/node.js'
import { find, processes, sessionOf } from '../helpers/processes.js'
import { sleeper } from '../helpers/sleeper.js'

/** What the kernel counts when a process is woken or interrupted (proc_pid_status(5)). */
const switches = (pid: number) =>
  readFileSync(`/proc/${pid}/status`, 'utf8').match(/^(non)?voluntary_ctxt_switches:.*$/gm)

t.test(
  'an own child of the same user may be attached to unless the scope forbids it',
  async (t) => {
    const pid = await sleeper(t)
    const { verdict, cause } = canAttachSync(pid)
    if (verdict === 'denied') t.match(cause, /^yama-/)
    else t.match({ verdict, cause }, { verdict: 'allowed', cause: null })
  },
)

t.test('a thousand questions do not wake the target once', async (t) => {
  const pid = await sleeper(t)
  const before = switches(pid)
  for (let i = 0; i < 1000; i++) canAttachSync(pid)
  for (const tracer of ['child', 'stranger'] as const) canAttachSync(pid, { tracer })
  t.strictSame(switches(pid), before)
  t.equal(find(pid)?.state, 'S')
})

t.test('the synchronous and the asynchronous form agree', async (t) => {
  const pid = await sleeper(t)
  for (const tracer of ['self', 'child', 'stranger'] as const) {
    t.strictSame(await canAttach(pid, { tracer }), canAttachSync(pid, { tracer }))
  }
})

t.test('this process is no target for itself, nor is any thread of it', async (t) => {
  for (const name of readdirSync('/proc/self/task')) {
    t.match(canAttachSync(Number(name)), { verdict: 'denied', cause: 'self' })
  }
})

t.test('a process that has ended is not there', async (t) => {
  const child = spawn('true', { stdio: 'ignore' })
  await once(child, 'exit')
  t.match(canAttachSync(child.pid ?? 0), {
    verdict: 'denied',
    cause: 'no-such-process',
    target: null,
  })
})

t.test('an ended process that its parent has not waited for is a zombie', async (t) => {
  // The shell becomes a program that never waits, and only then its child may end.
  const parent = spawn('sh', ['-c', 'cat <&3 >&2 & echo $!; exec sleep 1000 3<&-'], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  })
  t.teardown(() => parent.kill('SIGKILL'))
  const [line] = (await once(parent.stdout as Readable, 'data')) as [Buffer]
  while (find(parent.pid ?? 0)?.name !== 'sleep') await turn()
  const hold = parent.stdio[3] as Writable
  hold.end()
  const pid = Number(line)
  while (find(pid)?.state !== 'Z') await turn()
  t.match(canAttachSync(pid), { verdict: 'denied', cause: 'zombie', certainty: 'proved' })
})

const kernelThread = processes().find(({ name }) => name === 'kthreadd')
const visible = { skip: kernelThread ? false : 'needs to see kernel threads, found none' } as const

t.test('a kernel thread is no target', visible, async (t) => {
  t.match(canAttachSync(kernelThread?.pid ?? 0), { verdict: 'denied', cause: 'kernel-thread' })
})

t.test('a traced process has its tracer already', needs.program('strace'), async (t) => {
  const pid = await sleeper(t)
  const tracer = spawn('strace', ['-p', String(pid)], { stdio: ['ignore', 'ignore', 'pipe'] })
  await once(tracer.stderr, 'data')
  const verdict = canAttachSync(pid)
  tracer.kill()
  await once(tracer, 'exit')
  if (verdict.causes.some(({ id }) => id.startsWith('yama-'))) return
  t.match(verdict, { verdict: 'denied', cause: 'already-traced' })
  t.match(verdict.message, `strace (${tracer.pid}) traces it already`)
})

t.test(
  'root asks for another user, who may not attach to root’s processes',
  needs.root(),
  async (t) => {
    const pid = await sleeper(t)
    const verdict = canAttachSync(pid, { tracer: { user: 'nobody' } })
    t.match(verdict, {
      verdict: 'denied',
      cause: 'owner',
      tracer: 'user:nobody',
      certainty: 'proved',
    })
  },
)

t.test(
  'a process of user root has the capabilities that a login leaves',
  needs.root(),
  async (t) => {
    const target = start('setInterval(() => {}, 1e6)', { uid: 1000, gid: 1000, stdio: 'ignore' })
    t.teardown(() => target.kill('SIGKILL'))
    const pid = target.pid ?? 0
    const asRoot = canAttachSync(pid, { tracer: { user: 'root' } })
    const stranger = canAttachSync(pid, { tracer: 'stranger' })
    t.strictSame([asRoot.verdict, asRoot.cause], [stranger.verdict, stranger.cause])
    t.not(asRoot.cause, 'owner')
  },
)

t.test('an ordinary user may not attach to what is not dumpable', needs.root(), async (t) => {
  const target = start(
    'process.setgid(1000); process.setuid(1000); console.log("ready"); setInterval(() => {}, 1e6)',
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  t.teardown(() => target.kill('SIGKILL'))
  if (target.stdout !== null) await once(target.stdout, 'data')
  const { stdout } = await run(
    `import { canAttachSync } from ${JSON.stringify(built)}
     const { verdict, cause } = canAttachSync(${target.pid})
     console.log(verdict, cause)`,
    { uid: 1000, gid: 1000 },
  )
  // It kept root's groups; what counts are its six ids.
  t.equal(stdout, 'denied not-dumpable\n')
})

const unfiltered = {
  skip:
    readSeccomp() === 'disabled' ? false : 'needs a process without a seccomp filter, found one',
} as const

t.test(
  'a tracer that is refused has asked the kernel once, as has each of the others',
  needs.all(needs.root(), needs.program('strace'), unfiltered),
  async (t) => {
    const target = await sleeper(t)
    const traced = spawn(
      'strace',
      ['-f', '-qq', '-e', 'trace=pidfd_getfd', '-e', 'signal=none', process.execPath].concat([
        '-e',
        `process.setgid(1000); process.setuid(1000)
         import(${JSON.stringify(built)}).then(async ({ canAttach, canAttachSync }) => {
           canAttachSync(${target})
           for (const tracer of ['child', 'stranger']) await canAttach(${target}, { tracer })
         })`,
      ]),
      { stdio: ['ignore', 'ignore', 'pipe'], env: plainEnvironment() },
    )
    const { code, stderr } = await ended(traced)
    t.equal(code, 0)
    t.equal(stderr.match(/pidfd_getfd.* = -1 EPERM/g)?.length, 3)
  },
)

t.test('no process is left when a question has been answered', async (t) => {
  const program = start(
    `import { canAttach, canAttachSync } from ${JSON.stringify(built)}
     for (const tracer of ['child', 'stranger']) {
       await canAttach(process.ppid, { tracer })
       canAttachSync(process.ppid, { tracer })
     }`,
    { stdio: 'ignore' },
  )
  t.match(await ended(program), { code: 0 })
  while (sessionOf(program.pid ?? 0).some(({ state }) => state !== 'Z')) await turn()
})

for (const tracer of ['child', 'stranger'] as const) {
  t.test(`a ${tracer} that has been stopped ends at its deadline`, async (t) => {
    const program = start(
      `import { canAttach } from ${JSON.stringify(built)}
       console.log(process.pid)
       for (;;) {
         const asked = canAttach(process.ppid, { tracer: '${tracer}', timeoutMs: 500 })
         await asked.catch(({ code }) => {
           console.log(code)
           process.exit()
         })
       }`,
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const end = ended(program)
    await once(program.stdout as Readable, 'data')
    const leader = program.pid ?? 0
    const helpers = () =>
      sessionOf(leader).filter(({ pid, name }) => {
        return pid !== leader && name === 'ptrace-probe'
      })
    // Each lives for a moment only, and may have ended before the signal comes.
    while (program.exitCode === null) {
      for (const { pid } of helpers()) {
        try {
          process.kill(pid, 'SIGSTOP')
        } catch {}
      }
      await turn()
    }
    t.match(await end, { code: 0, stdout: /\nERR_PTRACE_PROBE_TIMEOUT\n$/ })
    while (sessionOf(leader).some(({ state }) => state !== 'Z')) await turn()
  })
}

for (const [pid, code] of [
  ['1', 'ERR_INVALID_ARG_TYPE'],
  [0, 'ERR_OUT_OF_RANGE'],
  [-1, 'ERR_OUT_OF_RANGE'],
  [1.5, 'ERR_OUT_OF_RANGE'],
  [2 ** 31, 'ERR_OUT_OF_RANGE'],
  [Number.NaN, 'ERR_OUT_OF_RANGE'],
] as const) {
  t.test(`a pid of ${JSON.stringify(pid)} is refused with ${code}`, async (t) => {
    t.throws(() => canAttachSync(pid as number), { code })
    await t.rejects(canAttach(pid as number), { code })
  })
}

for (const [options, code] of [
  [{ tracer: 'gdb' }, 'ERR_INVALID_ARG_VALUE'],
  [{ tracer: 7 }, 'ERR_INVALID_ARG_TYPE'],
  [{ tracer: { user: '' } }, 'ERR_INVALID_ARG_TYPE'],
  [{ tracer: { user: 'no-such-user' } }, 'ERR_INVALID_ARG_VALUE'],
  [{ scope: 1 }, 'ERR_INVALID_ARG_VALUE'],
  [{ timeoutMs: 0 }, 'ERR_OUT_OF_RANGE'],
] as const) {
  t.test(`options ${JSON.stringify(options)} are refused with ${code}`, async (t) => {
    t.throws(() => canAttachSync(1, options as never), { code })
  })
}
