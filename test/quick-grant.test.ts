import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { inspect } from 'node:util'
import t from 'tap'
import type { Inquiry } from '../lib/attach/question.js'
import type { Examination } from '../lib/engine/engine.js'
import { render } from '../lib/format/check.js'
import { renderChecked } from '../lib/format/json.js'
import { grantOf } from '../lib/grant.js'
import { isPlainGrant, jsonFor, textFor } from '../lib/quick-grant.js'
import { examination } from './helpers/examinations.js'
import { ended, plainEnvironment, root } from './helpers/node.js'
import { sleeper } from './helpers/sleeper.js'

const plain = examination('granted')
const controls = {
  yama: null,
  ptrace: null,
  ptraceKnown: true,
  read: true,
  landlockDomains: null,
} as const
/** The verdicts of the usual path. */
const usual = (found: Examination) =>
  (['self', 'child', 'stranger'] as const).map((tracer) => {
    const inquiry = { tracer, selfPid: tracer === 'self' ? process.pid : null } as Inquiry
    return grantOf(found, inquiry, { controls, oracles: 1 })
  })

t.test('what is said quickly of a grant is what the usual path says', async (t) => {
  for (const [pid, name] of [
    [2, 'a'],
    [123, 'sleep'],
    [4_194_304, 'a-name_of.15/chr'],
    [2 ** 31 - 1, 'kworker/u8:1+ev'],
  ] as const) {
    const found = { ...plain, pid, target: { ...plain.target, name, threadGroup: pid } }
    t.ok(isPlainGrant(found))
    const [verdict, ...others] = usual(found)
    if (!verdict) throw new Error('The usual path does not grant it')
    const checked = { verdict, others: others.flatMap((each) => each ?? []), failures: [] }
    const style = { color: false, unicode: false, columns: 80 }
    t.equal(textFor(found), render([checked], false, style))
    t.equal(jsonFor(found), renderChecked([checked], false))
  }
})

t.test('nothing is granted quickly that the usual path would not grant', async (t) => {
  const { target } = plain
  const changes: Partial<Examination>[] = [
    { pidfdGetfd: 1 },
    { pidfdGetfd: 3 },
    { pidfdGetfd: 0 },
    { pidfdGetfd: null },
    { pidfdErrno: 3 },
    { ended: true },
    { procIsOurs: false, target: { statErrno: 2, statusErrno: 2 } },
    ...['Z', 'X', 't', 'R', 'S', 'D', 'T', 'I'].map((state) => ({ target: { ...target, state } })),
    { target: { ...target, tracer: 7 } },
    { target: { ...target, flags: 0x00200000 } },
    { target: { ...target, threadGroup: process.pid } },
    { target: { ...target, statErrno: 2 } },
    { target: { ...target, statusErrno: 13 } },
    { target: { statErrno: 0, statusErrno: 0 } },
    { pid: process.pid, target: { ...target, threadGroup: process.pid } },
    { read: 1 },
  ]
  for (const change of changes) {
    const found = { ...plain, ...change }
    const granted = usual(found).every((verdict) => verdict !== null)
    t.ok(granted || !isPlainGrant(found), inspect(change))
  }
  const unusual = [{ name: 'a b' }, { name: 'ä' }, { name: '\u001b[1m' }, { name: '' }]
  for (const change of unusual) {
    t.notOk(isPlainGrant({ ...plain, target: { ...target, ...change } }), inspect(change))
  }
})

t.test('the command says the same on both paths', async (t) => {
  const pid = String(await sleeper(t))
  const run = (argv: readonly string[], env: NodeJS.ProcessEnv) =>
    ended(
      spawn(process.execPath, [join(root, 'dist/bin.cjs'), 'check', ...argv], {
        env: { ...plainEnvironment(), ...env },
      }),
    )
  for (const argv of [[pid], ['--json', pid], [pid, '--json'], [`0${pid}`], ['--json'], []]) {
    // FORCE_COLOR, whatever it says, takes the usual path.
    t.strictSame(await run(argv, {}), await run(argv, { FORCE_COLOR: '0' }), argv.join(' '))
  }
})
