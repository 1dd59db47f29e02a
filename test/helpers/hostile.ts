/** Names that mean something to the formats that they get into: as text they have to come out again. */

import type { Assertion, Fleet, SettingsReport } from '../../lib/model/index.js'
import { report } from './report.js'
import { configured } from './systems.js'
import { runCommand } from './verdicts.js'

/** What a process, a user or a file may be called. */
export const hostileNames: readonly string[] = [
  ']]>\n# SKIP\u001b[31m',
  '</title><script>alert(1)</script>',
  '"&<>\'\\',
  '# TODO `a` | b || [c](https://example.org) @team ![d](e) *f*',
  '\ud800 \u202e \u2028 \uffff',
  '--- \n...\nok 1 - more',
]

/** An answer of `assert` that has that name wherever one from outside can get. */
export async function hostileAssertion(name: string): Promise<Assertion> {
  const argv = ['assert', '--json', '--policy', 'cnspec', '--relation', 'sibling=denied']
  const { stdout } = await runCommand(argv, { probe: async () => report({ yama: 1 }) })
  const plain: Assertion = JSON.parse(stdout)
  return {
    ...plain,
    message: name,
    evaluations: plain.evaluations.map((each) => ({
      ...each,
      message: name,
      disagreement: name,
      expectations: each.expectations.map((expectation) => ({
        ...expectation,
        subject: `user:${name}/sibling`,
        evidence: [`user:${name}/sibling/seize`],
      })),
    })),
  }
}

/** An answer of `settings` below a relative root, where a file has that name. */
export function hostileSettings(name: string): SettingsReport {
  const file = `/etc/sysctl.d/${name.replaceAll('/', '_')}.conf`
  const [first] = configured().assignments
  if (first === undefined) throw new Error('this system has no assignment')
  return configured({
    root: 'images/base',
    persistent: { value: 0, file, line: 2, package: null },
    assignments: [
      { ...first, file, line: 2, effective: true, reason: `${file}:2 sets 0.` },
      { ...first, file: '/etc/sysctl.conf', line: 1, effective: false, reason: 'It is hidden.' },
    ],
    problems: [name],
  })
}

/** A fleet in which hosts, a kernel and a file have that name, and one policy is not met. */
export function hostileFleet(name: string): Fleet {
  const group = (value: string) => ({ value, count: 7, hosts: [name] })
  return {
    ...{ schemaVersion: 1, tool: { name: 'ptrace-probe', version: '0.1.0' }, message: name },
    ...{ envelopes: 7, hosts: 7, agreement: [], drift: [], afterReboot: [], findings: [] },
    enforced: [group('scope 1 (restricted), proved')],
    policies: [
      { id: 'stig', answers: [group('met')] },
      { id: 'cis', answers: [group('met'), group('unknown'), group('not met')] },
      { id: 'kspp', answers: [group('met'), group('unknown')] },
    ],
    kernels: [group(name)],
    unread: { count: 1, first: [{ place: `${name}:1`, reason: 'expected an envelope' }] },
  }
}
