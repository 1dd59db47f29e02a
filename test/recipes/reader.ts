import { type Change, put } from './edit.js'

/** `runit`: Void Linux starts `sysctl -p` of procps for each file, by name. */
export const reader: Change = {
  'lib/model/readers.ts': put(
    /^ {2}busybox: \{$/m,
    `  runit: {
    when: 'a script of runit starts \`sysctl -p\`: Void Linux',
    about: 'all \`sysctl.d\`, by file name, then \`/etc/sysctl.conf\`; writes every line',
  },
$&`,
  ),
  'lib/settings/sysctl-d/readers.ts': put(
    /^ {2}if \(sysvinit\) \{$/m,
    `  const script = '/etc/runit/core-services/08-sysctl.sh'
  if (isFile(root, script)) {
    const reader: Reader = { ...procpsReader(isRunning), name: 'runit', eachFile: true }
    return { reader, evidence: script, runs: isRunning ? first === 'runit' : null }
  }
$&`,
  ),
  'docs/guide/settings.md': put(
    /^\| `busybox` \|.*$/m,
    '| `runit` | a script of runit starts `sysctl -p`: Void Linux | all `sysctl.d`, by file name, then `/etc/sysctl.conf`; writes every line |\n$&',
  ),
  'test/settings/settings.test.ts': (text) => `${text}
t.test('runit reads all directories by file name, then /etc/sysctl.conf', async (t) => {
  const root = system(t, images.devuan, {
    'etc/runit/core-services/08-sysctl.sh': '',
    'etc/sysctl.conf': line(2),
    'etc/sysctl.d/10-a.conf': line(1),
  })
  const { reader, persistent } = await settings({ root })
  t.equal(reader.name, 'runit')
  t.match(persistent, { value: 2, file: '/etc/sysctl.conf' })
})
`,
}
