/** Runs the examples of harnesses of other languages. */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { skipReason } from '../../lib/skip/skip-reason.js'
import { bin, environment } from '../helpers/cli.js'
import { type Harness, harnesses } from '../helpers/harnesses.js'
import { needs } from '../helpers/needs.js'
import { ended, root } from '../helpers/node.js'

const reason =
  'needs ptrace of a child; refused here with EPERM: ptrace answers so before it looks at any process'

/**
 * Judges the examples of those harnesses by what the harnesses themselves say.
 *
 * @param program - the command's file, that of this checkout if none is given
 */
export function testHarnesses(ids: readonly Harness['id'][], program = bin): void {
  const tools = t.testdir()
  const command = `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`
  writeFileSync(join(tools, 'ptrace-probe'), command, { mode: 0o755 })
  symlinkSync(join(root, 'contrib/harness/needs-ptrace'), join(tools, 'needs-ptrace'))
  const confine = join(tools, 'confine')
  const compiler = needs.program('cc')
  if (compiler.skip === false) {
    execFileSync('cc', ['-o', confine, join(root, 'test/kernels/guest/confine.c')])
  }

  for (const harness of harnesses.filter(({ id }) => ids.includes(id))) {
    const { id, programs, said, line } = harness
    const installed = needs.all(compiler, ...programs.map(needs.program))
    const run = async (t: Test, { confined = false, required = false }) => {
      const project = t.testdir()
      cpSync(join(root, 'test/harness', id), project, { recursive: true })
      const filter = confined ? [confine, 'ptrace=eperm', '--'] : []
      const child = spawn('env', ['-u', 'NODE_OPTIONS', ...filter, 'sh', '-c', line], {
        cwd: project,
        env: environment({
          PATH: `${tools}:${process.env['PATH']}`,
          LC_ALL: 'C.UTF-8',
          ...(required ? { PTRACE_PROBE_REQUIRE: '1' } : {}),
        }),
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const { code, stdout, stderr } = await ended(child)
      const report = `${stdout}\n${stderr}`
      const verdicts = Object.entries(said).filter(([, pattern]) => pattern.test(report))
      return { code, report, verdicts: verdicts.map(([name]) => name) }
    }

    t.test(`${id} runs a test whose need is met`, installed, async (t) => {
      const unmet = skipReason('child')
      if (unmet) return void t.comment(unmet)
      for (const required of [false, true]) {
        const { code, report, verdicts } = await run(t, { required })
        t.equal(code, 0, { report })
        t.strictSame(verdicts, ['passed'], { report })
      }
    })

    t.test(`${id} skips a test whose need is not met, with the reason`, installed, async (t) => {
      const { code, report, verdicts } = await run(t, { confined: true })
      t.equal(code, 0, { report })
      t.strictSame(verdicts, ['skipped'], { report })
      t.match(report.replace(/\s+/g, ' '), reason)
    })

    t.test(`${id} fails instead with PTRACE_PROBE_REQUIRE=1`, installed, async (t) => {
      const { code, report, verdicts } = await run(t, { confined: true, required: true })
      t.not(code, 0)
      t.strictSame(verdicts, ['failed'], { report })
      t.match(report.replace(/\s+/g, ' '), reason)
    })
  }
}
