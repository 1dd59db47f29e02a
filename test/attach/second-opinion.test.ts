import { constants } from 'node:os'
import t from 'tap'
import type { Trusted } from '../../lib/attach/controls.js'
import { deadlineIn } from '../../lib/attach/deadline.js'
import type { Question } from '../../lib/attach/question.js'
import { askOthers, type Judged } from '../../lib/attach/second-opinion.js'
import { runSync } from '../../lib/attach/steps.js'
import { judge } from '../../lib/attach/verdict.js'
import { type Examination, loadEngine, oracleBit } from '../../lib/engine/index.js'
import { circumstances, examination } from '../helpers/examinations.js'

const works = oracleBit('pidfd-getfd') | oracleBit('vm-read') | oracleBit('read')
const { controls } = circumstances()
const trusted: Trusted = {
  all: controls,
  calls: {
    attach: { works: true },
    seize: { works: true },
    'vm-read': { works: true },
    'proc-mem': { works: true },
    'pidfd-getfd': { works: true },
  },
  filtered: true,
  oracles: works,
}
const question: Question = {
  tracer: 'self',
  method: 'attach',
  examiner: 'self',
  selfPid: 2000,
  timeoutMs: 1000,
  signal: undefined,
  ownPid: 2000,
  about: null,
}

const judged = (
  found: Examination,
  around: Parameters<typeof circumstances>[0] = {},
): readonly Judged[] => {
  const verdict = judge(found, circumstances(around))
  return [{ examination: found, verdict: { remedies: [], ...verdict } }]
}

/** The sets of oracles that a question is asked with once more. */
function askedAgain(first: readonly Judged[], differences: Partial<Trusted & Question> = {}) {
  const sets: number[] = []
  const examine = (_pid: number, set: number): Examination => {
    sets.push(set)
    return examination('granted')
  }
  const engine = { ...loadEngine(), examine }
  const [asked, known] = [
    { ...question, ...differences },
    { ...trusted, ...differences },
  ]
  const others = runSync(askOthers(engine, asked, first, known, deadlineIn(1000)))
  t.equal('size' in others ? others.size : null, sets.length, 'an examination for each of them')
  return sets
}

/** Refused, and no rule that shows itself explains it. */
const unexplained = judged(examination('attach-refused'))

t.test(
  'a refusal that no rule explains is asked about by the oracles that were not asked',
  async (t) => {
    t.equal(unexplained[0]?.verdict.cause, 'lsm')
    t.strictSame(askedAgain(unexplained), [oracleBit('vm-read') | oracleBit('read')])
    const suspect = examination(
      'attach-refused',
      {},
      {},
      { pid: 1235, pidfdGetfd: null, vmRead: 1 },
    )
    const threads = { isComplete: true, lookedAt: 1, unreaped: 0, inVfork: 0, isWaiting: false }
    const ofThread = examination(
      'granted',
      { threads: 2 },
      {},
      { threads: { ...threads, suspect } },
    )
    t.strictSame(askedAgain(judged(ofThread)), [], 'both have asked all that work')
    const { EPERM } = constants.errno
    const all = examination('attach-refused', {}, {}, { vmRead: EPERM })
    t.strictSame(askedAgain(judged(all)), [])
  },
)

t.test('what a rule explains is not asked again, because Yama would log it twice', async (t) => {
  const byYama = judged(examination('attach-refused'), { scope: 2 })
  t.equal(byYama[0]?.verdict.cause, 'yama-admin-only')
  t.strictSame(askedAgain(byYama), [])
  t.strictSame(askedAgain(judged(examination('granted'))), [])
})

t.test('nothing is asked again where no filter may have answered', async (t) => {
  t.strictSame(askedAgain(unexplained, { filtered: false }), [])
})

t.test('/proc/PID/mem may be refused as a file, which no other call shows', async (t) => {
  t.strictSame(askedAgain(unexplained, { method: 'proc-mem' }), [])
})
