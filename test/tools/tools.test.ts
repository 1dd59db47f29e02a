import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { ToolPrivileges, ToolsReport } from '../../lib/model/index.js'
import type { Identity, Outcome } from '../../lib/model/vocabulary.js'
import { effectsOf } from '../../lib/tools/outcomes.js'
import { findPrograms } from '../../lib/tools/programs.js'
import { type ToolRow, toolRows } from '../../lib/tools/table.js'
import { tools } from '../../lib/tools/tools.js'
import { bin, cli, environment } from '../helpers/cli.js'
import { type Machine, refused } from '../helpers/model.js'
import { needs } from '../helpers/needs.js'
import { report } from '../helpers/report.js'
import { tool, toolsReport } from '../helpers/tools.js'
import { coreOf, debuggers } from '../kernels/judges/debuggers.js'

/** What starting and attaching come to, as one word each; `-`: not with ptrace. */
function fate(
  name: string,
  world: Partial<Machine>,
  identity: Identity = 'unprivileged',
  privileges: ToolPrivileges | null = null,
): string {
  const { start, attach } = tool(name, world, privileges)
  const word = (effects: typeof start) =>
    effects.find((effect) => effect.identity === identity)?.outcome ?? '-'
  return `${word(start)} ${word(attach)}`
}

/** What an ordinary user's tools come to at each scope, and without Yama. */
const fates: readonly (readonly [string, ...scopes: string[]])[] = [
  ['gdb', 'works works', 'works works', 'works refused', 'refused refused', 'refused refused'],
  ['strace', 'works works', 'works works', 'works refused', 'refused refused', 'refused refused'],
  ['eu-stack', '- works', '- works', '- refused', '- refused', '- refused'],
  ['rr', 'works -', 'works -', 'works -', 'refused -', 'refused -'],
  ['py-spy', 'works works', 'works works', 'works refused', 'refused refused', 'refused refused'],
  ['criu', '- works', '- works', '- refused', '- refused', '- refused'],
  ['vgdb', '- works', '- works', '- works', '- refused', '- refused'],
  ['wineserver', '- works', '- works', '- works', '- refused', '- refused'],
  ['createdump', '- works', '- works', '- works', '- refused', '- refused'],
  ['perf', '- -', '- -', '- -', '- -', '- -'],
  ['systemd-coredump', '- -', '- -', '- -', '- -', '- -'],
]
for (const [name, ...expected] of fates) {
  t.test(`${name} of an ordinary user fares as its attempts do`, async (t) => {
    const scopes = [null, 0, 1, 2, 3] as const
    t.strictSame(
      scopes.map((yama) => fate(name, { yama })),
      expected,
    )
  })
}

t.test('with CAP_SYS_PTRACE scopes 1 and 2 refuse nothing, and 3 does', async (t) => {
  for (const yama of [1, 2] as const) {
    t.equal(fate('gdb', { yama, capable: true }, 'caller'), 'works works')
  }
  t.equal(fate('gdb', { yama: 3, capable: true }, 'caller'), 'refused refused')
})

t.test('the configured value decides nothing', async (t) => {
  const world = { yama: 1 } as const
  const lied = { ...report(world), scope: report({ yama: 0 }).scope }
  const [effect] = effectsOf('trace-other', null, lied)
  t.equal(effect?.outcome, 'refused')
})

for (const [what, world, message] of [
  ['scope 1', { yama: 1 }, /^Yama lets a process attach only to its descendants .* \(scope 1\)\.$/],
  ['scope 2', { yama: 2 }, /^Yama asks the tracer for CAP_SYS_PTRACE \(scope 2\)\.$/],
  ['scope 3', { yama: 3 }, /^Yama lets no process attach until the next boot \(scope 3\)\.$/],
  [
    'scope 2 or 3',
    { yama: 2, userNamespaces: false },
    /^Yama asks .*, or lets no process attach \(scope 2 or 3, undetermined\)\.$/,
  ],
  ['a filter', { yama: 0, ptraceFilter: 'EPERM' }, /^ptrace answered EPERM before any process/],
  ['SELinux', { yama: 0, mac: 'selinux' }, /^ptrace answered EACCES, as a security module does/],
] as const) {
  t.test(`a refusal by ${what} is put down to it`, async (t) => {
    const [effect] = tool('gdb', world).attach
    t.equal(effect?.outcome, 'refused')
    t.match(effect?.message, message)
  })
}

