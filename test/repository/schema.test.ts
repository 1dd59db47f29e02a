import { readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { diff } from '../../lib/fleet/diff.js'
import { mergeSources } from '../../lib/fleet/merge.js'
import { causes } from '../../lib/model/causes.js'
import { consents } from '../../lib/model/consents.js'
import { findingIds } from '../../lib/model/findings.js'
import { accessMethods, methods } from '../../lib/model/methods.js'
import { relations } from '../../lib/model/relations.js'
import { remedies } from '../../lib/model/remedies.js'
import { scopeNames } from '../../lib/model/scopes.js'
import { steps } from '../../lib/model/steps.js'
import { outcomes, toolKinds } from '../../lib/model/vocabulary.js'
import { checkPolicy } from '../../lib/policy/check.js'
import { isMistake } from '../../lib/policy/mistake.js'
import { policies } from '../../lib/policy/table.js'
import { cli } from '../helpers/cli.js'
import { bytes, envelope } from '../helpers/envelopes.js'
import { report } from '../helpers/report.js'
import { configured, images, running, system } from '../helpers/systems.js'
import { toolsReport } from '../helpers/tools.js'
import { denied, runCommand, undetermined, verdict } from '../helpers/verdicts.js'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../dist/schema/${name}.json`, import.meta.url), 'utf8'))
const schema = read('report')
const verdictSchema = read('verdict')
const toolsSchema = read('tools')
const settingsSchema = read('settings')
// Both packages are CommonJS whose types describe the default export of a bundler.
const ajv = new Ajv2020.default({ strict: true, allowUnionTypes: true, allErrors: true })
addFormats.default(ajv)
const validate = ajv.compile(schema)

const mistakes = (value: unknown) => (validate(value) ? [] : validate.errors)
const validateVerdict = ajv.compile(verdictSchema)
const assertSchema = read('assert')
const validateAssertion = ajv.compile(assertSchema)
const assertionMistakes = (value: unknown) =>
  validateAssertion(value) ? [] : validateAssertion.errors
const policySchema = read('policy')
const validatePolicy = ajv.compile(policySchema)
const validateTools = ajv.compile(toolsSchema)
const toolsMistakes = (value: unknown) => (validateTools(value) ? [] : validateTools.errors)
const verdictMistakes = (value: unknown) => (validateVerdict(value) ? [] : validateVerdict.errors)

const envelopeSchema = read('envelope')
const fleetSchema = read('fleet')
const diffSchema = read('diff')
const validateEnvelope = ajv.compile(envelopeSchema)
const validateFleet = ajv.compile(fleetSchema)
const validateDiff = ajv.compile(diffSchema)
const schemas = [
  ...[schema, verdictSchema, settingsSchema, assertSchema, policySchema, toolsSchema],
  ...[envelopeSchema, fleetSchema, diffSchema],
]

const validateSettings = ajv.compile(settingsSchema)
const settingsMistakes = (value: unknown) =>
  validateSettings(value) ? [] : validateSettings.errors

t.test('the words of the schemas are those of the tables', async (t) => {
  const { Relation, Consent, Method, ScopeName, Step, FindingId, RemedyId, ObservationId } =
    schema.$defs
  t.same(Relation.enum, relations)
  t.same(Consent.enum, consents)
  t.same(Method.enum, methods)
  t.same(ScopeName.enum, scopeNames)
  t.same(Step.enum, steps)
  t.same(FindingId.enum, findingIds)
  t.same(RemedyId.enum, Object.keys(remedies))
  t.same(verdictSchema.$defs.CauseId.enum, causes)
  t.same(
    assertSchema.$defs.PolicyId.enum,
    policies.map(({ id }) => id),
  )
  t.same(toolsSchema.$defs.Outcome.enum, outcomes)
  t.same(toolsSchema.$defs.ToolKind.enum, toolKinds)
  const ids = new RegExp(ObservationId.pattern, 'u')
  for (const word of relations) t.match(`caller/${word}/attach`, ids)
  for (const word of methods) t.match(`user:alice/child/${word}`, ids)
  for (const word of consents.slice(1)) t.match(`unprivileged/sibling+${word}/seize`, ids)
  for (const id of [
    'unprivileged/sibling+none/seize',
    'user:/child/attach',
    'user:a/b/child/attach',
    'caller/child/attach/seize',
    'caller/child',
  ]) {
    t.notMatch(id, ids)
  }
})

t.test('a name means the same in every schema', async (t) => {
  const all = Object.assign({}, ...schemas.map(({ $defs }) => $defs))
  for (const { $id, $defs } of schemas) {
    for (const [name, definition] of Object.entries($defs))
      t.same(definition, all[name], `${$id} ${name}`)
  }
})

t.test('the schemas describe every part and leave nothing open', async (t) => {
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return
    const { type, additionalProperties, properties, description } = node as Record<string, unknown>
    if (type === 'object' || properties) {
      t.equal(additionalProperties, false, path)
      t.type(description, 'string', path)
    }
    for (const [key, child] of Object.entries(node)) {
      walk(child, `${path}/${key}`)
    }
  }
  for (const each of schemas) walk(each, each.$id)
})

t.test('an envelope, what it is merged into and what it differs in are valid', async (t) => {
  const all = policies.filter(({ id }) => ['stig', 'kspp'].includes(id))
  const [before, after] = [envelope({ yama: 1 }, all), envelope({ yama: null }, all)]
  for (const each of [before, after]) {
    t.ok(validateEnvelope(each), { errors: validateEnvelope.errors })
    t.notOk(validateEnvelope({ ...each, host: '' }))
    t.notOk(validateEnvelope({ ...each, asserts: undefined }))
  }
  const fleet = await mergeSources(
    [
      {
        name: 'a',
        open: () => bytes([before, after].map((each) => `${JSON.stringify(each)}\n`).join('')),
      },
      { name: 'b', wrong: 'no such file or directory' },
    ],
    { read: () => {}, failed: () => {} },
  )
  t.ok(validateFleet(fleet), { errors: validateFleet.errors })
  t.notOk(validateFleet({ ...fleet, hosts: -1 }))
  const difference = diff(before, after)
  t.ok(difference.changes.length > 5)
  t.ok(validateDiff(difference), { errors: validateDiff.errors })
  t.notOk(validateDiff({ ...difference, changes: [{ subject: 'weather' }] }))
})

t.test('reports of modelled machines are valid', async (t) => {
  t.same(mistakes(report()), [])
  t.same(mistakes(report({ yama: null, capable: true, users: ['alice'] })), [])
  t.same(
    mistakes(report({ yama: 3, userNamespaces: false, ptraceFilter: 'KILL', traced: true })),
    [],
  )
})

t.test('the real report in the documents is valid', async (t) => {
  t.same(
    mistakes(JSON.parse(readFileSync(new URL('../../docs/report.json', import.meta.url), 'utf8'))),
    [],
  )
})

t.test('a report with an unknown word or field is not valid', async (t) => {
  const base = report()
  t.notOk(validate({ ...base, extra: 1 }))
  t.notOk(validate({ ...base, schemaVersion: 2 }))
  t.notOk(validate({ ...base, observations: [{ ...base.observations[0], status: 'maybe' }] }))
  t.notOk(
    validate({ ...base, observations: [{ ...base.observations[0], id: 'caller/uncle/seize' }] }),
  )
  t.notOk(validate({ ...base, scope: { ...base.scope, agrees: 'yes' } }))
})

t.test('what the command prints is valid', async (t) => {
  const { stdout, stderr, code } = cli(['--json'])
  t.equal(stderr, '')
  t.equal(code, 0)
  t.same(mistakes(JSON.parse(stdout)), [])
})

t.test('verdicts are valid', async (t) => {
  for (const each of [verdict(), denied(), undetermined(), denied({ tracer: 'user:alice' })]) {
    t.same(verdictMistakes(each), [])
  }
  t.same(verdictMistakes({ ...denied(), target: null }), [])
  const { stdout } = await runCommand(['check', '--name', 'nosuch', '--json'])
  t.same(verdictMistakes(JSON.parse(stdout)[0]), [], 'a name that no process has')
  for (const tracer of ['pid:7', 'program:/usr/bin/gdb', 'program:/tmp/two\nlines'] as const) {
    t.same(verdictMistakes({ ...verdict(), tracer, certainty: 'inferred' }), [])
  }
  for (const method of accessMethods) t.same(verdictMistakes({ ...denied(), method }), [])
  const ofThread = denied().causes.map((cause) => ({ ...cause, thread: 8 }))
  t.same(verdictMistakes({ ...denied(), causes: ofThread }), [])
})

t.test('a verdict with an unknown word, or that contradicts itself, is not valid', async (t) => {
  for (const change of [
    { extra: 1 },
    { cause: 'bad-luck' },
    { cause: null },
    { tracer: 'me' },
    { tracer: 'program:gdb' },
    { method: 'traceme' },
    { verdict: 'allowed' },
    { evidence: [{ source: 'ptrace' }] },
  ]) {
    t.notOk(validateVerdict({ ...denied(), ...change }), JSON.stringify(change))
  }
})

t.test('what check and survey print is valid', async (t) => {
  const [init] = JSON.parse(cli(['check', '--json', '1']).stdout)
  t.same(verdictMistakes(init), [])
  for (const each of JSON.parse(cli(['check', '--json', '2', '4194304']).stdout)) {
    t.same(verdictMistakes(each), [])
  }
  for (const tracer of ['self', 'stranger']) {
    const { stdout, stderr, code } = cli(['survey', '--json', '--tracer', tracer])
    t.match({ code, stderr }, { code: 0, stderr: '' })
    const lines = stdout.trimEnd().split('\n')
    t.same(
      lines.flatMap((line) => verdictMistakes(JSON.parse(line))),
      [],
    )
  }
})

t.test('what assert prints is valid, and its policies are', async (t) => {
  const asked = policies.flatMap(({ id }) => ['--policy', id])
  for (const more of [[], ['--scope', '>=1'], ['--relation', 'capable/child=denied']]) {
    const { stdout, stderr } = cli(['assert', '--json', ...asked, ...more])
    t.equal(stderr, '')
    t.same(assertionMistakes(JSON.parse(stdout)), [])
  }
  const { stdout, code } = cli(['assert', '--list-policies', '--json'])
  t.equal(code, 0)
  t.same(JSON.parse(stdout), policies)
  for (const { origin, ...each } of JSON.parse(stdout)) {
    t.equal(origin, 'known')
    t.ok(validatePolicy(each), each.id)
  }
})

t.test(
  'a policy is accepted exactly where the schema allows it, except for what a schema cannot express',
  async (t) => {
    const values = [
      ...[null, true, 0, 1, 2, 4, -1, 1.5, '', 'own', 'Own', 'a'.repeat(65), 'a'.repeat(201)],
      ...[
        'a\nb',
        '2026',
        '2026-11',
        '2026-1',
        '2026-11-21',
        '>=1',
        ' <2 ',
        '1,2',
        '>=1,2',
        '4',
        '=>1',
      ],
      ...[[], {}, [1], [0, 3], [4], ['1'], [1, 1], [null]],
      ...[
        ['sibling=denied'],
        ['sibling+any/seize=allowed'],
        ['caller/parent=denied'],
        ['x=denied'],
      ],
      ...[['sibling=maybe'], ['sibling'], ['user:alice/sibling=denied'], [['sibling=denied']]],
    ]
    const base = { id: 'own', scope: [1] }
    const candidates: unknown[] = [base, {}, [], null, 'own', { scope: [1] }, { id: 'own' }]
    for (const name of [...Object.keys(policySchema.$defs.ScopeInput.properties), 'extra']) {
      for (const value of values) {
        candidates.push({ ...base, [name]: value }, { id: 'own', [name]: value })
      }
    }
    for (const candidate of candidates) {
      const read = checkPolicy(candidate, 'program')
      const unsaid =
        isMistake(read) &&
        /some (machine|scope)|is tried as|a policy which is known/.test(read.expected)
      if (unsaid) continue
      t.equal(!isMistake(read), validatePolicy(candidate), JSON.stringify(candidate))
    }
  },
)
t.test('reports about tools are valid, of modelled machines and of this one', async (t) => {
  t.same(toolsMistakes(toolsReport()), [])
  t.same(toolsMistakes(toolsReport({ yama: 2, capable: true, users: ['alice'] })), [])
  const { stdout, stderr, code } = cli(['tools', '--json'])
  t.match({ code, stderr }, { code: 0, stderr: '' })
  t.same(toolsMistakes(JSON.parse(stdout)), [])
  const [first] = toolsReport().tools
  t.notOk(validateTools({ ...toolsReport(), tools: [{ ...first, kind: 'hammer' }] }))
})

t.test('settings with an unknown word or field are not valid', async (t) => {
  t.same(settingsMistakes(configured()), [])
  const denyPtrace = { now: true, persistent: null, file: null }
  t.same(settingsMistakes({ ...configured(), denyPtrace }), [])
  for (const change of [
    { extra: 1 },
    { afterReboot: 4 },
    { drift: 'yes' },
    { reader: { name: 'init', evidence: null } },
    { denyPtrace: true },
    { assignments: [{ file: '/etc/sysctl.conf', line: 1 }] },
  ]) {
    t.notOk(validateSettings({ ...configured(), ...change }), JSON.stringify(change))
  }
})

t.test('what settings prints is valid', async (t) => {
  const { stdout, stderr, code } = cli(['settings', '--json'])
  t.equal(stderr, '')
  t.ok(code === 0 || code === 1)
  t.same(settingsMistakes(JSON.parse(stdout)), [])
  const root = system(t, images.fedora, running(0), {
    'etc/sysctl.d/10-a.conf': 'kernel.yama.ptrace_scope = 2\n-kernel.yama.*\n',
    'usr/lib/sysctl.d/10-a.conf': 'kernel.yama.ptrace_scope = 9\n',
    'etc/sysctl.conf': 'kernel.yama.ptrace_scope = 1\n',
    'etc/sysctl.d/loop.conf': '-> loop.conf',
  })
  const answer = JSON.parse(cli(['settings', '--json', '--root', root]).stdout)
  t.same(settingsMistakes(answer), [])
  t.ok(answer.assignments.length > 2 && answer.problems.length > 0 && answer.remedies.length > 1)
})
