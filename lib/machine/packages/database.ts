/** A kind of package database. */
export type DatabaseName = 'apk' | 'dpkg' | 'pacman' | 'rpm'

/** A package and paths that it brought, absolute and as bytes (`lib/machine/rootfs.ts`). */
export interface PackageFiles {
  readonly name: string
  readonly paths: Iterable<string>
}

/** One kind of package database. What is read throws a PathError where it cannot be read. */
export interface PackageDatabase {
  readonly name: DatabaseName
  /** The machine has such a database when one of these paths is there. */
  readonly places: readonly string[]
  /** The packages with their files; at least those packages that own a file asked about. */
  readonly files: (
    root: string,
    asked: readonly string[],
    signal?: AbortSignal,
  ) => Promise<Iterable<PackageFiles>>
  /** The version of each installed package. */
  readonly versions: (root: string, signal?: AbortSignal) => Promise<ReadonlyMap<string, string>>
}

/** The most bytes that one file of a database may have; real ones have a tenth of it. */
export const fileLimit = 64 * 1024 * 1024
