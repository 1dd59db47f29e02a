// Uses the library as an ES module, and says what it found.
import {
  canAttach,
  canAttachSync,
  isSupported,
  PtraceProbeError,
  probe,
  probeSync,
} from 'ptrace-probe'

const reports = [await probe(), probeSync()]
const verdicts = [await canAttach(process.ppid), canAttachSync(process.ppid, { tracer: 'child' })]
console.log(
  JSON.stringify({
    supported: isSupported(),
    isError: PtraceProbeError.prototype instanceof Error,
    scopes: reports.map(({ scope }) => scope.enforced.name),
    allowed: reports.map(({ observations }) =>
      observations.filter(({ status }) => status === 'allowed').map(({ id }) => id),
    ),
    verdicts: verdicts.map(({ verdict }) => verdict),
  }),
)
