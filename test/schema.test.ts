import { readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { consents, methods, relations, scopeNames, steps } from '../lib/vocabulary.js'
import { cli } from './helpers/cli.js'
import { report } from './helpers/report.js'

const schema = JSON.parse(readFileSync(new URL('../schema/report.json', import.meta.url), 'utf8'))
// Both packages are CommonJS whose types describe the default export of a bundler.
const ajv = new Ajv2020.default({ strict: true, allowUnionTypes: true, allErrors: true })
addFormats.default(ajv)
const validate = ajv.compile(schema)

const mistakes = (value: unknown) => (validate(value) ? [] : validate.errors)

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

t.test('the schema describes every part and leaves nothing open', async (t) => {
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return
    const { type, additionalProperties, properties, description } = node as Record<string, unknown>
    if (type === 'object' || properties) {
      t.equal(additionalProperties, false, path)
      t.type(description, 'string', path)
    }
    for (const [key, child] of Object.entries(node)) walk(child, `${path}/${key}`)
  }
  walk(schema, '#')
})

t.test('reports of modelled machines are valid', async (t) => {
  t.same(mistakes(report()), [])
  t.same(mistakes(report({ yama: null, capable: true, users: ['alice'] })), [])
  t.same(
    mistakes(report({ yama: 3, userNamespaces: false, ptraceFilter: 'KILL', traced: true })),
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
