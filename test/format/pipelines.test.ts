import t from 'tap'
import { fleet as fleetJunit, assertion as junit } from '../../lib/format/junit.js'
import { settings as sarif } from '../../lib/format/sarif.js'
import { fleet as fleetTap, assertion as tap } from '../../lib/format/tap.js'
import type { Assertion } from '../../lib/model/index.js'
import {
  hostileAssertion,
  hostileFleet,
  hostileNames,
  hostileSettings,
} from '../helpers/hostile.js'
import { report } from '../helpers/report.js'
import { configured } from '../helpers/systems.js'
import { runCommand } from '../helpers/verdicts.js'

const asked = async (yama: 1 | 2, ...argv: string[]) => {
  const probe = async () => report({ yama, userNamespaces: yama === 1 })
  return runCommand(['assert', ...argv], { probe })
}

t.test('TAP has a point for each expectation, and says what was found', async (t) => {
  const { stdout, code } = await asked(1, '--policy', 'cnspec', '--format', 'tap')
  t.equal(code, 1)
  t.equal(
    stdout,
    `TAP version 13
1..3
not ok 1 - cnspec: scope is 2 or 3
  ---
  message: "found 1"
  severity: "fail"
  found: "1"
  expected: "2 or 3"
  evidence: ["control/yama","unprivileged/child/seize","unprivileged/sibling/seize","caller/child/seize"]
  ...
ok 2 - cnspec: unprivileged/sibling is denied
not ok 3 - cnspec: unprivileged/child is denied
  ---
  message: "found allowed"
  severity: "fail"
  found: "allowed"
  expected: "denied"
  evidence: ["unprivileged/child/seize"]
  ...
`,
  )
})

t.test('what could not be measured is no success: not ok in TAP, an error in JUnit', async (t) => {
  const { stdout, code } = await asked(2, '--scope', '3', '--format', 'tap')
  t.equal(code, 3)
  t.match(stdout, /^not ok 1 - command-line: scope is 3\n {2}---\n {2}message: "could not be meas/m)
  const suite = (await asked(2, '--scope', '3', '--format', 'junit')).stdout
  t.match(suite, '<testsuites name="ptrace-probe assert" tests="1" failures="0" errors="1">')
  t.match(suite, /<error message="scope could not be measured" type="not-measured">seen: /)
})

t.test('JUnit has a suite for each policy and a case for each expectation', async (t) => {
  const { stdout } = await asked(1, '--policy', 'cnspec', '--policy', 'cis', '--format', 'junit')
  t.match(
    stdout,
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites [^>]+ tests="6" failures="2"/,
  )
  t.match(
    stdout,
    /<testsuite name="cnspec" tests="3" failures="2" errors="0" skipped="0" timestamp="2026-11-21T12:00:00">/,
  )
  t.match(stdout, '<testcase classname="ptrace-probe.cis" name="unprivileged/child is allowed"/>')
  t.match(
    stdout,
    '<failure message="expected denied, found allowed" type="not-met">seen: unprivileged/child/seize</failure>',
  )
})

t.test('a fleet has a point for each policy, and one for what could not be read', async (t) => {
  t.equal(
    fleetTap(hostileFleet('web1')),
    `TAP version 13
1..4
not ok 1 - envelopes: every line and file is read
  ---
  message: "7 read, 1 not read; web1:1: expected an envelope"
  severity: "fail"
  expected: "every line and file is read"
  found: "7 read, 1 not read; web1:1: expected an envelope"
  ...
ok 2 - stig: every host meets it
not ok 3 - cis: every host meets it
  ---
  message: "7 met (web1 and 6 more); 7 unknown (web1 and 6 more); 7 not met (web1 and 6 more)"
  severity: "fail"
  expected: "every host meets it"
  found: "7 met (web1 and 6 more); 7 unknown (web1 and 6 more); 7 not met (web1 and 6 more)"
  ...
not ok 4 - kspp: every host meets it
  ---
  message: "could not be measured"
  severity: "error"
  expected: "every host meets it"
  found: "7 met (web1 and 6 more); 7 unknown (web1 and 6 more)"
  ...
`,
  )
  const xml = fleetJunit(hostileFleet('web1'))
  t.match(xml, '<testsuite name="fleet" tests="4" failures="2" errors="1" skipped="0"')
  t.match(xml, '<testcase classname="ptrace-probe.stig" name="every host meets it"/>')
  t.match(xml, /<error message="7 met \(web1 and 6 more\); 7 unknown [^"]+" type="not-measured"\/>/)
  t.match(
    xml,
    /<failure message="7 read, 1 not read; web1:1: expected an envelope" type="not-met"\/>/,
  )
})

t.test('no name adds a point, a directive or an element', async (t) => {
  for (const [index, name] of hostileNames.entries()) {
    const answer: Assertion = await hostileAssertion(name)
    const points = answer.evaluations.flatMap(({ expectations }) => expectations).length
    const text = tap(answer)
    t.equal(text.match(/^(not )?ok /gm)?.length, points, `name ${index}`)
    t.notMatch(text, /^(not )?ok.*(?<!\\)#/m)
    const xml = junit(answer)
    t.equal(xml.match(/<testcase /g)?.length, points, `name ${index}`)
    t.notMatch(xml, /[^\n\x20-\ud7ff\ue000-\ufffd]|<script|\]\]>/)
    const fleet = hostileFleet(name)
    t.equal(fleetTap(fleet).match(/^(not )?ok /gm)?.length, 4, `name ${index}`)
    t.equal(fleetJunit(fleet).match(/<testcase /g)?.length, 4, `name ${index}`)
    t.notMatch(fleetJunit(fleet), /[^\n\x20-\ud7ff\ue000-\ufffd]|<script|\]\]>/)
  }
})

