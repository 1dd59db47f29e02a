import t from 'tap'
import { judge } from '../../../lib/attach/verdict.js'
import {
  circumstances,
  type Differences,
  examination,
  ids,
  netRaw,
  sysPtrace,
} from '../../helpers/examinations.js'

for (const [title, examined, around, expected] of [
  [
    'a process of another user is protected by its owner',
    examination('refused', { uids: [0, 0, 0], gids: [0, 0, 0], directoryUid: 0, filesUid: 0 }),
    circumstances(),
    { verdict: 'denied', cause: 'owner', certainty: 'proved' },
  ],
  [
    'one differing id of six is enough',
    examination('refused', { uids: [1000, 1000, 1000], gids: [1000, 1000, 5] }),
    circumstances(),
    { verdict: 'denied', cause: 'owner', message: /saved gid is 5/ },
  ],
  [
    'files of /proc that belong to root tell a process that is not dumpable',
    examination('refused', { filesUid: 0 }),
    circumstances(),
    { verdict: 'denied', cause: 'not-dumpable', certainty: 'proved' },
  ],
  [
    'a target with more capabilities than the tracer is protected by them',
    examination('refused', { capPermitted: netRaw }),
    circumstances(),
    { verdict: 'denied', cause: 'capabilities', message: /CAP_NET_RAW/ },
  ],
  [
    'another map is another user namespace',
    examination('refused', { uidMap: '0 1000 1\n' }),
    circumstances(),
    { verdict: 'denied', cause: 'user-namespace' },
  ],
  [
    'a tracer that may not read may not attach either',
    examination('refused', { filesUid: 0 }, {}, { pidfdGetfd: null }),
    circumstances(),
    { verdict: 'denied', cause: 'not-dumpable', certainty: 'proved' },
  ],
] as const) {
  t.test(title, async (t) => {
    t.match(judge(examined, around), expected)
  })
}

t.test('capabilities over a namespace are none over what was executed further out', async (t) => {
  const root: Differences = { uids: [0, 0, 0], gids: [0, 0, 0], directoryUid: 0 }
  const capable = { ...root, capEffective: sysPtrace, userNamespace: 4026532000 }
  const inside = { ...root, namespaceErrno: 0, userNamespace: 4026532000 }
  const outsider = { ...inside, filesUid: 65534 }
  t.strictSame(ids(examination('refused', outsider, capable), circumstances()), ['not-dumpable'])
})

t.test('a map of project ids that differs tells namespaces apart', async (t) => {
  const alike = { projidMap: '', capPermitted: netRaw }
  t.strictSame(ids(examination('refused', alike), circumstances()), ['user-namespace'])
})

t.test('a namespace that the tracer may have made is not blamed beside dumpability', async (t) => {
  const made = { uidMap: '0 1000 1\n', filesUid: 0 }
  t.strictSame(ids(examination('refused', made), circumstances({ scope: 1 })), ['not-dumpable'])
  t.strictSame(ids(examination('refused', made), circumstances({ scope: 3 })), [
    'not-dumpable',
    'yama-no-attach',
  ])
  const outside = { uidMap: '0 4294967295 4294967295\n', filesUid: 0 }
  t.strictSame(ids(examination('refused', outside), circumstances({ scope: 1 })), [
    'not-dumpable',
    'user-namespace',
    'yama-restricted',
  ])
  const other: Differences = { ...made, uids: [7, 7, 7], gids: [7, 7, 7], directoryUid: 7 }
  t.strictSame(ids(examination('refused', other), circumstances()), [
    'owner',
    'not-dumpable',
    'user-namespace',
  ])
})
