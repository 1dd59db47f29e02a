// Calls everything there is to call, and says what each threw.
import * as library from 'ptrace-probe'

const calls = {
  probe: () => library.probe(),
  probeSync: () => library.probeSync(),
  canAttach: () => library.canAttach(1),
  canAttachSync: () => library.canAttachSync(1),
  survey: () => library.survey().next(),
}
const thrown = {}
for (const [name, call] of Object.entries(calls)) {
  try {
    await call()
    thrown[name] = null
  } catch ({ code, message }) {
    thrown[name] = { code, message }
  }
}
const skip = library.skipReason('child')
console.log(JSON.stringify({ supported: library.isSupported(), skip, thrown }))
