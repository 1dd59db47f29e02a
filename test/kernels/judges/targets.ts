/** What a tracer may find, as far as the kernel's rules look at it. */
export interface Target {
  /** As the guest's `targets` program calls it. */
  readonly id: string
  /** All six ids; `tracer`: as the tracer's; `one-of-them`: one of 1000 differs. */
  readonly ids: 0 | 1000 | 1001 | 'one-of-them' | 'tracer'
  readonly dumpable: boolean
  /** Capabilities in the permitted set. */
  readonly permitted: 'all' | 'one' | 'none' | 'tracer'
  /** The user namespace: the first one, or one that uid 1000 or root made, or the tracer's. */
  readonly namespace: 'initial' | 'of-user' | 'of-root' | 'tracer'
  /** Whom it named with PR_SET_PTRACER: `room` is the Node that foretells, its parent. */
  readonly names: 'nobody' | 'any' | 'room'
  /** What makes it no target for anybody; `executing`: an attach has to wait. */
  readonly state: 'kernel-thread' | 'zombie' | 'already-traced' | 'executing' | null
  /** In what its second thread differs from its first. */
  readonly thread: 'traced' | 'of-other-user' | null
}

const plain = {
  ids: 1000,
  dumpable: true,
  permitted: 'none',
  namespace: 'initial',
  names: 'nobody',
  state: null,
  thread: null,
} as const
const privileged = { ids: 0, permitted: 'all' } as const
const child = { ids: 'tracer', permitted: 'tracer', namespace: 'tracer' } as const

export const targets: readonly Target[] = [
  { ...plain, id: 'plain' },
  { ...plain, id: 'thread' },
  { ...plain, id: 'naming-any', names: 'any' },
  { ...plain, id: 'child', ...child },
  { ...plain, id: 'child-naming-judge', ...child, names: 'room' },
  { ...plain, id: 'not-dumpable', dumpable: false },
  { ...plain, id: 'other-user', ids: 1001 },
  { ...plain, id: 'other-not-dumpable', ids: 1001, dumpable: false },
  { ...plain, id: 'one-id', ids: 'one-of-them' },
  { ...plain, id: 'root', ...privileged },
  { ...plain, id: 'process-1', ...privileged },
  { ...plain, id: 'capability', permitted: 'one' },
  { ...plain, id: 'namespace-of-user', namespace: 'of-user' },
  { ...plain, id: 'namespace-of-user-not-dumpable', namespace: 'of-user', dumpable: false },
  { ...plain, id: 'namespace-of-root', namespace: 'of-root' },
  { ...plain, id: 'namespace-of-root-alike', namespace: 'of-root' },
  { ...plain, id: 'already-traced', state: 'already-traced' },
  { ...plain, id: 'zombie', state: 'zombie' },
  { ...plain, id: 'kernel-thread', ...privileged, state: 'kernel-thread' },
  { ...plain, id: 'thread-traced', thread: 'traced' },
  { ...plain, id: 'thread-other-user', thread: 'of-other-user' },
  { ...plain, id: 'executing', state: 'executing' },
]