t.test('scope 1 is not blamed for what it does not refuse', async (t) => {
  const seen = report({ yama: 1 })
  const observations = seen.observations.map((observation) =>
    observation.relation === 'child' && observation.method === 'traceme'
      ? refused(observation, 'EPERM')
      : observation,
  )
  const [effect] = effectsOf('trace-child', null, { ...seen, observations })
  t.equal(effect?.outcome, 'partly')
  t.match(effect?.message, /which rule refuses is not known/)
})

const capability: ToolPrivileges = {
  setUid: null,
  capabilities: ['CAP_SYS_PTRACE'],
  effective: true,
  ignored: null,
}

t.test('a tool with CAP_SYS_PTRACE fares as a tracer that has it, if there was one', async (t) => {
  const given = (world: Partial<Machine>, privileges: Partial<ToolPrivileges> = {}) =>
    fate('gdb', world, 'unprivileged', { ...capability, ...privileges })
  t.equal(given({ yama: 1, capable: true }), 'works works')
  t.equal(given({ yama: 2, capable: true }), 'works works')
  t.equal(given({ yama: 3, capable: true }), 'refused refused')
  t.equal(given({ yama: 1 }), 'works undetermined')
  t.equal(given({ yama: 0 }), 'works works')
  t.equal(given({ yama: 1, capable: true }, { effective: false }), 'works undetermined')
  t.equal(given({ yama: 1, capable: true }, { ignored: 'nosuid' }), 'works refused')
  const root = { capabilities: [], effective: false, setUid: 0 }
  t.equal(given({ yama: 2, capable: true }, root), 'works works')
  t.equal(given({ yama: 2, capable: true }, { ...root, setUid: 7 }), 'undetermined undetermined')
})

t.test('the effects name the attempts that they rest on', async (t) => {
  const world = { yama: 1 } as const
  const known = new Set<string>(report(world).observations.map(({ id }) => id))
  const effects = toolsReport(world).tools.flatMap(({ start, attach }) => [...start, ...attach])
  t.ok(effects.length > 0)
  for (const { evidence, identity } of effects) {
    t.ok(evidence.length > 0)
    for (const id of evidence) t.ok(known.has(id) && id.startsWith(identity), id)
  }
})

/** What is found in a PATH of the test's own. */
function found(rows: readonly ToolRow[], path: string, below: string): string[] {
  return findPrograms(rows, path)
    .filter((program) => program.path.startsWith(below))
    .map((program) => `${program.name} ${program.path.slice(below.length + 1)}`)
}

function program(path: string): void {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, '')
  chmodSync(path, 0o755)
}

t.test('a tool is found once, by its name, with a version or without', async (t) => {
  const root = t.testdir({})
  for (const name of ['a/lldb-14', 'b/gdb', 'a/gdb-add-index', 'a/strace-log-merge', 'b/rr-5.6']) {
    program(join(root, name))
  }
  writeFileSync(join(root, 'a/ltrace'), 'not executable')
  mkdirSync(join(root, 'a/strace'))
  symlinkSync('lldb-14', join(root, 'a/lldb'))
  symlinkSync('../b/gdb', join(root, 'a/gdb'))
  symlinkSync('nowhere', join(root, 'b/dlv'))
  t.strictSame(found(toolRows, `${root}/a::relative:${root}/b:${root}/none`, root), [
    'gdb a/gdb',
    'lldb a/lldb',
    'rr b/rr-5.6',
  ])
})

t.test('a tool outside of PATH is found where distributions keep it', async (t) => {
  const root = t.testdir({})
  program(join(root, 'shared/App/8.0.1/createdump'))
  program(join(root, 'shared/App/9.0.0/createdump'))
  program(join(root, 'lib/x86_64-linux-gnu/liblsan.so.0'))
  chmodSync(join(root, 'lib/x86_64-linux-gnu/liblsan.so.0'), 0o644)
  const row = { kind: 'other', start: null, attach: null, names: [] } as const
  const places = [`${root}/shared/*/*/createdump`, `${root}/lib/*-linux-*/liblsan.so.*`]
  t.strictSame(found([{ ...row, places }], '', root), [
    'createdump shared/App/8.0.1/createdump',
    'createdump shared/App/9.0.0/createdump',
    'liblsan.so.0 lib/x86_64-linux-gnu/liblsan.so.0',
  ])
})

