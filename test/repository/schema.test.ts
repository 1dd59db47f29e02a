import { readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { causes } from '../../lib/model/causes.js'
import {
  consents,
  methods,
  outcomes,
  relations,
  scopeNames,
  steps,
  toolKinds,
} from '../../lib/model/vocabulary.js'
import { checkPolicy } from '../../lib/policy/check.js'
import { isMistake } from '../../lib/policy/mistake.js'
import { policies } from '../../lib/policy/table.js'
import { cli } from '../helpers/cli.js'
import { report } from '../helpers/report.js'
import { configured, images, running, system } from '../helpers/systems.js'
import { toolsReport } from '../helpers/tools.js'
import { denied, undetermined, verdict } from '../helpers/verdicts.js'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../schema/${name}.json`, import.meta.url), 'utf8'))
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

const validateSettings = ajv.compile(settingsSchema)
const settingsMistakes = (value: unknown) =>
  validateSettings(value) ? [] : validateSettings.errors

t.test('the words of the schema are the words of the project', async (t) => {
  const { relation, consent, method, scope, observation, observationId } = schema.$defs
  t.same(observation.properties.step.enum, [...steps, null])
  t.same(relation.enum, relations)
  t.same(consent.enum, consents)
  t.same(method.enum, methods)
  t.same(scope.properties.enforced.properties.name.enum, [...scopeNames, 'no-yama', 'undetermined'])
  t.same(scope.properties.effective.properties.name.enum, [
    ...scopeNames,
    'blocked',
    'undetermined',
  ])
  const ids = new RegExp(observationId.pattern)
  for (const word of relations) t.match(`caller/${word}/attach`, ids)
  for (const word of methods) t.match(`user:alice/child/${word}`, ids)
  for (const word of consents.slice(1)) t.match(`unprivileged/sibling+${word}/seize`, ids)
  t.notMatch('unprivileged/sibling+none/seize', ids)
})

t.test('the words of verdicts are the words of the project', async (t) => {
  const { causeId, certainty, remedy } = verdictSchema.$defs
  t.same(causeId.enum, causes)
  t.same(certainty, schema.$defs.certainty)
  t.same(remedy, schema.$defs.remedy)
  const { undo, ...properties } = settingsSchema.$defs.remedy.properties
  t.ok(undo)
  t.same({ ...settingsSchema.$defs.remedy, properties }, remedy)
})

t.test('the words of assertions are the words of the report', async (t) => {
  const { $defs } = assertSchema
  for (const word of ['scopeValue', 'certainty', 'evidence', 'measured', 'remedy'] as const) {
    t.same($defs[word], schema.$defs[word], word)
  }
  for (const word of ['enforced', 'declared'] as const) {
    t.same($defs[word], schema.$defs.scope.properties[word], word)
  }
  t.same($defs.policy.properties.relations, policySchema.properties.relations)
})

t.test('the words of tools are the words of the project', async (t) => {
  const { effect, foundTool, ...others } = toolsSchema.$defs
  t.same(effect.properties.outcome.enum, outcomes)
  t.same(foundTool.properties.kind.enum, toolKinds)
  for (const shared of ['host', 'caller', 'scope', 'identity', 'observationId']) {
    t.same(others[shared], schema.$defs[shared], shared)
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
      // A condition narrows what is described elsewhere.
      if (key !== 'allOf') walk(child, `${path}/${key}`)
    }
  }
  walk(schema, 'report#')
  walk(verdictSchema, 'verdict#')
  walk(assertSchema, 'assert#')
  walk(policySchema, 'policy#')
  walk(toolsSchema, 'tools#')
  walk(settingsSchema, 'settings#')
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
})

t.test('a verdict with an unknown word, or that contradicts itself, is not valid', async (t) => {
  for (const change of [
    { extra: 1 },
    { cause: 'bad-luck' },
    { cause: null },
    { tracer: 'me' },
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
  for (const each of JSON.parse(stdout)) t.ok(validatePolicy(each), each.id)
})

t.test(
  'a policy is read exactly where the schema allows it, but for what it cannot say',
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
    for (const name of [...Object.keys(policySchema.properties), 'extra']) {
      for (const value of values) {
        candidates.push({ ...base, [name]: value }, { id: 'own', [name]: value })
      }
    }
    for (const candidate of candidates) {
      const read = checkPolicy(candidate)
      const unsaid = isMistake(read) && /some (machine|scope)|is tried as/.test(read.expected)
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
  for (const change of [
    { extra: 1 },
    { afterReboot: 4 },
    { drift: 'yes' },
    { reader: { name: 'init', evidence: null } },
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