t.test('SARIF has a result for what sets 0 and for what has no effect', async (t) => {
  for (const name of ['60-debug', ...hostileNames]) {
    const log = JSON.parse(sarif(hostileSettings(name)))
    const [{ tool, results }] = log.runs
    t.match(tool.driver, { name: 'ptrace-probe', semanticVersion: '0.1.0' })
    t.strictSame(
      results.map(({ ruleId, level }: Record<string, unknown>) => [ruleId, level]),
      [
        ['scope-classic', 'warning'],
        ['no-effect', 'note'],
      ],
    )
    for (const { ruleId, ruleIndex, locations, partialFingerprints } of results) {
      t.equal(tool.driver.rules[ruleIndex].id, ruleId)
      const [{ physicalLocation }] = locations
      t.match(physicalLocation.artifactLocation.uri, /^images\/base\/etc\/[\w./%!'()*~-]+$/)
      t.match(partialFingerprints['ptraceProbe/v1'], `${ruleId}:/etc/`)
    }
  }
})

t.test('a fingerprint stays the same when lines are added above', async (t) => {
  const fingerprint = (line: number): string => {
    const { assignments, ...rest } = configured()
    const moved = { ...rest, assignments: assignments.map((each) => ({ ...each, line })) }
    return JSON.parse(sarif(moved)).runs[0].results[0].partialFingerprints['ptraceProbe/v1']
  }
  t.equal(fingerprint(2), fingerprint(20))
})

t.test('a root with a path of the machine is no part of an address', async (t) => {
  const log = JSON.parse(sarif(configured({ root: '/srv/image' })))
  const [{ locations }] = log.runs[0].results
  t.match(locations[0].physicalLocation.artifactLocation.uri, /^usr\/lib\/sysctl\.d\//)
})

t.test('a scope of 1 or more that counts is no result', async (t) => {
  const persistent = { ...configured().persistent, value: 1 } as const
  t.strictSame(JSON.parse(sarif(configured({ persistent }))).runs[0].results, [])
})

t.test('SARIF is of an unpacked system only', async (t) => {
  const { code, stderr } = await runCommand(['settings', '--format', 'sarif'])
  t.equal(code, 2)
  t.match(stderr, 'the format sarif is for --root DIR')
  t.match(await runCommand(['settings', '--format', 'sarif', '--root', 'x']), { code: 0 })
})

t.test('--exit-style xccdf exits as the Script Check Engine wants it', async (t) => {
  const style = ['--exit-style', 'xccdf']
  t.match(await asked(1, '--policy', 'stig', ...style), { code: 101 })
  t.match(await asked(1, '--policy', 'kspp', ...style), { code: 102 })
  t.match(await asked(1, '--policy', 'no-such', ...style), { code: 103 })
  t.match(await asked(2, '--scope', '3', ...style), { code: 104 })
  const probe = async () => {
    throw new Error('out of memory')
  }
  t.match(await runCommand(['assert', '--scope', '1', ...style], { probe }), { code: 104 })
  const { code, stderr } = await asked(1, '--scope', '1', '--exit-style', 'other')
  t.equal(code, 2)
  t.match(stderr, "option --exit-style expects one of xccdf, got 'other'")
})
