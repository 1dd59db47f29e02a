import { requireLinux, version } from '../engine/index.js'
import { installedPackages, look, openRoot, ownersOf } from '../machine/index.js'
import type { SettingsReport } from '../model/index.js'
import { readMachine } from './boot.js'
import { denyPtraceRemedies, readDenyPtrace } from './deny-ptrace.js'
import { checkSettingsOptions, type SettingsOptions } from './options.js'
import { mayPullIn, pulledIn } from './pulled-in.js'
import { settingsRemedies } from './remedies.js'
import { answer, type Evidence, type Owners } from './report.js'
import { contents } from './sysctl-d/contents.js'
import { listed } from './sysctl-d/files.js'
import { type Reading, readAs } from './sysctl-d/index.js'
import { findReader, procpsProgram, procpsReader, systemdReader } from './sysctl-d/readers.js'
import { carryOut, type Placed, planInOrder } from './sysctl-d/writes.js'

/**
 * What is configured for Yama's scope: who sets it, what a reboot will make of it, and who owns the
 * file. Nothing is tried and nothing is changed.
 *
 * @param options - the directory that is taken for the root
 * @returns what is configured, and what would change it
 * @throws TypeError `ERR_INVALID_ARG_VALUE` when `root` is not a directory that can be read
 * @see https://www.freedesktop.org/software/systemd/man/latest/sysctl.d.html
 *
 * @example
 * ```js
 * import { settings } from 'ptrace-probe'
 *
 * const { persistent, afterReboot } = await settings()
 * console.log(persistent.file, afterReboot)
 * ```
 */
export async function settings(options: SettingsOptions = {}): Promise<SettingsReport> {
  requireLinux()
  const checked = checkSettingsOptions(options)
  const { signal } = checked
  signal?.throwIfAborted()
  const root = openRoot(checked.root)
  const evidence = gather(root, checked.root)
  const { owners, problems } = await lookUpOwners(root, evidence, signal)
  const answered = answer(evidence, owners)
  const selinux = readDenyPtrace(root)
  return {
    ...answered,
    tool: { name: 'ptrace-probe', version: version() },
    pulledIn: await lookUpPulledIn(root, answered, signal),
    denyPtrace: selinux.denyPtrace,
    problems: [...answered.problems, ...problems, ...selinux.problems],
    remedies: [
      ...settingsRemedies(evidence, answered),
      ...denyPtraceRemedies(evidence.root, selinux.denyPtrace),
    ],
  }
}

async function lookUpPulledIn(
  root: string,
  { os }: Pick<SettingsReport, 'os'>,
  signal: AbortSignal | undefined,
): Promise<SettingsReport['pulledIn']> {
  if (!mayPullIn(os)) return null
  const installed = await installedPackages(root, signal)
  return installed.unread.length > 0 ? null : pulledIn(os, installed)
}

/** The packages that own the files that assign the key. A link may have no owner where its target has one. */
async function lookUpOwners(
  root: string,
  evidence: Evidence,
  signal: AbortSignal | undefined,
): Promise<{ readonly owners: Owners; readonly problems: readonly string[] }> {
  const files = [...new Set(everyEntry(evidence).map(({ file }) => file))].filter(
    (file) => !file.startsWith('/proc/'),
  )
  if (files.length === 0) return { owners: new Map(), problems: [] }
  const targets = new Map(
    files.map((file) => {
      const seen = look(root, file)
      return [file, 'path' in seen ? seen.path : file]
    }),
  )
  const { of, unread } = await ownersOf([...new Set([...files, ...targets.values()])], root, signal)
  return {
    owners: new Map(
      files.map((file) => [file, of.get(file) ?? of.get(targets.get(file) ?? file) ?? null]),
    ),
    problems: unread.map(
      ({ name, reason }) => `Who owns a file could not be read from ${name}'s database: ${reason}.`,
    ),
  }
}

function everyEntry({ initrd, reading, unread }: Evidence): Placed[] {
  const files = [...initrd.files, ...reading.files]
  return [
    ...files.flatMap(({ hidden, entries }) => [...hidden, ...entries]),
    ...unread.map(({ entry }) => entry),
  ]
}

function gather(root: string, path: string): Evidence {
  const machine = readMachine(root)
  const { isRunning, commandLine, builtIn } = machine
  const found = findReader(root, isRunning)
  const reading = readAs(root, found.reader)
  const initrd = readAs(root, systemdReader(false, '/run/initramfs'))
  const before = [planInOrder(commandLine), ...initrd.plans]
  const outcomeOf = ({ plans }: Reading) => carryOut([...before, ...plans], builtIn.value)
  const isOther = found.reader.name !== 'procps' && procpsProgram(root) !== null
  return {
    root: path,
    machine,
    found,
    reading,
    initrd,
    outcome: outcomeOf(reading),
    unread: unread(root, reading, found.reader.name, isRunning),
    procps: isOther ? outcomeOf(readAs(root, procpsReader(isRunning))) : null,
  }
}

const sysctlConf: string = '/etc/sysctl.conf'

/** What assigns the key in files that the reader leaves out. */
function unread(
  root: string,
  reading: Reading,
  reader: string,
  isRunning: boolean,
): Evidence['unread'] {
  const pathsOf = (path: string): readonly string[] => {
    const seen = look(root, path)
    return 'path' in seen ? [seen.path] : []
  }
  const read = new Set(reading.files.flatMap(({ path }) => pathsOf(path)))
  const isRead = (path: string): boolean => pathsOf(path).some((own) => read.has(own))
  const grammar = systemdReader(isRunning).grammar
  const because = (path: string, sentence: string) =>
    isRead(path)
      ? []
      : contents(root, path, grammar).entries.map((entry) => ({ entry, because: sentence }))
  const volatile = isRunning ? listed(root, '/run/sysctl.d') : []
  return [
    ...volatile.flatMap((path) => because(path, 'nothing below /run survives a reboot')),
    ...because(sysctlConf, `${reader} does not look at it`),
  ]
}
