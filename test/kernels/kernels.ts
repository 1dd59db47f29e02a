/** One machine that the lane boots. */
export interface Kernel {
  /** What PTRACE_PROBE_KERNELS calls it. */
  readonly name: string
  /** The Debian release whose newest kernel it is. */
  readonly suite: 'bullseye' | 'bookworm' | 'trixie' | 'trixie-backports'
  readonly arch: 'amd64' | 'arm64'
  /** Whether Yama is active. */
  readonly yama: boolean
  /** Whether policies are asserted there, at every scope: half a minute more on an emulated machine. */
  readonly policies: boolean
  /** It stands for older ones, too: what they lack is filtered away. */
  readonly old: boolean
}

/** The oldest that Debian still serves, those in use, the newest, one without Yama, one on arm64. */
const kernels: readonly Kernel[] = [
  { name: '5.10', suite: 'bullseye', arch: 'amd64', yama: true, policies: false, old: true },
  { name: '6.1', suite: 'bookworm', arch: 'amd64', yama: true, policies: false, old: false },
  { name: '6.12', suite: 'trixie', arch: 'amd64', yama: true, policies: true, old: false },
  {
    name: 'backports',
    suite: 'trixie-backports',
    arch: 'amd64',
    yama: true,
    policies: false,
    old: false,
  },
  {
    name: '6.1-no-yama',
    suite: 'bookworm',
    arch: 'amd64',
    yama: false,
    policies: true,
    old: false,
  },
  { name: '6.12-arm64', suite: 'trixie', arch: 'arm64', yama: true, policies: false, old: false },
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
