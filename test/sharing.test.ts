import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { loadEngine, oracleBits } from '../lib/engine/engine.js'
import { presume } from '../lib/presume.js'
import { ended, plainEnvironment, root } from './helpers/node.js'
import { sessionOf } from './helpers/processes.js'
import { sleeper } from './helpers/sleeper.js'

// Examiners that share the memory of the process that asks, as those of the command do.

const filter = 'needs a process without a seccomp filter, found one with'
const unfiltered = { skip: presume() === undefined && filter }

const ask = (pid: number, sharesMemory: boolean) =>
  loadEngine().examineAs({
    tracers: [{ tracer: 'child' }, { tracer: 'stranger' }],
    oracles: oracleBits['pidfd-getfd'],
    deadlineMs: 10_000,
    pids: [pid],
    sharesMemory,
  })

t.test('examiners in shared memory are told what forked ones are told', unfiltered, async (t) => {
  for (const pid of [await sleeper(t), process.pid, process.ppid, 1]) {
    // What is counted while one looks differs from look to look.
    const answers = [false, true].map((sharesMemory) =>
      ask(pid, sharesMemory).map(({ results, ...answer }) => ({
        ...answer,
        results: results.map(({ pidfdGetfd, pidfdErrno, procIsOurs, target, tracerName }) => {
          const { name, threadGroup, uids, capPermitted } = target
          return {
            pidfdGetfd,
            pidfdErrno,
            procIsOurs,
            name,
            threadGroup,
            uids,
            capPermitted,
            tracerName,
          }
        }),
      })),
    )
    t.strictSame(answers[1], answers[0], String(pid))
    t.ok(answers[1]?.every(({ results }) => results.length === 1))
  }
})

t.test('examiners in shared memory leave whoever asks as it was', unfiltered, async (t) => {
  const pid = await sleeper(t)
  const state = () => ({
    // Name, credentials and signals of this thread.
    status: readFileSync('/proc/thread-self/status', 'utf8')
      .split('\n')
      .filter((line) => /^(Name|Uid|Gid|Cap|Sig|NoNewPrivs|Threads)/.test(line)),
    descriptors: readdirSync('/proc/self/fd').sort(),
  })
  ask(pid, true)
  const before = state()
  for (let i = 0; i < 100; i++) ask(pid, true)
  t.strictSame(state(), before)
})

t.test(
  'an examiner in shared memory that is stopped ends at its deadline',
  unfiltered,
  async (t) => {
    const pid = await sleeper(t)
    const command = [join(root, 'dist/bin.cjs'), 'check', '--timeout', '500', String(pid)]
    let stopped = false
    // Each lives for a moment only, and may have ended before the signal comes.
    while (!stopped) {
      const asker = spawn(process.execPath, command, {
        env: plainEnvironment(),
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const end = ended(asker)
      const leader = asker.pid ?? 0
      while (asker.exitCode === null && !stopped) {
        for (const examiner of sessionOf(leader)) {
          if (examiner.pid === leader || examiner.name !== 'ptrace-probe') continue
          try {
            process.kill(examiner.pid, 'SIGSTOP')
          } catch {}
        }
        stopped = sessionOf(leader).some(({ pid, state }) => pid !== leader && state === 'T')
        await turn()
      }
      t.match(await end, { signal: null, stdout: /attach to sleep/ })
      while (sessionOf(leader).some(({ state }) => state !== 'Z')) await turn()
    }
  },
)
