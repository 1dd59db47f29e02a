import { type Change, put } from './edit.js'

/** `no-new-privs`: no program that the caller starts gets more than the caller has. */
export const finding: Change = {
  'lib/model/findings.ts': put(
    /^ {2}'child-user-namespace': \{$/m,
    `  'no-new-privs': {
    level: 'info',
    about: 'no program gives the calling process anything',
    source: \`\${man}/man2/PR_SET_NO_NEW_PRIVS.2const.html\`,
  },
$&`,
  ),
  'docs/guide/report.md': put(
    /^\| `child-user-namespace` \|.*$/m,
    '| `no-new-privs` | info | no program gives the calling process anything |\n$&',
  ),
  'lib/probe/findings/caller.ts': put(
    /^ {2}'child-user-namespace': \{$/m,
    `  'no-new-privs': {
    when: ({ caller }) => evidenceIf(caller.noNewPrivs === true, ['caller.noNewPrivs']),
    says: () => 'This process has no_new_privs: no set-uid program and no file capability counts.',
  },
$&`,
  ),
  'test/probe/findings.test.ts': put(
    /^ {2}\['child-user-namespace', /m,
    "  ['no-new-privs', machine(), { caller: { noNewPrivs: true } }],\n$&",
  ),
}
