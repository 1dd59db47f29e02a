/** From what was read to the answer, and every word of it but the remedies. */

import { textOf } from '../machine/index.js'
import {
  type Assignment,
  type ReaderName,
  type Scope,
  type SettingsReport,
  visible,
} from '../model/index.js'
import type { Machine } from './boot.js'
import type { ReadFile, Reading } from './sysctl-d/index.js'
import type { Found } from './sysctl-d/readers.js'
import type { Fate, Outcome, Placed } from './sysctl-d/writes.js'

/** Everything that was found out. */
export interface Evidence {
  readonly root: string
  readonly machine: Machine
  readonly found: Found
  /** The initrd's own files, as far as they are kept, and the root's. */
  readonly initrd: Reading
  readonly reading: Reading
  readonly outcome: Outcome
  /** What assigns the key where the reader does not look, and why it does not. */
  readonly unread: readonly { readonly entry: Placed; readonly because: string }[]
  /** What sysctl(8) of procps would end with, where the reader is another one. */
  readonly procps: Outcome | null
}

/** The package that owns a file, by the bytes of its path. */
export type Owners = ReadonlyMap<string, string | null>

/** `FILE:LINE`. */
function at({ file, line }: Placed): string {
  return `${textOf(file)}:${line}`
}

/** The answer without its remedies. */
export function answer(
  evidence: Evidence,
  owners: Owners,
): Omit<SettingsReport, 'tool' | 'remedies' | 'pulledIn' | 'denyPtrace'> {
  const { root, machine, found, outcome } = evidence
  const { declared, builtIn } = machine
  const isKnown = completeness(evidence)
  const { applied, sentence } = application(evidence)
  const afterReboot = reboot(evidence, applied, isKnown)
  const owner = (file: string): string | null => owners.get(file) ?? null
  return {
    schemaVersion: 1,
    root,
    os: machine.os,
    reader: { name: found.reader.name, evidence: found.evidence },
    yama: machine.hasYama,
    applied,
    declared,
    builtIn,
    persistent: {
      value: outcome.value,
      file: outcome.by && textOf(outcome.by.file),
      line: outcome.by?.line ?? null,
      package: outcome.by && owner(outcome.by.file),
    },
    assignments: assignments(evidence, owner),
    afterReboot,
    latched: declared.value === 3,
    drift: declared.value === null || afterReboot === null ? null : declared.value !== afterReboot,
    complete: isKnown,
    problems: [...sentence, ...problems(evidence)].map(visible),
  }
}

/** Whether nothing was in the way that might have changed the outcome. */
function completeness({ reading, found, outcome }: Evidence): boolean {
  if (reading.unknown || reading.files.some(({ unknown }) => unknown === 'all')) return false
  const unknown = reading.files.findLastIndex(({ unknown }) => unknown !== null)
  if (unknown < 0) return true
  // With systemd-sysctl, the last line that names the key is the one that counts.
  const { by } = outcome
  const decides = found.reader.name === 'systemd-sysctl' && by !== null && by.finds === null
  return decides && reading.files.findIndex(({ path }) => path === by.file) > unknown
}

/** Whether a boot applies the files, and a sentence where it does not. */
function application({ machine, found }: Evidence): {
  readonly applied: boolean | null
  readonly sentence: readonly string[]
} {
  const { container, isPlainWsl, hasYama, masked, init } = machine
  const { reader, runs } = found
  const no = (sentence: string) => ({ applied: false, sentence: [sentence] })
  if (hasYama === false) return { applied: false, sentence: [] }
  if (container !== null) {
    return no(
      `This is a container (${container}): the scope is the host's, and no file in here sets it.`,
    )
  }
  if (isPlainWsl) {
    return no(
      'This is the Windows Subsystem for Linux without systemd: nothing reads these files when it starts.',
    )
  }
  if (masked !== null && reader.name === 'systemd-sysctl') {
    return no(`${masked} masks systemd-sysctl.service, so nothing reads these files at boot.`)
  }
  if (runs === false) {
    return {
      applied: null,
      sentence: [
        `The first process here is ${init ?? 'not known'}, which is not known to read these files at boot; they are read as ${reader.name} would.`,
      ],
    }
  }
  return { applied: true, sentence: [] }
}

