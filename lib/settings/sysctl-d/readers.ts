/** The programs that read sysctl.d(5) when a machine boots. */

import { isDirectory, isFile, look, textAt } from '../../machine/index.js'
import type { ReaderName } from '../../model/index.js'
import { byName, directories, type Order, stepByStep } from './files.js'
import { busyboxGrammar, type Grammar, procpsGrammar, systemdGrammar } from './grammars.js'
import { type Planner, planInOrder, planProcps, planSystemd } from './writes.js'

/** How one reader goes about it. */
export interface Reader {
  readonly name: ReaderName
  readonly grammar: Grammar
  readonly order: Order
  readonly plan: Planner
  /** Whether it is started once more for each file. */
  readonly eachFile: boolean
}

/** The reader of a machine. */
export interface Found {
  readonly reader: Reader
  /** The file that shows it; null where nothing does. */
  readonly evidence: string | null
  /** Whether the init system that starts it runs; null when none runs below this root. */
  readonly runs: boolean | null
}

const sysctlConf: string = '/etc/sysctl.conf'

/** What survives a reboot: /run is empty then. */
function lasting(isRunning: boolean): readonly string[] {
  return directories.filter((path) => !(isRunning && path.startsWith('/run/')))
}

/** systemd-sysctl(8). */
export function systemdReader(isRunning: boolean, prefix: string = ''): Reader {
  return {
    name: 'systemd-sysctl',
    grammar: systemdGrammar,
    order: byName(lasting(isRunning).map((path) => `${prefix}${path}`)),
    plan: planSystemd,
    eachFile: false,
  }
}

/** `sysctl --system` of procps, sysctl(8). */
export function procpsReader(isRunning: boolean): Reader {
  return {
    name: 'procps',
    grammar: procpsGrammar,
    order: byName(lasting(isRunning), { hidden: true, globbed: true, last: sysctlConf }),
    plan: planProcps,
    eachFile: false,
  }
}

/** `sysctl -p FILE` in a loop, by a script of busybox's or procps' own order. */
function scripted(isBusybox: boolean, order: Order): Reader {
  return isBusybox
    ? { name: 'busybox', grammar: busyboxGrammar, order, plan: planInOrder, eachFile: true }
    : { name: 'procps', grammar: procpsGrammar, order, plan: planProcps, eachFile: true }
}

/** Alpine's own /etc/init.d/sysctl. */
function alpineOrder(isRunning: boolean): Order {
  const run = isRunning ? [] : ['/run/sysctl.d']
  const hiddenBy = ['/etc/sysctl.d', ...run]
  return stepByStep([
    { path: '/lib/sysctl.d', hiddenBy },
    { path: '/usr/lib/sysctl.d', hiddenBy },
    { path: '/etc/sysctl.d', hiddenBy: run },
    { path: sysctlConf },
    ...run.map((path) => ({ path })),
  ])
}

/** OpenRC's own /etc/init.d/sysctl where the program is busybox's. */
function openrcBusyboxOrder(root: string): ReturnType<Order> {
  const steps = [{ path: sysctlConf }, { path: '/etc/sysctl.d' }]
  return stepByStep(look(root, sysctlConf).kind === 'error' ? [] : steps)(root)
}

const systemdPrograms = ['/usr/lib/systemd/systemd-sysctl', '/lib/systemd/systemd-sysctl']
const sysctlPrograms = ['/usr/sbin/sysctl', '/sbin/sysctl', '/usr/bin/sysctl', '/bin/sysctl']

/** The path of sysctl(8) of procps; null when there is none. */
export function procpsProgram(root: string): string | null {
  const path = sysctlPrograms.find((each) => isFile(root, each))
  return path === undefined || isBusybox(root) ? null : path
}

function isBusybox(root: string): boolean {
  for (const path of sysctlPrograms) {
    const found = look(root, path)
    if (found.kind === 'file') return /\/busybox[^/]*$/.test(found.path)
  }
  return true
}

/** Finds the reader of the tree; without a sign of any, systemd's. */
export function findReader(root: string, isRunning: boolean): Found {
  const systemd = systemdPrograms.find((path) => isFile(root, path))
  const openrc = textAt(root, '/etc/init.d/sysctl')
  const sysvinit = isFile(root, '/etc/init.d/procps')
  const init = look(root, '/sbin/init')
  const isSystemdInit = !('path' in init) || init.path.endsWith('/systemd')
  const first = textAt(root, '/proc/1/comm')?.trim()

  if (systemd !== undefined && (isSystemdInit || (openrc === null && !sysvinit))) {
    const runs = isRunning ? isDirectory(root, '/run/systemd/system') : null
    return { reader: systemdReader(isRunning), evidence: systemd, runs }
  }
  if (openrc !== null) {
    const runs = isRunning ? isDirectory(root, '/run/openrc') : null
    const busybox = isBusybox(root)
    const isAlpine = openrc.includes('/usr/lib/sysctl.d')
    const reader = isAlpine
      ? scripted(busybox, alpineOrder(isRunning))
      : busybox
        ? scripted(true, openrcBusyboxOrder)
        : procpsReader(isRunning)
    return { reader, evidence: '/etc/init.d/sysctl', runs }
  }
  if (sysvinit) {
    return {
      reader: procpsReader(isRunning),
      evidence: '/etc/init.d/procps',
      runs: isRunning ? first === 'init' : null,
    }
  }
  return { reader: systemdReader(isRunning), evidence: null, runs: isRunning ? false : null }
}
