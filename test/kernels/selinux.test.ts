import t from 'tap'

import { resultsOf, start } from './machines.js'
import { bootAndSwitch } from './selinux/lane.js'

t.test('the SELinux boolean deny_ptrace denies ptrace to all, and is named', async (t) => {
  const results = await resultsOf(t, start(bootAndSwitch))
  t.equal(results.found.length, 4)
  for (const [i, under] of results.found.entries()) {
    const { did, status, stderr, shown, verdicts, attached, report, settings } = under
    const isOn = i % 2 === 1
    t.test(`after "${did}" it is ${isOn ? 'on' : 'off'}`, async (t) => {
      t.equal(status, 0, 'that worked', { stderr })
      t.equal(shown.slice(0, 1), isOn ? '1' : '0', 'the kernel shows it')
      t.equal(Object.keys(attached).length, 6)
      for (const [who, did] of Object.entries(attached)) {
        t.equal(did, !isOn, `${who} ${isOn ? 'is refused' : 'attaches'}`)
      }
      t.equal(Object.keys(verdicts).length, 2)
      for (const [who, { verdict, cause, certainty, message, remedies }] of Object.entries(
        verdicts,
      )) {
        t.equal(verdict, isOn ? 'denied' : 'allowed', `check says so to ${who}`)
        if (!isOn) continue
        t.equal(cause, 'selinux', message)
        t.equal(certainty, 'proved')
        t.match(message, 'its boolean deny_ptrace is on')
        t.ok(
          remedies.some(({ id }) => id === 'selinux-deny-ptrace-off'),
          'to switch it off helps',
        )
      }
      t.equal(report.host.denyPtrace, isOn, 'the report knows it')
      const finding = report.findings.find(({ id }) => id === 'deny-ptrace')
      t.equal(finding !== undefined, isOn, 'and has a finding where it is on')
      t.equal(
        report.observations.some(({ status }) => status === 'allowed'),
        !isOn,
      )
      t.match(settings.denyPtrace, { now: isOn }, 'settings knows it, too')
      const isOffered = settings.remedies.some(({ id }) => id === 'selinux-deny-ptrace-off')
      t.equal(isOffered, isOn, 'and offers to switch it off where it is on')
    })
  }
  t.comment(`setsebool -P ended with ${results.kept.status}: ${results.kept.stderr.trim()}`)
})
