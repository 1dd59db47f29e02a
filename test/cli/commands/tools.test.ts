import t from 'tap'
import { formatsOf } from '../../../lib/format/formats.js'
import { toolsReport } from '../../helpers/tools.js'
import { runCommand } from '../../helpers/verdicts.js'

t.test('the command measures as it is told to, and prints every format', async (t) => {
  const argv = ['tools', '--as-user', 'alice', '--timeout', '5']
  const identities = ['caller', 'unprivileged', 'owner', 'user:alice']
  t.strictSame((await runCommand(argv)).asked, [['tools', { timeoutMs: 5, identities }]])
  for (const format of formatsOf('tools')) {
    const { code, stdout } = await runCommand(['tools', '--format', format])
    t.equal(code, 0)
    t.match(stdout, /\n$/)
  }
  t.match(await runCommand(['tools', 'gdb']), { code: 2, stderr: /gdb/ })
})

t.test('where no attempt came to its end, the command exits with 3', async (t) => {
  const told = toolsReport()
  const unknown = told.tools.map((tool) => ({
    ...tool,
    start: tool.start.map((effect) => ({ ...effect, outcome: 'undetermined' as const })),
    attach: tool.attach.map((effect) => ({ ...effect, outcome: 'undetermined' as const })),
  }))
  const { enforced } = told.scope
  const undecided = { ...enforced, name: 'undetermined', value: null, candidates: [] } as const
  const tools = async () => ({
    ...told,
    tools: unknown,
    scope: { ...told.scope, enforced: { ...undecided, certainty: 'undetermined' as const } },
  })
  t.equal((await runCommand(['tools'], { tools })).code, 3)
})