/** Runs `ptrace-probe tools` with a PATH of the test's own. */
function toolsWith(path: string): ToolsReport {
  const env = environment({ PATH: path })
  const output = execFileSync(process.execPath, [bin, 'tools', '--json'], { env, encoding: 'utf8' })
  return JSON.parse(output)
}

/** A copy of a program in a directory of its own. */
function copyOf(t: Test, name: string): string {
  const path = join(t.testdir({}), name)
  copyFileSync('/bin/true', path)
  chmodSync(path, 0o755)
  return path
}

t.test(
  'what a file gives to every user that starts it is seen, and warned of',
  needs.root(),
  async (t) => {
    const copy = copyOf(t, 'strace')
    execFileSync('setcap', ['cap_sys_ptrace+ep', copy])
    const known = () => toolsWith(join(copy, '..')).tools.find(({ path }) => path === copy)
    t.match(known(), {
      name: 'strace',
      package: null,
      version: null,
      privileges: capability,
      warning: /strace gets CAP_SYS_PTRACE by its file for every user that starts it: /,
    })
    execFileSync('setcap', ['-r', copy])
    t.match(known(), { privileges: null, warning: null })
    chmodSync(copy, 0o4755)
    t.match(known(), {
      privileges: { setUid: 0, capabilities: [] },
      warning: /strace runs as root for every user that starts it: /,
    })
    writeFileSync(copy, '#!/bin/sh\n')
    chmodSync(copy, 0o4755)
    t.match(known(), { privileges: { setUid: 0, ignored: /script/ }, warning: null })
  },
)

/** How a debugger shows that it can start a program. */
const starts: readonly (readonly [name: string, argv: readonly string[], proof: RegExp])[] = [
  ['strace', ['strace', 'true'], /^exit_group\(0\)/m],
  ['gdb', ['gdb', '-nx', '-batch', '-ex', 'run', '/bin/true'], /exited normally/],
  ['ltrace', ['ltrace', '-S', '/bin/true'], /exit_group/],
]

/** Runs a debugger until it has said what came of it. */
async function said(argv: readonly string[], uid: number, enough: RegExp): Promise<string> {
  const [command = '', ...args] = argv
  const child = spawn(command, args, {
    uid,
    gid: uid,
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const listen = (chunk: Buffer): void => {
    output += chunk
    if (enough.test(output)) child.kill()
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  await once(child, 'close')
  return output
}

const judges = debuggers.filter(({ id }) => ['strace', 'eu-stack', 'gdb', 'gcore'].includes(id))

for (const [who, identity, uid] of [
  ['root', 'caller', 0],
  ['nobody', 'user:nobody', 65534],
] as const) {
  t.test(
    `what is said of debuggers is what they do, as ${who}`,
    needs.all(needs.root(), ...judges.map(({ command }) => needs.program(command))),
    async (t) => {
      const report = await tools({ identities: ['caller', 'unprivileged', `user:nobody`] })
      const outcome = (name: string, use: 'start' | 'attach'): Outcome | undefined =>
        report.tools
          .find((tool) => tool.name === name)
          ?.[use].find((effect) => effect.identity === identity)?.outcome
      for (const [name, argv, proof] of starts) {
        const works = proof.test(await said(argv, uid, proof))
        t.equal(outcome(name, 'start'), works ? 'works' : 'refused', `${name} starts a program`)
      }
      const target = spawn('sleep', ['1000'], { uid, gid: uid })
      t.teardown(() => target.kill())
      await once(target, 'spawn')
      t.teardown(() => rmSync(coreOf(target.pid ?? 0), { force: true }))
      for (const { id, command, args, attached, refused } of judges) {
        const enough = new RegExp(`${attached.source}|${refused.source}`, 'm')
        const output = await said([command, ...args(target.pid ?? 0)], uid, enough)
        t.not(attached.test(output), refused.test(output), `${id} says what came of it: ${output}`)
        t.equal(
          outcome(id, 'attach'),
          attached.test(output) ? 'works' : 'refused',
          `${id} attaches`,
        )
      }
    },
  )
}

t.test('the table has each name once, and no note ends twice', async (t) => {
  const names = toolRows.flatMap((row) => row.names)
  t.strictSame(names, [...new Set(names)])
  for (const { note, names, places = [] } of toolRows) {
    if (note !== undefined) t.notMatch(note, /\.$/)
    t.ok(names.length + places.length > 0)
  }
  t.match(cli(['tools']), { code: 0, stderr: '' })
})
