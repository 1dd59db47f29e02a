import t from 'tap'
import type { PolicyId, Report } from '../../lib/model/index.js'
import { evaluate } from '../../lib/policy/evaluate.js'
import { policies } from '../../lib/policy/table.js'
import { judge } from '../../lib/probe/scope.js'
import { type Machine, machine, measure } from '../helpers/model.js'
import { type Circumstances, report } from '../helpers/report.js'

/** The report of a modelled machine, with the scope that is really concluded from its cells. */
function judged(differences: Partial<Machine>, circumstances: Circumstances = {}): Report {
  const base = report(differences, circumstances)
  return { ...base, scope: judge(measure(machine(differences)), base.scope.declared) }
}

t.test('each expectation names the attempts that decided', async (t) => {
  const { met, certainty, expectations } = evaluate(judged({ yama: 1 }), 'cnspec')
  t.match({ met, certainty }, { met: false, certainty: 'proved' })
  t.match(expectations, [
    { subject: 'scope', expected: '2 or 3', observed: '1', met: false },
    { subject: 'unprivileged/sibling', expected: 'denied', observed: 'denied', met: true },
    {
      subject: 'unprivileged/child',
      expected: 'denied',
      observed: 'allowed',
      met: false,
      evidence: ['unprivileged/child/seize'],
    },
  ])
  t.ok(expectations[0]?.evidence.includes('unprivileged/sibling/seize'))
})

t.test('the verdict is one sentence that says what the machine does', async (t) => {
  const said = (differences: Partial<Machine>, policy: PolicyId) =>
    evaluate(judged(differences), policy).message
  t.equal(said({ yama: 1 }, 'stig'), 'This machine meets stig: it enforces scope 1 (restricted).')
  t.equal(
    said({ yama: 0 }, 'lynis'),
    'This machine does not meet lynis: it enforces scope 0 (classic), ' +
      'and a process without privileges may attach to a sibling.',
  )
  t.equal(
    said({ yama: 3 }, 'stig'),
    'This machine does not meet stig: it enforces scope 3 (no-attach), ' +
      'and a process without privileges may not attach to a child.',
  )
  t.equal(
    said({ yama: 2, userNamespaces: false }, 'kspp'),
    'Whether this machine meets kspp could not be measured: ' +
      'whether a process with CAP_SYS_PTRACE may attach to a child is not known.',
  )
})

t.test('without Yama a policy that wants restriction is not met, and never skipped', async (t) => {
  for (const { id, scope } of policies) {
    const { met, certainty, message } = evaluate(judged({ yama: null }), id)
    t.equal(met, scope?.includes(0), id)
    t.equal(certainty, 'proved')
    t.match(message, 'it runs without Yama, and nothing else restricts ptrace')
  }
})

t.test('without Yama another rule may enforce what a policy wants, and that is said', async (t) => {
  const machine = judged({ yama: null, mac: 'selinux' })
  const { met, certainty, message, value } = evaluate(machine, 'cnspec')
  t.match({ met, certainty }, { met: true, certainty: 'inferred' })
  t.match(message, 'another rule than Yama refuses here, so that it behaves as scope 3')
  t.match(value, { enforced: null, declared: null, declaredAccepted: null })
  t.equal(evaluate(machine, 'stig').met, false, 'which wants children to be allowed')
})

t.test('a value that is accepted does not help where the behaviour is another', async (t) => {
  const machine = judged({ yama: 0 }, { declared: 1 })
  const { met, disagreement, value } = evaluate(machine, 'stig')
  t.equal(met, false)
  t.match(value, { declared: 1, enforced: 0, declaredAccepted: true })
  t.match(disagreement, 'says 1, which the policy accepts, but the machine behaves otherwise')
})

t.test('a value that is not accepted does not harm where the behaviour is right', async (t) => {
  const { met, disagreement } = evaluate(judged({ yama: 2 }, { declared: 1 }), 'dev-sec')
  t.equal(met, true)
  t.match(
    disagreement,
    'says 1, which the policy does not accept, but the machine behaves as it wants',
  )
})

t.test('a value that is accepted may leave a part of the behaviour open', async (t) => {
  const { met, disagreement } = evaluate(judged({ yama: 1 }), 'secureblue')
  t.equal(met, false)
  t.match(disagreement, 'says 1, which the policy accepts, but the machine behaves otherwise')
})

t.test('where file and behaviour agree, nothing is said', async (t) => {
  for (const yama of [null, 0, 1, 2, 3] as const) {
    for (const { id, scope, relations } of policies) {
      if (id === 'secureblue') continue
      const { disagreement, met } = evaluate(judged({ yama, capable: true }), id)
      t.equal(disagreement, null, `${id} at ${yama}, ${relations}`)
      if (yama !== null) t.equal(met, scope?.includes(yama))
    }
  }
})

t.test('what could not be measured is never met', async (t) => {
  const base = judged({ yama: 1 })
  const lost: Report = {
    ...base,
    observations: base.observations.map((cell) => {
      return { ...cell, status: 'inconclusive', step: 'deadline' }
    }),
  }
  for (const { id } of policies) {
    const { met, certainty, remedies } = evaluate(lost, id)
    t.match({ met, certainty }, { met: null, certainty: 'undetermined' }, id)
    t.equal(remedies[0]?.id, 'run-longer')
  }
})

