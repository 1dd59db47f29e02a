import { type Remedy, type RemedyId, remedies, type SettingsRemedy } from './remedies.js'
import type { HostFacts } from './report.js'

type Table = typeof remedies

/** The names in angle brackets in a text. */
type Blanks<Text> = Text extends `${string}<${infer Name}>${infer Rest}`
  ? Name | Blanks<Rest>
  : never
type BlanksOf<Row> = Row extends unknown ? Blanks<Row[keyof Row]> : never
/** What fills the blanks of a row: nothing where it has none. */
type Fillings<Id extends RemedyId> = [BlanksOf<Table[Id]>] extends [never]
  ? readonly []
  : readonly [Readonly<Record<BlanksOf<Table[Id]>, string | number>>]

type Values = Readonly<Record<string, string | number>>

/** The remedy of a row, its blanks filled in. */
export function remedy<Id extends RemedyId>(id: Id, ...fillings: Fillings<Id>): Remedy
export function remedy(id: RemedyId, values: Values = {}): Remedy {
  const { undo: _, ...rest } = filledIn(id, values)
  return rest
}

/** The same, with the command that takes it back. */
export function undoable<Id extends RemedyId>(id: Id, ...fillings: Fillings<Id>): SettingsRemedy
export function undoable(id: RemedyId, values: Values = {}): SettingsRemedy {
  return filledIn(id, values)
}

function filledIn(id: RemedyId, values: Values): SettingsRemedy {
  const { does, command, undo, ...cost }: Omit<SettingsRemedy, 'id'> = remedies[id]
  const fill = (text: string): string =>
    text.replace(/<([a-z]+)>/g, (blank, name: string) => `${values[name] ?? blank}`)
  return {
    id,
    does: fill(does),
    ...(command === undefined ? {} : { command: fill(command) }),
    ...(undo === undefined ? {} : { undo: fill(undo) }),
    ...cost,
  }
}

/** The packages of Fedora whose file switches the restriction off: that of 45, and that before. */
export const switchingPackages = ['yama-ptrace-enable', 'elfutils-default-yama-scope'] as const

/** The one that this release has; null where it is not Fedora, or a release that has no number. */
export function fedoraPackage({ id, version }: HostFacts['os']): string | null {
  const [since45, before] = switchingPackages
  if (id !== 'fedora' || version === null || !/^\d+$/.test(version)) return null
  return Number(version) >= 45 ? since45 : before
}

/**
 * The remedy where the kernel runs without Yama, with the parameter in full where the active modules
 * are known: `lsm=` replaces the list that the kernel was built with, except `capability`
 * (Documentation/admin-guide/kernel-parameters.txt).
 */
export function enableYama(lsm: readonly string[] | null): Remedy {
  if (lsm === null) return remedy('enable-yama')
  const others = lsm.filter((name) => name !== 'capability')
  return { ...remedy('enable-yama'), command: `lsm=${[...others, 'yama'].join(',')}` }
}
