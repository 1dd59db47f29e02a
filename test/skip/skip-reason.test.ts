import t, { type Test } from 'tap'
import * as engineDoor from '../../lib/engine/index.js'
import type { DecidedScope, Observation, Report } from '../../lib/model/index.js'
import type { Relation } from '../../lib/model/relations.js'
import * as probeDoor from '../../lib/probe/index.js'
import { reasonFor } from '../../lib/skip/reason.js'
import {
  checkRequirement,
  isRequired,
  parseRequirement,
  type Requirement,
} from '../../lib/skip/requirement.js'
import { skipReason } from '../../lib/skip/skip-reason.js'
import type { Machine } from '../helpers/model.js'
import { report } from '../helpers/report.js'

const reason = (requirement: string, machine: Partial<Machine> | Report) =>
  reasonFor('scope' in machine ? machine : report(machine), parseRequirement(requirement))

t.test('a requirement has defaults, and the command spells it as the report does', async (t) => {
  const attach = { relation: 'sibling', consent: 'none', method: 'attach' }
  for (const requirement of [
    'sibling',
    { relation: 'sibling' },
    { ...attach, method: undefined },
  ]) {
    t.same(checkRequirement(requirement), attach)
  }
  t.same(parseRequirement('sibling'), attach)
  t.same(parseRequirement('sibling+none/attach'), attach)
  t.same(parseRequirement('child/vm-read'), { ...attach, relation: 'child', method: 'vm-read' })
  t.same(parseRequirement('orphan+any/seize'), {
    relation: 'orphan',
    consent: 'any',
    method: 'seize',
  })
})

const wrong: readonly (readonly [unknown, string, RegExp])[] = [
  [
    undefined,
    'ERR_INVALID_ARG_TYPE',
    /^Expected the requirement to be a relation or an object, got undef/,
  ],
  [7, 'ERR_INVALID_ARG_TYPE', /got 7$/],
  [
    'uncle',
    'ERR_INVALID_ARG_VALUE',
    /^Unknown relation 'uncle' in the requirement, expected one of child, /,
  ],
  [{}, 'ERR_INVALID_ARG_VALUE', /relation of the requirement .* got undefined$/],
  [
    { relation: 'child', consent: 'maybe' },
    'ERR_INVALID_ARG_VALUE',
    /^Unknown consent 'maybe' in the req/,
  ],
  [
    { relation: 'child', method: 7 },
    'ERR_INVALID_ARG_VALUE',
    /method of the requirement .* got 7$/,
  ],
  [
    { relation: 'child', how: 1 },
    'ERR_INVALID_ARG_VALUE',
    /^Unknown property `how` of the requirement/,
  ],
  [
    { relation: 'child', consent: 'any' },
    'ERR_INVALID_ARG_VALUE',
    /^No attempt child\+any\/attach is made, expected one of child\//,
  ],
]
for (const [requirement, code, message] of wrong) {
  t.test(
    `what is not a requirement is an argument mistake: ${JSON.stringify(requirement)}`,
    async (t) => {
      t.throws(() => skipReason(requirement as Requirement), { code, message })
    },
  )
}

const reasons: readonly (readonly [string, Partial<Machine>, string | null])[] = [
  ['child', { yama: 1 }, null],
  ['sibling', { yama: 0 }, null],
  ['sibling+any', { yama: 1 }, null],
  ['sibling', { yama: 1, capable: true }, null],
  ['sibling+tracer', { yama: null }, null],
  ['sibling+any', { yama: null }, null],
  ['sibling+revoked/seize', { yama: null }, null],
  ['orphan+any', { yama: null }, null],
  [
    'sibling+tracer',
    { yama: null, mac: 'selinux' },
    'needs ptrace of a sibling that named its tracer; refused here with EACCES: SELinux, AppArmor and Smack answer so, Yama never does',
  ],
  [
    'sibling',
    { yama: 1 },
    "needs ptrace of a sibling; refused here with EPERM: Yama's scope is 1 (restricted)",
  ],
  [
    'parent/vm-read',
    { yama: 1 },
    "needs process_vm_readv of the parent; refused here with EPERM: Yama's scope is 1 (restricted)",
  ],
  [
    'sibling+revoked/proc-mem',
    { yama: 1 },
    "needs /proc/PID/mem of a sibling that named any process and took it back; refused here with EACCES: Yama's scope is 1 (restricted)",
  ],
  [
    'child/traceme',
    { yama: 2 },
    "needs ptrace (PTRACE_TRACEME) of a child; refused here with EPERM: Yama's scope is 2 (admin-only)",
  ],
  [
    'child',
    { yama: 3, capable: true },
    "needs ptrace of a child; refused here with EPERM: Yama's scope is 3 (no-attach)",
  ],
  [
    'child/seize',
    { yama: 3, userNamespaces: false },
    "needs ptrace (PTRACE_SEIZE) of a child; refused here with EPERM: Yama's scope is 2 or 3",
  ],
  [
    'sibling+any',
    { yama: 1, prctlFilter: 'EPERM' },
    'needs ptrace of a sibling that named any process; not available here (prctl: EPERM)',
  ],
  [
    'child',
    { yama: 0, ptraceFilter: 'ENOSYS' },
    'needs ptrace of a child; refused here with ENOSYS: ptrace answers so before it looks at any process, and this process has a seccomp filter',
  ],
  [
    'child/traceme',
    { yama: 2, ptraceFilter: 'KILL' },
    'needs ptrace (PTRACE_TRACEME) of a child; ended here by SIGSYS: ptrace answers so before it looks at any process, and this process has a seccomp filter',
  ],
  [
    'child/seize',
    { yama: 0, emulated: 'ENOSYS' },
    "needs ptrace (PTRACE_SEIZE) of a child; refused here with ENOSYS: ptrace answers so before it looks at any process, and qemu-aarch64 answers in the kernel's place",
  ],
  [
    'child',
    { yama: 0, emulated: 'ESRCH' },
    'needs ptrace of a child; not available here under qemu-aarch64 (ptrace: ESRCH)',
  ],
  [
    'child',
    { yama: 0, mac: 'selinux' },
    'needs ptrace of a child; refused here with EACCES: SELinux, AppArmor and Smack answer so, Yama never does',
  ],
  [
    'child',
    { yama: 1, traced: true },
    'needs ptrace of a child; could not be measured here (this process is traced, and so is what it starts)',
  ],
]
for (const [requirement, machine, expected] of reasons) {
  t.test(`${requirement} with ${JSON.stringify(machine)}: ${expected ?? 'runs'}`, async (t) => {
    t.equal(reason(requirement, machine), expected)
  })
}