function reboot(
  { machine, outcome }: Evidence,
  applied: boolean | null,
  isKnown: boolean,
): Scope | null {
  const { hasYama, container, isPlainWsl, masked, commandLine, builtIn } = machine
  if (hasYama === false || container !== null || isPlainWsl || applied === null) return null
  if (applied === false) {
    const isOnlyMasked = masked !== null && commandLine.length === 0
    return isOnlyMasked ? builtIn.value : null
  }
  return isKnown ? (outcome.value ?? builtIn.value) : null
}

/** Every line, in the order of reading. */
function assignments(evidence: Evidence, owner: (file: string) => string | null): Assignment[] {
  const { machine, initrd, reading, found, unread, outcome } = evidence
  const make = (
    entry: Placed,
    overriddenBy: string | null,
    reason: string,
    effective = false,
  ): Assignment => ({
    file: textOf(entry.file),
    line: entry.line,
    value: entry.value === null ? null : textOf(entry.value),
    effective,
    overriddenBy,
    reason: visible(reason),
    package: owner(entry.file),
  })
  const read = (entry: Placed): Assignment => {
    const fate = outcome.fates.get(entry)
    if (fate === undefined) return make(entry, null, winner(entry), entry === outcome.by)
    const by = 'by' in fate && fate.by !== null ? at(fate.by) : null
    return make(entry, fate.id === 'repeats' ? null : by, reason(entry, fate, found.reader.name))
  }
  const inFile = ({ path, hidden, entries }: ReadFile): Assignment[] => [
    ...hidden.map((entry) => {
      const sentence = `${at(entry)} is not read, for ${textOf(path)} has the same name and goes before it.`
      return make(entry, textOf(path), sentence)
    }),
    ...entries.map(read),
  ]
  return [
    ...machine.commandLine.map(read),
    ...initrd.files.flatMap(inFile),
    ...reading.files.flatMap(inFile),
    ...unread.map(({ entry, because }) =>
      make(entry, null, `${at(entry)} is not read: ${because}.`),
    ),
  ]
}

function winner(entry: Placed): string {
  const how = entry.finds === null ? '' : ' finds the key by a pattern and'
  return `${at(entry)}${how} sets ${value(entry)}, and nothing after it sets another value.`
}

function value({ value }: Placed): string {
  const text = textOf(value ?? '')
  return text.length > 20 ? `"${text.slice(0, 20)}..."` : /^[0-3]$/.test(text) ? text : `"${text}"`
}

/** Why a line that was read has no effect. */
function reason(entry: Placed, fate: Fate, reader: ReaderName): string {
  const here = at(entry)
  switch (fate.id) {
    case 'later':
      return `${here} sets ${value(entry)}, but ${at(fate.by)} comes later and sets ${value(fate.by)}.`
    case 'named':
      return `${here} is a pattern, but ${at(fate.by)} names the key itself, which goes before patterns.`
    case 'repeats':
      return `${here} says again what ${at(fate.by)} says, which ${reader} keeps.`
    case 'excluded':
      return entry.finds === null
        ? `${here} sets ${value(entry)}, but ${at(fate.by)} comes later and excludes the key, with which ${reader} drops it.`
        : `${here} is a pattern, and ${at(fate.by)} excludes the key from patterns.`
    case 'excludes':
      return `${here} assigns nothing, it excludes the key.`
    case 'refused':
      return `${here} has no effect, for the kernel refuses ${value(entry)}: it takes 0 to 3.`
    case 'latched':
      return `${here} has no effect, for the scope is 3 by then${fate.by ? `, by ${at(fate.by)}` : ''}, which the kernel does not let anybody lower.`
    default:
      return fate satisfies never
  }
}

function problems({ reading, initrd, outcome, procps, found }: Evidence): string[] {
  const { by } = outcome
  const said = [...initrd.problems, ...reading.problems]
  if (procps?.by && (procps.value !== outcome.value || by === null)) {
    said.push(
      `${found.reader.name} sets ${outcome.value ?? 'nothing'}, but "sysctl --system" of procps would set ${procps.value}, by ${at(procps.by)}.`,
    )
  }
  return said
}
