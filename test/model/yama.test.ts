import t from 'tap'
import { yamaRefuses } from '../../lib/model/yama.js'

/** A tracer without capability that attaches to a process which named nothing. */
const plain = { capable: false, relation: 'sibling', consent: 'none', method: 'attach' } as const

t.test('scope 0 refuses nothing, and scope 3 everything', async (t) => {
  t.notOk(yamaRefuses(0, plain))
  t.ok(yamaRefuses(3, { ...plain, capable: true, relation: 'child', method: 'traceme' }))
})

t.test('CAP_SYS_PTRACE suffices at scopes 1 and 2', async (t) => {
  for (const scope of [1, 2] as const) {
    t.ok(yamaRefuses(scope, plain))
    t.notOk(yamaRefuses(scope, { ...plain, capable: true }))
  }
})

t.test('scope 1 makes an exception for descendants', async (t) => {
  for (const relation of ['child', 'grandchild', 'adopted'] as const) {
    t.notOk(yamaRefuses(1, { ...plain, relation }), relation)
    t.ok(yamaRefuses(2, { ...plain, relation }), relation)
  }
  for (const relation of ['parent', 'sibling', 'orphan'] as const) {
    t.ok(yamaRefuses(1, { ...plain, relation }), relation)
  }
})

t.test('scope 1 makes an exception for a tracer that the target named', async (t) => {
  for (const consent of ['tracer', 'ancestor', 'any'] as const) {
    t.notOk(yamaRefuses(1, { ...plain, consent }), consent)
    t.ok(yamaRefuses(2, { ...plain, consent }), consent)
  }
  for (const consent of ['none', 'revoked', 'unrelated'] as const) {
    t.ok(yamaRefuses(1, { ...plain, consent }), consent)
  }
})

t.test('scope 1 does not refuse PTRACE_TRACEME, and scope 2 does', async (t) => {
  const traceme = { ...plain, relation: 'child', method: 'traceme' } as const
  t.notOk(yamaRefuses(1, traceme))
  t.ok(yamaRefuses(2, traceme))
})
