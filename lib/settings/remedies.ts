/** The table of remedies of `settings`. Each is tried in thought before it is offered. */

import { textOf } from '../machine/index.js'
import {
  enableYama,
  fedoraPackage,
  remedies as known,
  type Scope,
  type SettingsRemedy,
  type SettingsReport,
  switchingPackages,
} from '../model/index.js'
import type { Evidence } from './report.js'
import { scopeKey } from './sysctl-d/grammars.js'
import { carryOut, type Placed, placed, planInOrder } from './sysctl-d/writes.js'

type Answer = Omit<SettingsReport, 'remedies' | 'pulledIn'>

const key = 'kernel.yama.ptrace_scope'

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

function unmask({ machine, outcome }: Evidence): SettingsRemedy[] {
  if (machine.masked === null || outcome.by === null) return []
  return [
    {
      id: 'unmask-service',
      does: 'Let systemd-sysctl read the files at boot again.',
      command: 'systemctl unmask systemd-sysctl.service',
      undo: 'systemctl mask systemd-sysctl.service',
      needs: 'root',
      lasts: 'permanent',
      weakens: 'machine',
    },
  ]
}

/** Brings the running kernel to what a reboot would make of it. */
function now({ machine }: Evidence, { drift, latched, declared, afterReboot }: Answer) {
  if (drift !== true || afterReboot === null || !machine.isRunning) return []
  if (latched) return [known.reboot]
  return [
    {
      id: 'apply-now',
      does: `Set now what a reboot would set, ${afterReboot}.`,
      command: `sysctl -w ${key}=${afterReboot}`,
      // What was 3 once stays 3.
      ...(afterReboot === 3 ? {} : { undo: `sysctl -w ${key}=${declared.value}` }),
      needs: 'root',
      lasts: 'boot',
      weakens: (declared.value ?? 0) > afterReboot ? 'machine' : 'nothing',
    } satisfies SettingsRemedy,
  ]
}

function keep(evidence: Evidence, { drift, declared }: Answer): SettingsRemedy[] {
  if (drift !== true || declared.value === null) return []
  return dropIn(evidence, declared.value, 'keep-current', 'Keep the scope of now across reboots')
}

function restrict(evidence: Evidence, { persistent, afterReboot }: Answer): SettingsRemedy[] {
  const remedies: SettingsRemedy[] = []
  const { package: owner } = persistent
  if (owner !== null && switchingPackages.some((each) => each === owner) && afterReboot === 0) {
    remedies.push({
      id: 'remove-package',
      does: `Remove ${owner}, whose file switches the restriction off.`,
      command: `dnf remove ${owner}`,
      undo: `dnf install ${owner}`,
      needs: 'root',
      lasts: 'permanent',
      weakens: 'nothing',
    })
  }
  if (afterReboot === null) return remedies
  remedies.push(...permanently(evidence, (value) => value > afterReboot))
  if (afterReboot < 2) remedies.push(...onCommandLine(evidence, afterReboot === 0 ? 1 : 2))
  return remedies
}

/** Works only where no file says something else later. */
function onCommandLine(evidence: Evidence, value: Scope): SettingsRemedy[] {
  const parameter = `sysctl.${key}=${value}`
  const line = placed('/proc/cmdline', 1, `${value}`)
  if (settled(evidence, { before: [line] }) !== value) return []
  return [
    {
      id: 'kernel-command-line',
      does: 'Let the kernel set it before anything else runs, with this parameter on its command line.',
      command: parameter,
      undo: `remove ${parameter}`,
      needs: 'reboot',
      lasts: 'permanent',
      weakens: 'nothing',
    },
  ]
}

function relax(evidence: Evidence, { afterReboot, os }: Answer): SettingsRemedy[] {
  if (afterReboot === null || afterReboot === 0) return []
  const name = fedoraPackage(os)
  const isDefault = evidence.outcome.by === null
  return [
    ...(isDefault && name !== null
      ? [
          {
            id: 'install-package',
            does: 'Install the package whose file switches the restriction off.',
            command: `dnf install ${name}`,
            undo: `dnf remove ${name}`,
            needs: 'root',
            lasts: 'permanent',
            weakens: 'machine',
          } satisfies SettingsRemedy,
        ]
      : []),
    ...permanently(evidence, (value) => value < afterReboot),
  ]
}

const permanent: readonly (readonly [value: Scope, does: string])[] = [
  [1, 'Restrict attaching to descendants at every boot'],
  [2, 'Leave attaching to CAP_SYS_PTRACE at every boot'],
  [3, 'Forbid attaching at every boot, to root as well'],
  [0, 'Lift the restriction at every boot'],
]

function permanently(evidence: Evidence, isWanted: (value: Scope) => boolean): SettingsRemedy[] {
  return permanent
    .filter(([value]) => isWanted(value))
    .flatMap(([value, does]) => dropIn(evidence, value, `scope-${value}-permanent`, does))
}

/** A file that wins here, found by trying; none where none would. */
function dropIn(evidence: Evidence, value: Scope, id: string, does: string): SettingsRemedy[] {
  const taken = new Set(
    evidence.reading.files.flatMap(({ path, hides }) => [path, ...hides].map(baseName)),
  )
  const name = ['99', 'zz', 'zzzz']
    .map((prefix) => `${prefix}-ptrace-scope.conf`)
    .find((each) => !taken.has(each) && settled(evidence, { name: each, value }) === value)
  if (name === undefined) return []
  const path = `/etc/sysctl.d/${name}`
  const lower = (evidence.outcome.value ?? evidence.machine.builtIn.value ?? 0) > value
  return [
    {
      id,
      does: `${does}, with a file that goes after all others.`,
      command: `echo '${key} = ${value}' > ${path}`,
      undo: `rm ${path}`,
      needs: 'root',
      lasts: 'permanent',
      weakens: lower ? 'machine' : 'nothing',
    },
  ]
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

function baseName(path: string): string {
  return textOf(path.slice(path.lastIndexOf('/') + 1))
}
