/** Chooses the remedies of `settings`. Each is tried in thought before it is offered. */

import { textOf } from '../machine/index.js'
import {
  enableYama,
  fedoraPackage,
  remedy,
  type Scope,
  type SettingsRemedy,
  type SettingsReport,
  switchingPackages,
  undoable,
} from '../model/index.js'
import type { Evidence } from './report.js'
import { scopeKey } from './sysctl-d/grammars.js'
import { carryOut, type Placed, placed, planInOrder } from './sysctl-d/writes.js'

type Answer = Omit<SettingsReport, 'tool' | 'remedies' | 'pulledIn' | 'denyPtrace'>

/** What would change the scope here; nothing that would not work, and nothing is ever run. */
export function settingsRemedies(evidence: Evidence, answer: Answer): SettingsRemedy[] {
  const { machine } = evidence
  if (machine.hasYama === false) return [enableYama(machine.lsm)]
  if (machine.container !== null || machine.isPlainWsl) return []
  if (answer.applied === false) return unmask(evidence)
  const offered: SettingsRemedy[] = [
    ...now(evidence, answer),
    ...keep(evidence, answer),
    ...restrict(evidence, answer),
    ...relax(evidence, answer),
  ]
  // What keeps the scope may be what restricts or lifts it.
  const rank = ({ weakens }: SettingsRemedy): number => (weakens === 'nothing' ? 0 : 1)
  return offered
    .filter((each, at) => offered.findIndex(({ command }) => command === each.command) === at)
    .sort((a, b) => rank(a) - rank(b))
}

/** What a command needs to change the system below this root, and not the one that runs. */
function toolsFor(root: string): {
  readonly systemctl: string
  readonly dnf: string
  readonly pathOf: (path: string) => string
} {
  if (root === '/') return { systemctl: 'systemctl', dnf: 'dnf', pathOf: (path) => path }
  const directory = root.replace(/\/+$/, '')
  return {
    systemctl: `systemctl --root=${shellWord(directory)}`,
    dnf: `dnf --installroot=${shellWord(directory)}`,
    pathOf: (path) => shellWord(directory + path),
  }
}

/** A word of a shell's command line, in quotes where it needs them. */
function shellWord(text: string): string {
  return /^[\w/.,:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

function unmask({ root, machine, outcome }: Evidence): SettingsRemedy[] {
  if (machine.masked === null || outcome.by === null) return []
  const { systemctl } = toolsFor(root)
  return [undoable('unmask-service', { systemctl })]
}

/** Brings the running kernel to what a reboot would make of it. */
function now(
  { machine }: Evidence,
  { drift, latched, declared, afterReboot }: Answer,
): SettingsRemedy[] {
  if (drift !== true || afterReboot === null || declared.value === null) return []
  if (!machine.isRunning) return []
  if (latched) return [remedy('reboot')]
  const values = { value: afterReboot, declared: declared.value }
  return [
    {
      // What was 3 once stays 3.
      ...(afterReboot === 3 ? remedy('apply-now', values) : undoable('apply-now', values)),
      weakens: declared.value > afterReboot ? 'machine' : 'nothing',
    },
  ]
}

function keep(evidence: Evidence, { drift, declared }: Answer): SettingsRemedy[] {
  if (drift !== true || declared.value === null) return []
  return dropIn(evidence, declared.value, 'keep-current')
}

function restrict(evidence: Evidence, { persistent, afterReboot }: Answer): SettingsRemedy[] {
  const { package: owner } = persistent
  const switches = owner !== null && switchingPackages.some((each) => each === owner)
  return [
    ...(switches && afterReboot === 0
      ? [undoable('remove-package', { package: owner, dnf: toolsFor(evidence.root).dnf })]
      : []),
    ...(afterReboot === null ? [] : permanently(evidence, (value) => value > afterReboot)),
    ...(afterReboot !== null && afterReboot < 2
      ? onCommandLine(evidence, afterReboot === 0 ? 1 : 2)
      : []),
  ]
}

/** Works only where no file says something else later. */
function onCommandLine(evidence: Evidence, value: Scope): SettingsRemedy[] {
  const line = placed('/proc/cmdline', 1, `${value}`)
  if (settled(evidence, { before: [line] }) !== value) return []
  return [undoable('kernel-command-line', { value })]
}

function relax(evidence: Evidence, { afterReboot, os }: Answer): SettingsRemedy[] {
  if (afterReboot === null || afterReboot === 0) return []
  const name = fedoraPackage(os)
  const isDefault = evidence.outcome.by === null
  return [
    ...(isDefault && name !== null
      ? [undoable('install-package', { package: name, dnf: toolsFor(evidence.root).dnf })]
      : []),
    ...permanently(evidence, (value) => value < afterReboot),
  ]
}

/** The values in the order in which they are offered: the last one lifts the restriction. */
const offeredScopes: readonly Scope[] = [1, 2, 3, 0]

function permanently(evidence: Evidence, isWanted: (value: Scope) => boolean): SettingsRemedy[] {
  return offeredScopes
    .filter(isWanted)
    .flatMap((value) => dropIn(evidence, value, `scope-${value}-permanent`))
}

/** A file that wins here, found by trying; none where none would. */
function dropIn(
  evidence: Evidence,
  value: Scope,
  id: 'keep-current' | `scope-${Scope}-permanent`,
): SettingsRemedy[] {
  const taken = new Set(
    evidence.reading.files.flatMap(({ path, hides }) => [path, ...hides].map(baseName)),
  )
  const name = ['99', 'zz', 'zzzz']
    .map((prefix) => `${prefix}-ptrace-scope.conf`)
    .find((each) => !taken.has(each) && settled(evidence, { name: each, value }) === value)
  if (name === undefined) return []
  const lower = (evidence.outcome.value ?? evidence.machine.builtIn.value ?? 0) > value
  const path = toolsFor(evidence.root).pathOf(`/etc/sysctl.d/${name}`)
  const offered = undoable(id, { path, value })
  return [{ ...offered, weakens: lower ? 'machine' : 'nothing' }]
}

interface Addition {
  /** Parameters of the kernel. */
  readonly before?: readonly Placed[]
  /** A file in /etc/sysctl.d, and the value that it sets. */
  readonly name?: string
  readonly value?: Scope
}

/** The scope that a boot would end with if that were there. */
function settled(evidence: Evidence, { before = [], name, value }: Addition): Scope | null {
  const { machine, initrd, reading, found } = evidence
  const { plan, eachFile } = found.reader
  const groups = reading.files.map(({ entries }) => entries)
  if (name !== undefined) {
    const at = reading.files.findIndex(({ path }) => isAfter(path, name, eachFile))
    const own: Placed = {
      key: scopeKey,
      finds: null,
      value: `${value}`,
      file: `/etc/sysctl.d/${name}`,
      line: 1,
    }
    groups.splice(at < 0 ? groups.length : at, 0, [own])
  }
  const plans = [
    planInOrder([...machine.commandLine, ...before]),
    ...initrd.plans,
    ...(eachFile ? groups.map(plan) : [plan(groups.flat())]),
  ]
  return carryOut(plans, machine.builtIn.value).value
}

/** Whether a file is read after one of that name in /etc/sysctl.d. */
function isAfter(path: string, name: string, eachFile: boolean): boolean {
  if (path === '/etc/sysctl.conf') return true
  if (!eachFile) return baseName(path) > name
  return path.startsWith('/run/') || (path.startsWith('/etc/') && baseName(path) > name)
}

/** The name of a file, whose path is given by its bytes. */
function baseName(path: string): string {
  return textOf(path.slice(path.lastIndexOf('/') + 1))
}
