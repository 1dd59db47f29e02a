import t from 'tap'
import { judge } from '../../../lib/attach/verdict.js'
import {
  circumstances,
  type Differences,
  examination,
  hidden,
  ids,
} from '../../helpers/examinations.js'

for (const [title, examined, around, expected] of [
  [
    'in a Landlock domain a refusal of READ and ATTACH is inferred to be Landlock’s',
    examination('refused'),
    circumstances({ landlockDomains: 1 }),
    { verdict: 'denied', cause: 'landlock', certainty: 'inferred' },
  ],
  [
    'a confined label and a refusal of ATTACH alone is inferred to be AppArmor’s',
    examination('attach-refused', {}, { label: 'docker-default (enforce)' }),
    circumstances(),
    { verdict: 'denied', cause: 'apparmor', certainty: 'inferred' },
  ],
  [
    'SELinux contexts and a refusal of ATTACH alone is inferred to be SELinux’',
    examination(
      'attach-refused',
      { label: 'system_u:system_r:sshd_t:s0' },
      { label: 'user_u:user_r:user_t:s0' },
    ),
    circumstances({ lsm: ['capability', 'selinux'], yama: false }),
    { verdict: 'denied', cause: 'selinux', certainty: 'inferred' },
  ],
  [
    'where READ is granted no credential is to blame, and without Yama a module is',
    examination('attach-refused', { filesUid: 0, uids: [0, 0, 0] }),
    circumstances({ yama: false, scope: null }),
    { verdict: 'denied', cause: 'lsm', certainty: 'inferred' },
  ],
] as const) {
  t.test(title, async (t) => {
    t.match(judge(examined, around), expected)
  })
}

t.test('where Yama may be what refuses ATTACH, no other module is blamed', async (t) => {
  const refused = examination('attach-refused')
  const labelled = examination('attach-refused', {}, { label: 'held (enforce)' })
  for (const unknown of [{ scope: null }, { scope: 1, yama: false }] as const) {
    t.strictSame(ids(refused, circumstances(unknown)), [])
    t.strictSame(ids(labelled, circumstances(unknown)), [])
  }
  t.match(judge(refused, circumstances({ scope: 1, yama: null })), {
    cause: 'yama-restricted',
    certainty: 'inferred',
  })
})

t.test('no module is blamed for what may be a credential that cannot be seen', async (t) => {
  const root: Differences = {
    uids: [0, 0, 0],
    gids: [0, 0, 0],
    directoryUid: 0,
    filesUid: 0,
  }
  const label = 'held (enforce)'
  // The files of root's processes belong to root, dumpable or not.
  t.strictSame(ids(examination('refused', root, root), circumstances({ landlockDomains: 1 })), [])
  t.strictSame(ids(examination('refused', root, { ...root, label }), circumstances()), [])
  t.strictSame(ids(examination('refused', hidden, { label }), circumstances()), [])
  t.strictSame(ids(examination('refused', hidden), circumstances({ landlockDomains: 1 })), [])
})

t.test('a module that refuses READ is named before Yama, which may be told to allow', async (t) => {
  const confined = examination('refused', {}, { label: 'held (enforce)' })
  t.strictSame(ids(confined, circumstances({ scope: 1 })), ['apparmor', 'yama-restricted'])
  t.strictSame(ids(confined, circumstances({ scope: 2 })), ['yama-admin-only', 'apparmor'])
})

t.test('what SELinux says when it is asked is not inferred', async (t) => {
  const label = 'user_u:user_r:user_t:s0'
  const capability = { initial: true, child: true }
  const told = (
    answered: 'attach-refused' | 'refused',
    [attach, read]: readonly [boolean, boolean],
    around: Parameters<typeof circumstances>[0] = {},
    target: Parameters<typeof examination>[1] = {},
  ) =>
    judge(
      examination(answered, { label, ...target }, { label }),
      circumstances({
        lsm: ['yama', 'selinux'],
        selinux: { attach, read, capability, denyPtrace: false },
        ...around,
      }),
    ).causes.map(({ id, certainty }) => `${id} ${certainty}`)
  t.strictSame(told('attach-refused', [false, true]), ['selinux proved'])
  t.strictSame(
    told('attach-refused', [false, true], { scope: 1 }),
    ['selinux proved', 'yama-restricted inferred'],
    'the kernel does not show which tracer the target named, so Yama may allow what SELinux refuses',
  )
  t.strictSame(
    told('attach-refused', [true, true], { scope: 1 }),
    ['yama-restricted proved'],
    'what SELinux grants, Yama refuses',
  )
  t.strictSame(told('attach-refused', [false, true], { scope: 2 }), [
    'yama-admin-only proved',
    'selinux proved',
  ])
  t.strictSame(told('refused', [true, true]), [], 'SELinux grants it, and no other module is seen')
  t.strictSame(
    told('refused', [true, false], { scope: 1 }),
    ['yama-restricted inferred'],
    'a READ that SELinux refuses says nothing of credentials',
  )
  t.strictSame(told('refused', [false, true], {}, { uids: [0, 0, 0], filesUid: 0 }), [
    'owner proved',
    'not-dumpable proved',
    'selinux proved',
  ])
})

t.test('of what /proc hides no module is blamed, for credentials may refuse', async (t) => {
  const confined = examination('refused', hidden, { label: 'held (enforce)' })
  t.strictSame(ids(confined, circumstances()), [])
  t.strictSame(ids(examination('refused', hidden), circumstances({ landlockDomains: 1 })), [])
  t.match(judge(confined, circumstances()).message, /\/proc shows nothing of it \(ENOENT\)/)
})
