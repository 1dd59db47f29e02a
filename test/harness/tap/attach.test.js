import { skipReason } from 'ptrace-probe'
import t from 'tap'

t.test('attaches to a child', { skip: skipReason('child') }, async (t) => {
  t.pass('it ran')
})
