import t from 'tap'
import { profileNames, profileRows } from '../../lib/model/profiles.js'
import { adviceFor } from '../../lib/policy/profile.js'
import { expectedMet } from '../helpers/policies.js'
import { report } from '../helpers/report.js'
import { runCommand } from '../helpers/verdicts.js'

for (const yama of [null, 0, 1, 2, 3] as const) {
  t.test(`each kind of machine is judged by its guide at scope ${yama}`, async (t) => {
    const measured = report({ yama, capable: true })
    for (const name of profileNames) {
      const { policy, advice } = profileRows[name]
      const answer = adviceFor(measured, name)
      t.match(answer, { name, advice, met: expectedMet(policy, yama) })
      t.match(answer.source, /^https:/)
    }
  })
}

t.test('the report adds the advice where it is asked for', async (t) => {
  const probe = async () => report({ yama: 1 })
  const { stdout } = await runCommand(['--profile', 'server'], { probe })
  t.match(stdout, /^Advice for a server\n {2}On a server restrict ptrace/m)
  t.match(stdout, /^ {2}This machine meets server: /m)
  const json = await runCommand(['--profile', 'dmz', '--json'], { probe })
  t.match(JSON.parse(json.stdout).profile, { name: 'dmz', met: false })
  t.notOk('profile' in JSON.parse((await runCommand(['--json'], { probe })).stdout))
  t.match(await runCommand(['--profile', 'laptop']), {
    code: 2,
    stderr: /expects one of desktop, server, dmz, got 'laptop'/,
  })
})
