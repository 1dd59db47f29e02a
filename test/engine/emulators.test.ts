import t from 'tap'
import type { Report } from '../../lib/model/index.js'
import { needs } from '../helpers/needs.js'
import { built, run } from '../helpers/node.js'

/** A PID namespace of its own, so that nothing is left if the emulator crashes. */
const cage = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', '--']
const tools = needs.all(needs.root(), needs.program('unshare'), needs.program('proot'))

t.test('under proot the report names it, and proves nothing', tools, async (t) => {
  const program = `
    import { probeSync, skipReason } from ${JSON.stringify(built)}
    console.log(JSON.stringify({ report: probeSync(), reason: skipReason('child') }))`
  const { code, stdout, stderr } = await run(program, {}, [...cage, 'proot'])
  t.equal(code, 0, { stderr })
  const { report, reason }: { report: Report; reason: string } = JSON.parse(stdout)
  t.equal(report.host.emulator, 'proot')
  t.not(report.caller.tracerPid, 0, 'it is a tracer itself')
  t.not(report.scope.enforced.certainty, 'proved')
  t.match(report.scope.effective, { value: null, name: 'undetermined' })
  t.equal(report.findings[0]?.id, 'emulated')
  const asked = report.observations.filter(
    ({ syscall, step }) => syscall === 'ptrace' && step !== 'control',
  )
  t.strictSame(asked, [], 'it is asked for nothing of ptrace: an orphan’s request crashes it')
  t.match(reason, /not available here under proot \(ptrace: ESRCH\)/)
})
