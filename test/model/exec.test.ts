import t from 'tap'
import { type BeforeExec, credentialsAfter, type ExecutedFile } from '../../lib/model/exec.js'

const sysPtrace = 1n << 19n
const netRaw = 1n << 13n
const all = (1n << 41n) - 1n

const user: BeforeExec = {
  uids: [1000, 1000, 1000],
  gids: [1000, 1000, 1000],
  permitted: 0n,
  inheritable: 0n,
  ambient: 0n,
  bounding: all,
  noNewPrivs: false,
  noRoot: false,
}
const root: BeforeExec = { ...user, uids: [0, 0, 0], gids: [0, 0, 0], permitted: all }
const plain: ExecutedFile = { setUid: null, setGid: null, capabilities: null, nosuid: false }
const file = (
  permitted: bigint,
  effective = true,
  inheritable = 0n,
  rootUid = 0,
): ExecutedFile => ({
  ...plain,
  capabilities: { permitted, inheritable, effective, rootUid },
})
const setUid: ExecutedFile = { ...plain, setUid: 0 }

for (const [title, before, executed, expected] of [
  ['a plain file gives nothing', user, plain, { permitted: 0n, effective: 0n }],
  [
    'a file capability that is effective counts at once',
    user,
    file(sysPtrace),
    { permitted: sysPtrace, effective: sysPtrace },
  ],
  [
    'one that is only permitted has to be raised',
    user,
    file(sysPtrace, false),
    { permitted: sysPtrace, effective: 0n },
  ],
  [
    'an inheritable one counts for those who hold it in their inheritable set',
    { ...user, inheritable: sysPtrace },
    file(0n, true, sysPtrace),
    { permitted: sysPtrace, effective: sysPtrace },
  ],
  ['and for no others', user, file(0n, true, sysPtrace | netRaw), { permitted: 0n, effective: 0n }],
  [
    'no_new_privs takes what a file gives',
    { ...user, noNewPrivs: true },
    file(sysPtrace),
    { permitted: 0n, effective: 0n },
  ],
  [
    'a mount that is nosuid does so too',
    user,
    { ...file(sysPtrace), nosuid: true },
    { permitted: 0n, effective: 0n },
  ],
  [
    'capabilities of another user namespace do not count',
    user,
    file(sysPtrace, true, 0n, 100_000),
    { permitted: 0n, effective: 0n },
  ],
  [
    'without its capability in the bounding set a file is not executed',
    { ...user, bounding: netRaw },
    file(sysPtrace),
    { starts: false, missing: sysPtrace },
  ],
  [
    'ambient capabilities survive a plain file',
    { ...user, permitted: netRaw, inheritable: netRaw, ambient: netRaw },
    plain,
    { permitted: netRaw, effective: netRaw },
  ],
  [
    'and end where the file has capabilities of its own',
    { ...user, permitted: netRaw, inheritable: netRaw, ambient: netRaw },
    file(sysPtrace),
    { permitted: sysPtrace, effective: sysPtrace },
  ],
  [
    'a set-uid file of root gives everything, and the real uid stays',
    user,
    setUid,
    { permitted: all, effective: all, uids: [1000, 0, 0] },
  ],
  [
    'not under no_new_privs',
    { ...user, noNewPrivs: true },
    setUid,
    { permitted: 0n, effective: 0n, uids: [1000, 1000, 1000] },
  ],
  [
    'nor where SECBIT_NOROOT is set',
    { ...user, noRoot: true },
    setUid,
    { permitted: 0n, effective: 0n },
  ],
  [
    'a set-uid file with capabilities gives those alone',
    user,
    { ...file(sysPtrace), setUid: 0 },
    { permitted: sysPtrace, effective: sysPtrace },
  ],
  ['root gets its bounding set', { ...root, bounding: netRaw }, plain, { effective: netRaw }],
  [
    'a set-uid file of another user takes the effective set of root',
    root,
    { ...plain, setUid: 1000 },
    { permitted: all, effective: 0n },
  ],
] as const) {
  t.test(title, async (t) => {
    t.match(credentialsAfter(before, executed), expected)
  })
}
