import { PtraceProbeError, shellWord } from '../model/index.js'

/**
 * Says what was tried and what to do where no addon can be loaded.
 *
 * @param root - the directory of this package
 * @param places - the files that were looked for, below `root`
 * @param cause - what the last attempt to load one ended with
 * @param machine - Node's names of platform and architecture
 */
export function missingAddon(
  root: string,
  places: readonly string[],
  cause: unknown,
  machine: string,
): PtraceProbeError {
  const [reason = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
  const build = `node ${shellWord(`${root}/scripts/build-native.mjs`)}`
  return new PtraceProbeError(
    `The native addon for ${machine} cannot be loaded: tried ${places.join(' and ')} in ${root} ` +
      `(${reason}); \`${build}\` builds it, and needs python3, make and a C++17 compiler`,
    'ERR_PTRACE_PROBE_ADDON',
    { cause },
  )
}
