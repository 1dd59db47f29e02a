import { keysOf } from './tables.js'

/** One row a step, in the order of the engine: where an attempt that did not succeed can end. */
export const stepRows = {
  'not-run': { about: 'the measurement ended before its turn' },
  fork: { about: 'clone(2)' },
  guard: { about: '`PR_SET_PDEATHSIG(2const)`, or the parent was gone' },
  identity: { about: 'capset(2), setgroups(2), setresgid(2) or setresuid(2)' },
  unshare: { about: 'unshare(2) with `CLONE_NEWUSER`' },
  dumpable: { about: '`PR_SET_DUMPABLE(2const)`' },
  subreaper: { about: '`PR_SET_CHILD_SUBREAPER(2const)`' },
  adopted: { about: 'another process than expected adopted the orphan' },
  consent: { about: '`PR_SET_PTRACER(2const)`' },
  proc: { about: '`/proc` is not mounted, or shows another PID namespace' },
  open: { about: 'what the attempt needs first, such as pidfd_open(2)' },
  control: {
    about: 'the control has shown that something else than the kernel answers the call',
  },
  try: { about: 'the system call in question' },
  traced: { about: 'the target has a tracer already, so the refusal says nothing' },
  ended: { about: 'a process ended before the answer was checked, so that it says nothing' },
  wait: { about: 'waiting for the stop' },
  read: { about: "access was granted, but the bytes were not the target's" },
  release: { about: '`PTRACE_DETACH` (ptrace(2))' },
  deadline: { about: 'out of time' },
} as const satisfies Readonly<Record<string, { readonly about: string }>>

/** Where an attempt ended that did not succeed. */
export type Step = keyof typeof stepRows

/** Every step. */
export const steps = keysOf(stepRows)
