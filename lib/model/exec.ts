import type { CapabilitySet, FileCapabilities } from './capabilities.js'

/** What a process has that starts a program. */
export interface BeforeExec {
  /** Real, effective, saved. */
  readonly uids: readonly [number, number, number]
  readonly gids: readonly [number, number, number]
  readonly permitted: CapabilitySet
  readonly inheritable: CapabilitySet
  readonly ambient: CapabilitySet
  readonly bounding: CapabilitySet
  readonly noNewPrivs: boolean
  /** SECBIT_NOROOT: uid 0 alone gives nothing. */
  readonly noRoot: boolean
}

/** What the file of the program gives. */
export interface ExecutedFile {
  /** The owner of a set-uid file; null: it is none. */
  readonly setUid: number | null
  readonly setGid: number | null
  readonly capabilities: FileCapabilities | null
  /** The mount is nosuid: none of this counts. */
  readonly nosuid: boolean
}

/** What the program has, or why the kernel does not start it. */
export type AfterExec =
  | {
      readonly starts: true
      readonly uids: readonly [number, number, number]
      readonly gids: readonly [number, number, number]
      readonly permitted: CapabilitySet
      readonly effective: CapabilitySet
      readonly ambient: CapabilitySet
    }
  /** EPERM: the file asks for capabilities that the bounding set does not have. */
  | { readonly starts: false; readonly missing: CapabilitySet }

/**
 * What execve(2) makes of credentials: capabilities(7), "Transformation of capabilities during
 * execve()", and security/commoncap.c, cap_bprm_creds_from_file().
 */
export function credentialsAfter(before: BeforeExec, file: ExecutedFile): AfterExec {
  const { noNewPrivs, bounding, inheritable } = before
  const [uid, oldEuid] = before.uids
  const [gid, oldEgid] = before.gids
  const mayChangeIds = !file.nosuid && !noNewPrivs
  const euid = mayChangeIds ? (file.setUid ?? oldEuid) : oldEuid
  const egid = mayChangeIds ? (file.setGid ?? oldEgid) : oldEgid
  const found = file.nosuid ? null : file.capabilities
  // Of another user namespace.
  const given = found !== null && found.rootUid === 0 ? found : null
  const own = given === null ? 0n : (given.permitted & bounding) | (given.inheritable & inheritable)
  const missing = given?.effective === true ? given.permitted & ~own : 0n
  if (missing !== 0n) return { starts: false, missing }
  const isMixed = given !== null && uid !== 0 && euid === 0
  const isRoot = !before.noRoot && !isMixed && (uid === 0 || euid === 0)
  const granted = isRoot ? bounding | inheritable : own
  const isEffective = isRoot && euid === 0 ? true : (given?.effective ?? false)
  const kept = noNewPrivs ? granted & before.permitted : granted
  const changesIds = euid !== uid || egid !== gid
  const ambient = given !== null || changesIds ? 0n : before.ambient
  return {
    starts: true,
    uids: [uid, euid, euid],
    gids: [gid, egid, egid],
    permitted: kept | ambient,
    effective: isEffective ? kept | ambient : ambient,
    ambient,
  }
}