t.test('one expectation that fails decides, whatever is unknown', async (t) => {
  const machine = judged({ yama: 0, userNamespaces: false })
  t.equal(evaluate(machine, 'kspp').met, false)
})

t.test('a filter of this process is not taken for a rule of the machine', async (t) => {
  const filtered = { ptraceFilter: 'EPERM' } as const
  for (const yama of [0, 1, 2, 3] as const) {
    const { met } = evaluate(judged({ yama, capable: true, ...filtered }), 'server')
    t.equal(met, yama >= 1, `scope ${yama}`)
  }
  const own = { id: 'own', relations: ['sibling/attach=denied'] }
  t.equal(evaluate(judged({ yama: 0, ...filtered }), own).met, null)
  const caller = { id: 'own', relations: ['caller/sibling/attach=denied'] }
  t.equal(evaluate(judged({ yama: 0, ...filtered }), caller).met, true, 'which it meets itself')
})

t.test('what holds without privileges is expected for every user of the report', async (t) => {
  const machine = judged({ yama: 1, capable: true, users: ['alice'] })
  const { met, expectations } = evaluate(machine, 'anssi')
  t.equal(met, true)
  t.strictSame(
    expectations.map(({ subject }) => subject),
    ['scope', 'user:alice/scope', 'unprivileged/sibling', 'user:alice/sibling'],
  )
  const lost: Report = {
    ...machine,
    observations: machine.observations.filter(({ identity }) => identity !== 'user:alice'),
  }
  t.equal(evaluate(lost, { id: 'own', relations: ['user:alice/sibling=denied'] }).met, null)
})

t.test('a policy may ask for single attempts, consent and identities', async (t) => {
  const met = (differences: Partial<Machine>, ...relations: string[]) =>
    evaluate(judged(differences), { id: 'own', relations }).met
  t.equal(met({ yama: 1 }, 'sibling+any=allowed', 'parent=denied', 'child/traceme=allowed'), true)
  t.equal(met({ yama: 2 }, 'sibling+any=allowed'), false)
  t.equal(met({ yama: 1, capable: true }, 'caller/sibling=allowed', 'sibling=denied'), true)
  t.equal(met({ yama: 2 }, 'capable/child=allowed'), true)
})

t.test('a tracer whose capability is withheld is no capable one', async (t) => {
  for (const withheld of ['all', 'own'] as const) {
    const { met } = evaluate(judged({ yama: 2, capable: true, withheld }), 'kspp')
    t.equal(met, withheld === 'all' ? null : false, 'the owner of a namespace may be one')
  }
  t.equal(evaluate(judged({ yama: 3, capable: true, withheld: 'own' }), 'kspp').met, true)
})

t.test('under an emulator nothing is proved', async (t) => {
  for (const yama of [null, 0, 1] as const) {
    const { met, certainty } = evaluate(judged({ yama, emulated: 'ENOSYS' }), 'stig')
    t.match({ met, certainty }, { met: yama === 1, certainty: 'inferred' })
  }
})

t.test('without Yama consent decides nothing, and the attempts without it count', async (t) => {
  const met = (...relations: string[]) =>
    evaluate(judged({ yama: null }), { id: 'own', relations }).met
  t.equal(met('sibling+any=allowed', 'sibling+tracer/seize=allowed', 'orphan+any=allowed'), true)
  t.equal(met('sibling+revoked=denied'), false)
  const filtered = judged({ yama: 1, prctlFilter: 'EPERM' })
  t.equal(evaluate(filtered, { id: 'own', relations: ['sibling+any=allowed'] }).met, null)
})

t.test('other policies that contradict are named, and who accepts which value', async (t) => {
  const { contradicts, acceptedBy } = evaluate(judged({ yama: 1 }), 'stig')
  t.strictSame(contradicts, [
    { id: 'dmz', scope: [3] },
    { id: 'kspp', scope: [3] },
    { id: 'cnspec', scope: [2, 3] },
    { id: 'dev-sec', scope: [2, 3] },
    { id: 'cve-2026-46333', scope: [2, 3] },
    { id: 'kicksecure', scope: [3] },
  ])
  t.strictSame(
    acceptedBy.map(({ value }) => value),
    [0, 1, 2, 3],
  )
  for (const { value, policies: accepting } of acceptedBy) {
    t.strictSame(
      accepting,
      policies.filter(({ scope }) => scope?.includes(value)).map(({ id }) => id),
    )
  }
})

t.test('no value satisfies every auditor', async (t) => {
  const { acceptedBy } = evaluate(judged({ yama: 1 }), 'stig')
  for (const { policies: accepting } of acceptedBy) t.ok(accepting.length < policies.length)
})

