/** Reports of modelled machines, with the scope that a right verdict would name. */

import type {
  CallerFacts,
  EvidenceIds,
  Finding,
  Report,
  ScopeReport,
  UndecidedScope,
} from '../../lib/model/index.js'
import { type Scope, scopeNames, scopes } from '../../lib/model/scopes.js'
import { isFiltered, type Machine, machine, measure } from './model.js'

/** What the model does not decide. */
export interface Circumstances {
  readonly declared?: Scope | null
  readonly caller?: Partial<CallerFacts>
  readonly findings?: readonly Finding[]
}

/** The report of a machine. */
export function report(
  differences: Partial<Machine> = {},
  circumstances: Circumstances = {},
): Report {
  const world = machine(differences)
  const { observations, controls } = measure(world)
  const declared = circumstances.declared === undefined ? world.yama : circumstances.declared
  return {
    schemaVersion: 1,
    tool: { name: 'ptrace-probe', version: '0.1.0' },
    time: '2026-11-21T12:00:00.000Z',
    durationMs: 4.25,
    host: {
      kernel: '6.1.0-56-amd64',
      arch: 'x64',
      os: { id: 'debian', version: '12' },
      lsm: world.yama === null ? ['lockdown', 'capability'] : ['lockdown', 'capability', 'yama'],
      container: null,
      emulator: world.emulated ? 'qemu-aarch64' : null,
      denyPtrace: null,
      namespaceLimits: [],
    },
    caller: caller(world, circumstances.caller),
    scope: scopeOf(world, declared),
    kernelLog: {
      refusals: observations.filter(({ status, step }) => {
        return status === 'denied' && step === 'try' && !isFiltered(world) && !world.mac
      }).length,
      quiet: false,
    },
    observations,
    controls,
    findings: circumstances.findings ?? [],
  }
}

function caller(world: Machine, more: Partial<CallerFacts> = {}): CallerFacts {
  const { capable, traced } = world
  return {
    pid: 4242,
    uid: capable ? 0 : 1000,
    gid: capable ? 0 : 1000,
    capSysPtrace: {
      granted: capable && !world.withheld,
      effective: capable,
      permitted: capable,
      bounding: true,
    },
    userNamespace: 'initial',
    seccomp: isFiltered(world) ? 'filter' : 'disabled',
    noNewPrivs: false,
    dumpable: true,
    label: null,
    tracerPid: traced ? 4000 : 0,
    ...more,
  }
}

function scopeOf(world: Machine, declared: Scope | null): ScopeReport {
  const enforced = enforcedOf(world)
  const real: Scope | null = enforced.name === 'no-yama' ? null : enforced.value
  return {
    yama: world.prctlFilter ? null : world.yama !== null,
    enforcing: world.prctlFilter ? null : (world.yama ?? 0) > 0,
    enforced,
    effective: effectiveOf(world),
    declared: { value: declared, source: '/proc/sys/kernel/yama/ptrace_scope' },
    agrees: declared === null || real === null ? null : declared === real,
  }
}

function enforcedOf(world: Machine): ScopeReport['enforced'] {
  const { yama, capable, userNamespaces } = world
  const evidence: EvidenceIds = [
    'control/yama',
    'unprivileged/child/seize',
    'unprivileged/sibling/seize',
  ]
  const unknown = {
    value: null,
    name: 'undetermined',
    certainty: 'undetermined',
    evidence,
  } as const
  const open = yama === null || yama === 0
  if (open && world.prctlFilter) return { ...unknown, candidates: [0] }
  if (yama === null) {
    return { value: null, name: 'no-yama', candidates: [], certainty: 'proved', evidence }
  }
  if (yama >= 2 && !capable && !userNamespaces) return { ...unknown, candidates: [2, 3] }
  const weak = world.mac || world.prctlFilter || (yama === 3 && world.ptraceFilter)
  const certainty = weak ? 'inferred' : 'proved'
  return { value: yama, name: scopeNames[yama], candidates: [yama], certainty, evidence }
}

function effectiveOf(world: Machine): ScopeReport['effective'] {
  const { yama, capable, ptraceFilter, mac } = world
  const evidence: EvidenceIds = ['caller/child/attach', 'caller/sibling/attach']
  if (ptraceFilter || mac) return { value: null, name: 'blocked', evidence }
  if (enforcedOf(world).candidates.join() === '2,3') {
    return { value: null, name: 'undetermined', evidence }
  }
  const value: Scope = yama === null || (capable && yama < 3) ? 0 : yama
  return { value, name: scopeNames[value], evidence }
}

/** The scope of a machine about which nothing is known. */
export const unknownScope: UndecidedScope = {
  value: null,
  name: 'undetermined',
  candidates: scopes,
  certainty: 'undetermined',
  evidence: [],
}
