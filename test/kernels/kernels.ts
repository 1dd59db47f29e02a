/** One machine that the lane boots. */
export interface Kernel {
  /** What PTRACE_PROBE_KERNELS calls it. */
  readonly name: string
  /** The Debian release whose newest kernel it is. */
  readonly suite: 'bullseye' | 'bookworm' | 'trixie' | 'trixie-backports'
  readonly arch: 'amd64' | 'arm64'
  /** More words for its command line. */
  readonly append: string
  /** Whether Yama is active. */
  readonly yama: boolean
  /** Whether policies are asserted there, at every scope: half a minute more on an emulated machine. */
  readonly policies: boolean
  /** It stands for older ones, too: what they lack is filtered away. */
  readonly old: boolean
}

const usual = { arch: 'amd64', append: '', yama: true, policies: false, old: false } as const

/** The oldest that Debian still serves, those in use, the newest, one without Yama, one on arm64. */
const kernels: readonly Kernel[] = [
  { ...usual, name: '5.10', suite: 'bullseye', old: true },
  { ...usual, name: '6.1', suite: 'bookworm' },
  { ...usual, name: '6.12', suite: 'trixie', policies: true },
  {
    ...usual,
    name: 'backports',
    suite: 'trixie-backports',
    // It forbids to force a write, which no attempt does: all answers are the same.
    append: 'proc_mem.force_override=never',
  },
  {
    ...usual,
    name: '6.1-no-yama',
    suite: 'bookworm',
    append: 'lsm=landlock,lockdown,apparmor',
    yama: false,
    policies: true,
  },
  { ...usual, name: '6.12-arm64', suite: 'trixie', arch: 'arm64' },
]

/**
 * The kernels that PTRACE_PROBE_KERNELS names, separated by commas or blanks; all if it is unset.
 *
 * @throws RangeError for a name that is not in the table.
 */
export function chosenKernels(wanted = process.env['PTRACE_PROBE_KERNELS'] ?? ''): Kernel[] {
  const names = wanted.split(/[\s,]+/).filter((name) => name !== '')
  const unknown = names.filter((name) => !kernels.some((kernel) => kernel.name === name))
  if (unknown.length > 0) {
    const known = kernels.map((kernel) => kernel.name).join(' ')
    throw new RangeError(`PTRACE_PROBE_KERNELS names ${unknown.join(' ')}, known are: ${known}`)
  }
  return kernels.filter((kernel) => names.length === 0 || names.includes(kernel.name))
}