t.test('the least remedy is the nearest scope that is accepted', async (t) => {
  const offered = (
    differences: Partial<Machine>,
    policy: Parameters<typeof evaluate>[1],
    circumstances?: Partial<Report['host']>,
  ) => {
    const base = judged(differences)
    const machine = { ...base, host: { ...base.host, ...circumstances } }
    return evaluate(machine, policy).remedies.map(({ id, weakens }) => `${id} ${weakens}`)
  }
  t.strictSame(offered({ yama: 1 }, 'stig'), [], 'nothing where it is met')
  t.strictSame(offered({ yama: 0 }, 'lynis'), ['scope-1-now nothing', 'scope-permanently nothing'])
  t.strictSame(offered({ yama: 0 }, 'cnspec'), ['scope-2-now nothing', 'scope-permanently nothing'])
  t.strictSame(offered({ yama: 1 }, 'secureblue'), [
    'scope-2-now nothing',
    'scope-permanently nothing',
  ])
  t.strictSame(offered({ yama: 1 }, 'kspp'), ['scope-3-now nothing', 'scope-permanently nothing'])
  t.strictSame(offered({ yama: 2 }, 'stig'), ['scope-1-now machine', 'scope-permanently machine'])
  t.strictSame(offered({ yama: 3 }, 'stig'), ['scope-permanently machine', 'reboot machine'])
  t.strictSame(offered({ yama: null }, 'stig'), ['enable-yama nothing'])
  const bare = judged({ yama: null })
  const known = { ...bare, host: { ...bare.host, lsm: ['capability', 'landlock', 'apparmor'] } }
  t.match(evaluate(known, 'stig').remedies, [{ command: 'lsm=landlock,apparmor,yama' }])
  t.strictSame(offered({ yama: 0 }, 'stig', { container: 'docker' }), ['probe-the-host nothing'])
  t.strictSame(offered({ yama: null, mac: 'selinux' }, 'stig'), [], 'another rule refuses')
  t.strictSame(offered({ yama: 2, userNamespaces: false }, 'kspp'), ['measure-as-root nothing'])
  const own = { id: 'own', relations: ['caller/sibling=denied'] }
  t.strictSame(offered({ yama: 1, capable: true }, own), [], 'its capability is in the way')
})

t.test('a policy that is not known, or cannot be read, is an argument mistake', async (t) => {
  const machine = report()
  const code = 'ERR_INVALID_ARG_VALUE'
  t.throws(() => evaluate(machine, 'nope' as PolicyId), {
    code,
    message: /^No policy "nope": expected one of d/,
  })
  // @ts-expect-error: it names neither scopes nor cells
  t.throws(() => evaluate(machine, { id: 'own' }), { code, message: /the policy asks for nothing/ })
  t.throws(() => evaluate(machine, { id: 'own', scope: '>9' }), { code, message: /\/scope: exp/ })
  t.throws(() => evaluate(machine, { id: 'own', relations: ['a=b'] }), {
    code,
    message: /\/relations\/0: expected \[IDENTITY/,
  })
  t.throws(() => evaluate(machine, null as never), {
    code,
    message: /expected an object, got null/,
  })
})

t.test('what is not a report is an argument mistake that names the place', async (t) => {
  const whole = report()
  const { scope, ...withoutScope } = whole
  t.ok(scope)
  for (const [value, code, message] of [
    [{}, 'VALUE', '/schemaVersion: expected the field "schemaVersion"'],
    [undefined, 'TYPE', 'expected an object'],
    [null, 'TYPE', 'expected an object, got null'],
    ['stig', 'TYPE', 'expected an object, got "stig"'],
    [[], 'TYPE', 'expected an object, got []'],
    [{ ...whole, schemaVersion: 2 }, 'VALUE', '/schemaVersion: expected the number 1, got 2'],
    [{ ...whole, schemaVersion: 2n }, 'VALUE', '/schemaVersion: expected the number 1, got 2n'],
    [withoutScope, 'VALUE', '/scope: expected the field "scope"'],
    [
      { ...whole, scope: { ...scope, enforced: { ...scope.enforced, name: '\0' } } },
      'VALUE',
      '/scope/enforced/name: expected one of classic, restricted',
    ],
    [{ ...whole, observations: null }, 'VALUE', '/observations: expected a list, got null'],
    [{ ...whole, observations: [7] }, 'VALUE', '/observations/0: expected an object, got 7'],
    [{ ...whole, controls: [{ id: 'a' }] }, 'VALUE', '/controls/0/passes: expected the field'],
  ] as const) {
    t.throws(() => evaluate(value as never, 'stig'), {
      code: `ERR_INVALID_ARG_${code}`,
      message: new RegExp(`^The report cannot be read: ${message.replace(/[[\]]/g, '.')}`),
    })
  }
  const circular: Record<string, unknown> = { id: 'own' }
  circular['relations'] = circular
  t.throws(() => evaluate(whole, circular as never), { code: 'ERR_INVALID_ARG_VALUE' })
})

t.test('a report is not changed', async (t) => {
  const machine = judged({ yama: 0 })
  const before = JSON.stringify(machine)
  for (const { id } of policies) evaluate(machine, id)
  t.equal(JSON.stringify(machine), before)
})
