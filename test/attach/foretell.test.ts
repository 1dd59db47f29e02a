import { constants } from 'node:os'
import t from 'tap'
import { situationOf } from '../../lib/attach/evidence.js'
import { foretell } from '../../lib/attach/foretell.js'
import { circumstances, type Differences, examination } from '../helpers/examinations.js'

const sysPtrace = 1n << 19n
const capable: Differences = { capEffective: sysPtrace, capPermitted: sysPtrace }

/** What is foretold of a tracer that was only read about. */
const foretold = (
  around: Parameters<typeof circumstances>[0],
  target: Differences = {},
  tracer: Differences = {},
) => {
  const { causes, unknown } = foretell(
    situationOf(examination('attach-refused', target, tracer), circumstances(around)),
  )
  return { causes: causes.map(({ id }) => id), unknown: unknown.join() }
}

for (const [title, found, causes, unknown] of [
  ['scope 3 refuses every tracer', foretold({ scope: 3 }, {}, capable), ['yama-no-attach'], /^$/],
  [
    'scope 2 refuses a tracer without CAP_SYS_PTRACE',
    foretold({ scope: 2 }),
    ['yama-admin-only'],
    /^$/,
  ],
  ['scope 2 does not refuse CAP_SYS_PTRACE', foretold({ scope: 2 }, {}, capable), [], /^$/],
  ['scope 0 refuses nothing', foretold({ scope: 0 }), [], /^$/],
  ['whom a target named at scope 1 is not shown', foretold({ scope: 1 }), [], /PR_SET_PTRACER/],
  ['a scope that cannot be read is not guessed', foretold({ scope: null }), [], /scope of Yama/],
  ['a kernel without Yama has no scope', foretold({ scope: null, yama: false }), [], /^$/],
  ['Yama never refuses READ', foretold({ scope: 3, method: 'read' }), [], /^$/],
  [
    'a target of another user is refused by its owner',
    foretold({ scope: 0 }, { uids: [0, 0, 0], gids: [0, 0, 0], directoryUid: 0, filesUid: 0 }),
    ['owner'],
    /^$/,
  ],
  [
    'credentials that /proc does not show are not guessed',
    foretold({ scope: 0 }, { statusErrno: constants.errno.ENOENT }),
    [],
    /credentials/,
  ],
  [
    'the files of a process of root belong to root, dumpable or not',
    foretold(
      { scope: 0 },
      { directoryUid: 0, filesUid: 0, uids: [0, 0, 0], gids: [0, 0, 0] },
      { uids: [0, 0, 0], gids: [0, 0, 0] },
    ),
    [],
    /dumpable/,
  ],
] as const) {
  t.test(title, async (t) => {
    t.same(found.causes, causes)
    t.match(found.unknown, unknown)
  })
}

t.test('what two rules depend on, and what is not shown, is told once', async (t) => {
  const inside = examination('refused', { uidMap: '0 1000 1' })
  const { causes, unknown } = foretell(situationOf(inside, circumstances({ scope: 1 })))
  t.strictSame(causes, [])
  t.strictSame(unknown, ['who made its user namespace is not shown'])
})
