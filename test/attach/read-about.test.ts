import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { canAttachSync } from '../../lib/attach/index.js'
import type { Program } from '../../lib/attach/program.js'
import { judgeProgram } from '../../lib/attach/read-about.js'
import { circumstances, examination } from '../helpers/examinations.js'
import { needs } from '../helpers/needs.js'

const sysPtrace = 1n << 19n
const started = {
  starts: true,
  uids: [1000, 1000, 1000],
  gids: [1000, 1000, 1000],
  permitted: 0n,
  effective: 0n,
  ambient: 0n,
} as const
const plain: Program = {
  path: '/usr/bin/gdb',
  after: started,
  changes: false,
  clearsAmbient: false,
  keepsLabel: true,
  evidence: [],
}
const capable: Program = {
  ...plain,
  changes: true,
  after: { ...started, permitted: sysPtrace, effective: sysPtrace },
}
const tracer = 'program:/usr/bin/gdb'
const around = (more: Parameters<typeof circumstances>[0] = {}) =>
  circumstances({ tracer, selfPid: null, ...more })

for (const [title, examined, situation, program, expected] of [
  [
    'a plain program may do what a child may',
    examination('granted'),
    around(),
    plain,
    { verdict: 'allowed', certainty: 'proved', tracer },
  ],
  [
    'and is refused what a child is refused',
    examination('attach-refused'),
    around({ scope: 1 }),
    plain,
    { verdict: 'denied', cause: 'yama-restricted', certainty: 'proved' },
  ],
  ...([1, 2] as const).map(
    (scope) =>
      [
        `a program whose file has cap_sys_ptrace attaches at scope ${scope}`,
        examination('attach-refused'),
        around({ scope }),
        capable,
        { verdict: 'allowed', certainty: 'inferred' },
      ] as const,
  ),
  [
    'a program whose file has another capability is refused by Yama as a child is',
    examination('attach-refused'),
    around({ scope: 1 }),
    { ...capable, after: { ...started, permitted: 1n << 13n, effective: 1n << 13n } },
    { verdict: 'denied', cause: 'yama-restricted' },
  ],
  [
    'and is refused at scope 3',
    examination('attach-refused'),
    around({ scope: 3 }),
    capable,
    { verdict: 'denied', cause: 'yama-no-attach' },
  ],
  [
    'it attaches to processes of other users',
    examination('refused', { uids: [0, 0, 0], gids: [0, 0, 0], directoryUid: 0, filesUid: 0 }),
    around({ scope: 2 }),
    capable,
    { verdict: 'allowed', certainty: 'inferred' },
  ],
  [
    'but not to what has a tracer',
    examination('attach-refused', { tracer: 9 }),
    around({ scope: 1 }),
    capable,
    { verdict: 'denied' },
  ],
  [
    'whether a program raises what it is only permitted is not known',
    examination('attach-refused'),
    around({ scope: 1 }),
    { ...capable, after: { ...started, permitted: sysPtrace } },
    { verdict: 'undetermined', message: /put it into effect itself/ },
  ],
  [
    'under which label a confined process starts a program is not known',
    examination('granted'),
    around(),
    { ...plain, keepsLabel: null },
    { verdict: 'undetermined', message: /under which label/ },
  ],
  [
    'what the kernel does not execute attaches to nothing',
    examination('granted'),
    around(),
    { ...capable, after: { starts: false, missing: sysPtrace } },
    { verdict: 'denied', message: /asks for CAP_SYS_PTRACE, which the bounding set lacks/ },
  ],
] as const) {
  t.test(title, async (t) => {
    t.match(judgeProgram(examined, situation, program), expected)
  })
}

let sleeper: ChildProcess
t.before(() => {
  sleeper = spawn('sleep', ['1000'], { stdio: 'ignore' })
})
t.teardown(() => sleeper.kill())

