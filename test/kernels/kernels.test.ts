import t, { type Test } from 'tap'

import type { Assertion } from '../../lib/model/index.js'
import { expectedMet } from '../helpers/policies.js'
import { disagreements, expectedScope } from './compare.js'
import {
  assertions,
  changingPairs,
  checksFor,
  commandsFor,
  contexts,
  contextsFor,
  countsLines,
} from './contexts.js'
import { chosenKernels } from './kernels.js'
import { bootAndMeasure } from './lane.js'
import { resultsOf, startEach } from './machines.js'
import type { Changed, CommandRun, Measured, Results } from './results.js'
import { truth } from './truth.js'

const kernels = chosenKernels()
const machines = startEach(kernels, (kernel) => (say) => bootAndMeasure(kernel, say))

for (const { item: kernel, machine } of machines) {
  t.test(`Debian's kernel ${kernel.name}`, async (t) => {
    const results = await resultsOf(t, machine)
    t.comment(results.release)
    const scopes = kernel.yama ? 4 : 1
    const states = scopes * contextsFor(kernel).length
    t.equal(results.measured.length, states, 'every context was measured at every scope')
    const asserted = kernel.policies ? assertions.length : 0
    const atEach = asserted + checksFor(kernel.arch).length
    const runs = commandsFor(kernel.arch).length + scopes * atEach
    t.equal(results.commands.length, runs, 'every command was run')
    for (const measured of results.measured) testMeasured(t, results, measured)
    t.equal(results.crashes.length, 2 * scopes)
    for (const { as, scope, left } of results.crashes) {
      const what = `${place(scope)}, as ${as}: a process that crashes leaves its core`
      t.strictSame(left, ['\u007fELF'], what)
    }
    t.equal(results.log.length, countsLines(kernel) ? 2 * 3 : 0)
    for (const { scope, said, logged } of results.log) {
      const what = said.quiet ? 'a report with --quiet-kernel' : 'a whole report'
      t.equal(said.refusals, logged, `${place(scope)}: ${what} says how often Yama logs a refusal`)
      if (said.quiet) t.equal(logged, 0, `${place(scope)}: ${what} leaves no line`)
    }
    testConfronted(t, results)
    t.equal(results.changed.length, 2 * changingPairs(kernel).length)
    for (const changed of results.changed) testChanged(t, results, changed)
    for (const command of results.commands) {
      const test = tests[command.args[0] ?? ''] ?? testCommand
      test(t, results, command)
    }
  })
}

const tests: Readonly<Record<string, typeof testCommand>> = {
  assert: testAssertion,
  check: testCheck,
}

function place(scope: number | null): string {
  return scope === null ? 'without Yama' : `scope ${scope}`
}

function testMeasured(t: Test, { release }: Results, measured: Measured): void {
  const { scope, report, judge } = measured
  const context = contexts.find(({ id }) => id === measured.context)
  if (context === undefined) throw new Error(`No context ${measured.context}`)
  const cells = report.observations.map((cell) => [cell.id, cell] as const)
  const expected = expectedScope(context, scope)

  t.test(`${release}, ${place(scope)}, ${context.title}`, async (t) => {
    t.not(cells.length, 0, 'something was observed')
    t.strictSame(
      disagreements(cells, (id) => judge[id] ?? { status: 'unknown', errno: null, signal: null }),
      [],
      'every cell agrees with the judge',
    )
    t.strictSame(
      disagreements(cells, (id) => truth(context, scope, id)),
      [],
      'every cell agrees with what other kernels answered',
    )
    t.strictSame(
      disagreements(Object.entries(judge), (id) => truth(context, scope, id)),
      [],
      'the judge agrees with what other kernels answered',
    )
    const { enforced, effective, declared, agrees } = report.scope
    t.match(enforced, expected.enforced, `the enforced scope is ${expected.enforced.name}`)
    t.strictSame(
      enforced.candidates,
      expected.candidates,
      `the scopes that remain possible are [${expected.candidates}]`,
    )
    t.equal(enforced.certainty, expected.certainty, `that is ${expected.certainty}`)
    t.match(effective, expected.effective, `the effective scope is ${expected.effective.name}`)
    t.equal(declared.value, scope, 'the declared scope is the one that was set')
    t.equal(agrees, expected.agrees, 'declared and enforced are compared where both are known')
    t.equal(report.host.kernel, release, 'the kernel is named')
    t.strictSame(measured.leftovers, [], 'no process is left, stopped, traced or a zombie')
  })
}

