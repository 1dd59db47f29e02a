import { execFileSync, spawn } from 'node:child_process'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import { skipReason } from '../../lib/skip/skip-reason.js'
import { pack } from '../../scripts/pack.mjs'
import { environment } from '../helpers/cli.js'
import { needs } from '../helpers/needs.js'
import { type Ended, ended, root } from '../helpers/node.js'
import { install } from './project.js'

/** What a runner said of the one test of its project. */
type Verdict = 'passed' | 'skipped' | 'failed'

interface Runner {
  readonly name: 'tap' | 'node' | 'vitest' | 'jest' | 'mocha'
  /** Arguments of Node: the runner itself, and that it should report for a program. */
  readonly argv: readonly string[]
  /** What its report says; the reason is looked for in the text. */
  readonly said: (report: string) => Verdict | undefined
}

const require = createRequire(import.meta.url)
/** The program of a package. */
function program(name: string, path: string): string {
  return join(require.resolve(`${name}/package.json`), '..', path)
}

/** A verdict for each pattern; the first that matches counts. */
const by =
  (patterns: Readonly<Record<Verdict, RegExp>>): Runner['said'] =>
  (report) =>
    (Object.keys(patterns) as Verdict[]).find((verdict) => patterns[verdict].test(report))

const runners: readonly Runner[] = [
  {
    name: 'tap',
    argv: [join(root, 'node_modules/.bin/tap'), 'run', '--disable-coverage', '--reporter=tap'],
    said: by({
      failed: /^not ok /m,
      skipped: /^ +ok 1 - attaches to a child # SKIP /m,
      passed: /^ +ok 1 - it ran$/m,
    }),
  },
  {
    name: 'node',
    argv: ['--test', '--test-reporter=tap'],
    said: by({
      failed: /^not ok /m,
      skipped: /^ok 1 - attaches to a child # SKIP /m,
      passed: /^ok 1 - attaches to a child$/m,
    }),
  },
  {
    name: 'vitest',
    argv: [program('vitest', 'vitest.mjs'), 'run', '--reporter=verbose'],
    said: by({ failed: /Tests +1 failed/, skipped: /Tests +1 skipped/, passed: /Tests +1 passed/ }),
  },
  {
    name: 'jest',
    // Jest loads ES modules only with this flag, and names no skipped test but in JSON.
    argv: ['--experimental-vm-modules', program('jest', 'bin/jest.js'), '--json'],
    said: by({
      failed: /"numFailedTestSuites":1/,
      skipped: /"numPendingTests":1/,
      passed: /"numPassedTests":1/,
    }),
  },
  {
    name: 'mocha',
    argv: [program('mocha', 'bin/mocha.js'), '--reporter=spec'],
    said: by({ failed: /^ *Exception during run/m, skipped: /\b1 pending/, passed: /\b1 passing/ }),
  },
]

/** A project with one test file that has installed the package as it would be published. */
const project = t.testdir()
await install(pack(project), project)
writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }')

/** Runs a command whose every call of ptrace fails with EPERM. */
const confine = join(project, 'confine')
const compiler = needs.program('cc')
if (compiler.skip === false) {
  execFileSync('cc', ['-o', confine, join(root, 'test/kernels/guest/confine.c')])
}

async function run(
  { name, argv }: Runner,
  { confined = false, required = false },
): Promise<Ended & { readonly report: string }> {
  const file = `${name}.test.js`
  cpSync(join(root, 'test/harness', name, 'attach.test.js'), join(project, file))
  const [command = '', ...args] = [
    ...(confined ? [confine, 'ptrace=eperm', '--'] : []),
    process.execPath,
    ...argv,
    file,
  ]
  const child = spawn(command, args, {
    cwd: project,
    env: environment({ NO_COLOR: '1', ...(required ? { PTRACE_PROBE_REQUIRE: '1' } : {}) }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const result = await ended(child)
  return { ...result, report: result.stdout + result.stderr }
}

const reason =
  'needs ptrace of a child; refused here with EPERM: ptrace answers so before it looks at any process'
const unmet = skipReason('child')

for (const runner of runners) {
  const { name, said } = runner
  t.test(`${name} runs a test whose need is met`, { skip: unmet }, async (t) => {
    for (const required of [false, true]) {
      const { code, report } = await run(runner, { required })
      t.equal(code, 0, { report })
      t.equal(said(report), 'passed', { report })
    }
  })

  t.test(`${name} skips a test whose need is not met, with the reason`, compiler, async (t) => {
    const { code, report } = await run(runner, { confined: true })
    t.equal(code, 0, { report })
    t.equal(said(report), 'skipped', { report })
    t.match(report, reason)
  })

  t.test(`${name} fails instead with PTRACE_PROBE_REQUIRE=1`, compiler, async (t) => {
    const { code, report } = await run(runner, { confined: true, required: true })
    t.not(code, 0)
    t.equal(said(report), 'failed', { report })
    t.match(report, `PTRACE_PROBE_REQUIRE does not allow this test to be skipped: ${reason}`)
  })
}

t.test('every runner has a project, and every project a runner', async (t) => {
  for (const { name } of runners) {
    const text = readFileSync(join(root, 'test/harness', name, 'attach.test.js'), 'utf8')
    t.match(text, "import { skipReason } from 'ptrace-probe'")
  }
})
