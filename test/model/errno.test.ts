import { constants } from 'node:os'
import t from 'tap'
import { errnoName, signalName } from '../../lib/model/errno.js'

t.test('an errno value has the name that the machine gives it', async (t) => {
  for (const [name, number] of Object.entries(constants.errno)) {
    // EWOULDBLOCK and EOPNOTSUPP are second names of a number.
    const first = Object.entries(constants.errno).find(([, each]) => each === number)?.[0]
    if (name === first) t.equal(errnoName(number), name)
  }
})

t.test('an errno value or a signal without a name is told by its number', async (t) => {
  t.equal(errnoName(4000), 'errno 4000')
  t.equal(signalName(200), 'signal 200')
})

t.test('a signal has the name that the machine gives it', async (t) => {
  t.equal(signalName(constants.signals.SIGSYS), 'SIGSYS')
  t.equal(signalName(constants.signals.SIGKILL), 'SIGKILL')
})