t.test('no rule is blamed that would not refuse', async (t) => {
  const refuse = (each: Observation): Observation =>
    each.id === 'caller/sibling/attach'
      ? { ...each, status: 'denied', step: 'try', syscall: 'ptrace', errno: 'EPERM' }
      : each
  for (const machine of [{ yama: null }, { yama: 0 }, { yama: 1, capable: true }] as const) {
    const base = report(machine)
    t.equal(
      reason('sibling', { ...base, observations: base.observations.map(refuse) }),
      'needs ptrace of a sibling; refused here with EPERM: which rule refuses is not known',
    )
  }
})

t.test('a scope that was inferred is not said to be certain', async (t) => {
  const base = report({ yama: 1 })
  const { evidence } = base.scope.enforced
  const enforced: DecidedScope = {
    value: 1,
    name: 'restricted',
    candidates: [1],
    certainty: 'inferred',
    evidence,
  }
  const text = reason('sibling', { ...base, scope: { ...base.scope, enforced } })
  t.match(text, "Yama's scope seems to be 1 (restricted)")
})

t.test('what was not measured is no reason to run', async (t) => {
  t.equal(
    reason('child', { ...report(), observations: [] }),
    'needs ptrace of a child; not tried here',
  )
})

t.test('PTRACE_PROBE_REQUIRE is unset, empty or 0, or it is meant', async (t) => {
  for (const value of [undefined, '', '0']) t.notOk(isRequired({ PTRACE_PROBE_REQUIRE: value }))
  for (const value of ['1', 'true', 'yes']) t.ok(isRequired({ PTRACE_PROBE_REQUIRE: value }))
})

/** The module with a measurement of the test's own. */
async function load(t: Test, world: Partial<Machine>, supported = true) {
  let measured = 0
  const { skipReason } = (await t.mockImport('../../lib/skip/skip-reason.js', {
    '../../lib/probe/index.js': {
      ...probeDoor,
      probeSync: () => {
        measured += 1
        return report(world)
      },
    },
    '../../lib/engine/index.js': { ...engineDoor, isSupported: () => supported },
  })) as typeof import('../../lib/skip/skip-reason.js')
  return { skipReason, measured: () => measured }
}

t.test('the machine is measured once', async (t) => {
  const { skipReason, measured } = await load(t, { yama: 1 })
  t.equal(measured(), 0)
  t.equal(skipReason('child'), false)
  t.match(skipReason('sibling'), /^needs ptrace of a sibling; refused/)
  t.equal(skipReason({ relation: 'sibling', consent: 'any' }), false)
  t.equal(measured(), 1)
})

t.test('with PTRACE_PROBE_REQUIRE a skip is an error, and what can run still does', async (t) => {
  const { skipReason } = await load(t, { yama: 1 })
  t.intercept(process, 'env', { value: { ...process.env, PTRACE_PROBE_REQUIRE: '1' } })
  t.equal(skipReason('child'), false)
  t.throws(() => skipReason('sibling'), {
    name: 'PtraceProbeError',
    code: 'ERR_PTRACE_PROBE_REQUIRED',
    message:
      /^PTRACE_PROBE_REQUIRE does not allow this test to be skipped: needs ptrace of a sibling; refused/,
  })
})

t.test('elsewhere the reason is the platform', async (t) => {
  const { skipReason, measured } = await load(t, {}, false)
  t.intercept(process, 'platform', { value: 'darwin' })
  t.equal(skipReason('child'), 'needs Linux, found darwin')
  t.equal(measured(), 0)
})

t.test('a measurement that fails is a reason, and is tried again', async (t) => {
  let tries = 0
  const { skipReason } = (await t.mockImport('../../lib/skip/skip-reason.js', {
    '../../lib/probe/index.js': {
      ...probeDoor,
      probeSync: () => {
        tries += 1
        throw new Error('EAGAIN: fork\nmore')
      },
    },
  })) as typeof import('../../lib/skip/skip-reason.js')
  const expected = 'needs ptrace of a child; could not be measured here: EAGAIN: fork'
  t.equal(skipReason('child'), expected)
  t.equal(skipReason('child'), expected)
  t.equal(tries, 2)
})

t.test('here, every relation gets an answer', async (t) => {
  const relations: Relation[] = ['child', 'grandchild', 'parent', 'sibling', 'orphan', 'adopted']
  for (const relation of relations) t.match(String(skipReason(relation)), /^(false|needs .*; .*)$/)
})
