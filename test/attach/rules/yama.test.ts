import t from 'tap'
import { judge } from '../../../lib/attach/verdict.js'
import { circumstances, examination, ids, sysPtrace } from '../../helpers/examinations.js'

for (const [title, examined, around, expected] of [
  [
    'under scope 1 a process that is no descendant is protected by Yama',
    examination('attach-refused'),
    circumstances({ scope: 1 }),
    { verdict: 'denied', cause: 'yama-restricted', certainty: 'proved' },
  ],
  [
    'under scope 2 Yama asks for CAP_SYS_PTRACE',
    examination('attach-refused'),
    circumstances({ scope: 2 }),
    { verdict: 'denied', cause: 'yama-admin-only', certainty: 'proved' },
  ],
  [
    'under scope 3 Yama refuses holders of CAP_SYS_PTRACE too',
    examination('attach-refused', {}, { capEffective: sysPtrace, capPermitted: sysPtrace }),
    circumstances({ scope: 3 }),
    { verdict: 'denied', cause: 'yama-no-attach', certainty: 'proved' },
  ],
] as const) {
  t.test(title, async (t) => {
    t.match(judge(examined, around), expected)
  })
}

t.test('Yama is not blamed for what it allows', async (t) => {
  const refused = examination('attach-refused')
  t.notOk(ids(refused, circumstances({ scope: 0 })).some((id) => id.startsWith('yama')))
  t.notOk(
    ids(refused, circumstances({ scope: 1, yama: false })).some((id) => id.startsWith('yama')),
  )
  t.notOk(ids(refused, circumstances({ scope: null })).some((id) => id.startsWith('yama')))
  // A descendant of the tracer.
  t.notOk(
    ids(refused, circumstances({ scope: 1, selfPid: 500 })).some((id) => id.startsWith('yama')),
  )
  const capable = examination('attach-refused', {}, { capEffective: sysPtrace })
  t.notOk(ids(capable, circumstances({ scope: 2 })).some((id) => id.startsWith('yama')))
})