t.test('a tracer that is not there is an error of its own', async (t) => {
  const pid = sleeper.pid ?? 0
  for (const missing of ['pid:4194303', 'program:/no/such/gdb', 'program:/etc/passwd'] as const) {
    t.throws(() => canAttachSync(pid, { tracer: missing }), { code: 'ERR_PTRACE_PROBE_NO_TRACER' })
  }
})

t.test('this process by its number is this process', async (t) => {
  const pid = sleeper.pid ?? 0
  const tracer = `pid:${process.pid}` as const
  const [own, numbered] = [canAttachSync(pid), canAttachSync(pid, { tracer })]
  t.match(numbered, { tracer, verdict: own.verdict, cause: own.cause, evidence: own.evidence })
})

t.test('a process is not its own tracer', async (t) => {
  const pid = sleeper.pid ?? 0
  t.match(canAttachSync(pid, { tracer: `pid:${pid}` }), { verdict: 'denied', cause: 'self' })
})

const directory = t.testdir()
const copy = (name: string): string => {
  const path = join(directory, name)
  copyFileSync('/usr/bin/strace', path)
  chmodSync(path, 0o755)
  return path
}
const real = needs.all(needs.root(), needs.program('strace'), needs.program('setcap'))

t.test('real copies of strace do what was foretold of them', real, async (t) => {
  const pid = sleeper.pid ?? 0
  const files = {
    plain: copy('plain'),
    effective: copy('effective'),
    inheritable: copy('inheritable'),
    'set-uid': copy('set-uid'),
  }
  execFileSync('setcap', ['cap_sys_ptrace+ep', files.effective])
  execFileSync('setcap', ['cap_sys_ptrace+ei', files.inheritable])
  chmodSync(files['set-uid'], 0o4755)
  for (const [name, path] of Object.entries(files)) {
    const tracer = `program:${path}` as const
    const ask = `
      process.setgroups([]); process.setgid(65534); process.setuid(65534)
      const { canAttachSync } = require(${JSON.stringify(join(process.cwd(), 'dist/index.js'))})
      console.log(canAttachSync(${pid}, { tracer: ${JSON.stringify(tracer)}, method: 'seize' }).verdict)
    `
    const foretold = spawnSync(process.execPath, ['-e', ask], { encoding: 'utf8' })
    const { stderr } = spawnSync(
      'setpriv',
      [
        ...['--reuid=65534', '--regid=65534', '--clear-groups', 'timeout', '--signal=INT', '1'],
        ...[path, '-p', String(pid)],
      ],
      { encoding: 'utf8' },
    )
    const did = /Process \d+ attached/.test(stderr) ? 'allowed' : 'denied'
    t.equal(foretold.stdout.trim(), did, { name, stderr, said: foretold.stderr })
  }
})

t.test(
  'a file with capabilities takes away what the ambient set would give, as it really does',
  real,
  async (t) => {
    const pid = String(sleeper.pid)
    const files = { kept: copy('kept'), cleared: copy('cleared') }
    execFileSync('setcap', ['cap_net_raw+ep', files.cleared])
    const ambient = [
      ...['--reuid=65534', '--regid=65534', '--clear-groups'],
      ...['--inh-caps=+sys_ptrace', '--ambient-caps=+sys_ptrace'],
    ]
    const start = (...command: readonly string[]) =>
      spawnSync('setpriv', [...ambient, ...command], { encoding: 'utf8' })
    for (const [name, path] of Object.entries(files)) {
      const ask = `
        const { canAttachSync } = require(${JSON.stringify(join(process.cwd(), 'dist/index.js'))})
        console.log(canAttachSync(${pid}, { tracer: ${JSON.stringify(`program:${path}`)}, method: 'seize' }).verdict)
      `
      const foretold = start(process.execPath, '-e', ask)
      const { stderr } = start('timeout', '--signal=INT', '1', path, '-p', pid)
      const did = /Process \d+ attached/.test(stderr) ? 'allowed' : 'denied'
      t.equal(did, name === 'kept' ? 'allowed' : 'denied', stderr)
      t.equal(foretold.stdout.trim(), did, { name, stderr, said: foretold.stderr })
    }
  },
)