function testChanged(t: Test, { release }: Results, changed: Changed): void {
  const { pair, context, reports, leftovers } = changed
  const scopes: readonly (number | null)[] = pair
  const who = contexts.find(({ id }) => id === context)?.title
  t.test(`${release}, ${who}, while the scope changes between ${pair.join(' and ')}`, async (t) => {
    const answers = new Set(
      reports.map(({ observations }) => observations.map(({ status }) => status).join()),
    )
    t.not(answers.size, 1, 'the change was seen')
    for (const { scope } of reports) {
      const { value, name, certainty } = scope.enforced
      const found = `${name}, ${certainty}`
      t.ok(name === 'undetermined' || scopes.includes(value), `no third scope is named: ${found}`)
    }
    t.strictSame(leftovers, [], 'no process is left, stopped, traced or a zombie')
  })
}

function testConfronted(t: Test, { confronted }: Results): void {
  for (const { scope, as, target, judge, verdict, message, outcome, said } of confronted) {
    const expected = verdict === 'allowed' ? 'attached' : 'refused'
    const what = `${place(scope)}, as ${as}: ${judge} is ${expected} by ${target}, as foretold`
    t.ok(verdict !== 'undetermined' && outcome === expected, what, { message, outcome, said })
  }
}

function testAssertion(t: Test, { release }: Results, command: CommandRun): void {
  const { as, args, scope, status, stdout, stderr, leftovers } = command
  const who = as === 'root' ? 'as root' : 'as uid 1000'
  const asked = args.filter((arg) => !arg.startsWith('-')).slice(1)
  t.test(`${release}, ${place(scope)}, ${who}: ${asked.length} policies are judged`, async (t) => {
    t.equal(stderr, '', 'it complains about nothing')
    const { met, evaluations }: Assertion = JSON.parse(stdout)
    const expected = asked.map((name) => [name, expectedMet(name, scope)])
    t.strictSame(
      evaluations.map((each) => [each.policy.id, each.met]),
      expected,
      'each is met where the table made by hand says so',
    )
    const allMet = expected.every(([, each]) => each === true)
    t.equal(met, allMet, 'all of them are met if each is')
    t.equal(status, allMet ? 0 : 1, 'the exit status says the same')
    t.strictSame(leftovers, [], 'no process is left, stopped, traced or a zombie')
  })
}

function testCheck(t: Test, { release }: Results, command: CommandRun): void {
  const { as, scope, status, stdout, stderr, leftovers } = command
  const who = as === 'root' ? 'as root' : 'as uid 1000'
  t.test(`${release}, ${place(scope)}, ${who}: process 1 is checked`, async (t) => {
    t.equal(stderr, '', 'it complains about nothing')
    const allowed = as === 'root' && scope !== 3
    t.equal(status, allowed ? 0 : 1, 'the exit status says whether it may be attached to')
    t.match(stdout, allowed ? /^This process may attach/ : /^This process may not attach/)
    if (!allowed) t.match(stdout, as === 'root' ? /^ {2}yama-no-attach \(/m : /^ {2}owner \(/m)
    t.match(
      stdout,
      /The same holds for a debugger that\s+this\s+process\s+starts.*and\s+for\s+an\s+unrelated\s+process/s,
    )
    t.strictSame(leftovers, [], 'no process is left, stopped, traced or a zombie')
  })
}

function testCommand(t: Test, { release }: Results, command: CommandRun): void {
  const { as, args, scope, status, stdout, stderr, leftovers } = command
  const who = as === 'root' ? 'as root' : 'as uid 1000'
  const line = ['ptrace-probe', ...args].join(' ')
  t.test(`${release}, ${place(scope)}, ${who}: ${line}`, async (t) => {
    t.equal(stderr, '', 'it complains about nothing')
    t.equal(status, 0, 'it says that it measured')
    if (args.includes('--json')) {
      const { scope: said }: Measured['report'] = JSON.parse(stdout)
      t.equal(said.enforced.value, scope, 'the enforced scope is the one that was set')
    } else {
      const words = scope === null ? /enforced +no Yama/ : new RegExp(`enforced +${scope} `)
      t.match(stdout, words, 'it names the scope that was set')
    }
    t.strictSame(leftovers, [], 'no process is left, stopped, traced or a zombie')
  })
}
