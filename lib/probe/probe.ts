import { release } from 'node:os'
import {
  type Engine,
  type EngineResult,
  loadEngine,
  lookUpUser,
  ownIds,
  type Plan,
  requireLinux,
  version,
} from '../engine/index.js'
import { type MachineFacts, readFacts } from '../machine/index.js'
import {
  aloneTree,
  type CallerFacts,
  isUser,
  mayNotBecome,
  type Report,
  relationRows,
  userOf,
} from '../model/index.js'
import { capabilityGranted, evidenceOf } from './evidence.js'
import { explain } from './findings.js'
import { yamaRefusals } from './kernel-log.js'
import { observe } from './observations.js'
import { type CheckedOptions, checkProbeOptions, type ProbeOptions } from './options.js'
import { type Scenario, scenariosFor, silentOnes } from './scenarios.js'
import { judge } from './scope.js'
import { crashHandling } from './strategy.js'

/**
 * Finds out, by trying among processes of its own, what this machine lets one process do to
 * another with ptrace(2), and concludes which Yama scope it enforces
 * (Documentation/admin-guide/LSM/Yama.rst). The event loop keeps running.
 *
 * Forks once, on the calling thread, since credentials belong to threads. Traces, signals and stops
 * nothing but its own processes, and none of them outlives the promise.
 *
 * @param options - see {@link ProbeOptions}
 * @returns the report; what was refused is in it, never thrown
 * @throws TypeError, RangeError on argument mistakes (`ERR_INVALID_ARG_TYPE`,
 *   `ERR_INVALID_ARG_VALUE`, `ERR_OUT_OF_RANGE`)
 * @throws PtraceProbeError when nothing could be measured, `ERR_PTRACE_PROBE_IDENTITY` when this
 *   process may not become one of the identities
 *
 * @example
 * ```js
 * import { probe } from 'ptrace-probe'
 *
 * const { scope } = await probe({ timeoutMs: 5000 })
 * console.log(scope.enforced.name, scope.enforced.certainty)
 * ```
 */
export async function probe(options?: ProbeOptions): Promise<Report> {
  const checked = checkProbeOptions(options)
  const report = await measure(checked)
  return canAskAll(report) ? measure({ ...checked, quietKernel: false }) : report
}

async function measure(checked: CheckedOptions): Promise<Report> {
  const run = prepare(checked)
  const pending = run.engine.measureAsync(run.plan, run.signal)
  const facts = readFacts()
  return run.finish(await pending, facts)
}

/** Without Yama nothing leaves a line of its. */
function canAskAll({ kernelLog, scope }: Report): boolean {
  return kernelLog.quiet && scope.yama === false
}

/**
 * The same as {@link probe}, blocking the thread until it is done.
 *
 * @param options - see {@link ProbeOptions}
 * @returns the report
 * @throws as {@link probe}
 *
 * @example
 * ```js
 * import { probeSync } from 'ptrace-probe'
 *
 * const { findings } = probeSync()
 * for (const { level, message } of findings) console.log(level, message)
 * ```
 */
export function probeSync(options?: ProbeOptions): Report {
  const checked = checkProbeOptions(options)
  const report = measureSync(checked)
  return canAskAll(report) ? measureSync({ ...checked, quietKernel: false }) : report
}

function measureSync(checked: CheckedOptions): Report {
  const run = prepare(checked)
  return run.finish(run.engine.measure(run.plan), readFacts())
}

interface Run {
  readonly engine: Engine
  readonly signal: AbortSignal | undefined
  readonly plan: Plan
  finish(result: EngineResult, facts: MachineFacts): Report
}

function prepare(checked: CheckedOptions): Run {
  requireLinux()
  checked.signal?.throwIfAborted()
  const engine = loadEngine()
  const { identities, quietKernel } = checked
  const all = scenariosFor(identities)
  const scenarios = quietKernel ? silentOnes(all) : all
  const plan = planFor(scenarios, checked, engine)
  const time = new Date().toISOString()
  return {
    engine,
    signal: checked.signal,
    plan,
    finish: (result, facts) => reportOf(scenarios, result, facts, { time, quiet: quietKernel }),
  }
}

/** A family may take this part of the whole time, so that one that hangs leaves time for the rest. */
const attemptShare = 1 / 10

function planFor(scenarios: readonly Scenario[], checked: CheckedOptions, engine: Engine): Plan {
  const names = checked.identities.flatMap((identity) => userOf(identity) ?? [])
  return {
    families: scenarios.map(({ identity, relation, consent, attempts }) => {
      const user = userOf(identity)
      return {
        ...(relation === null ? aloneTree : relationRows[relation].tree),
        identity: isUser(identity) ? 'user' : identity,
        user: user === null ? 0 : names.indexOf(user),
        consent,
        methods: attempts,
      }
    }),
    users: names.map((name) => lookUpUser(engine, name)),
    deadlineMs: checked.timeoutMs,
    attemptMs: Math.ceil(checked.timeoutMs * attemptShare),
  }
}

/** @throws PtraceProbeError when this process may not become a user that it was told to measure as */
function requireUsers(scenarios: readonly Scenario[], { families }: EngineResult): void {
  for (const [at, { identity }] of scenarios.entries()) {
    const user = userOf(identity)
    const refused = families[at]?.find(({ step }) => step === 'identity')
    const error = user && refused ? mayNotBecome(user, refused.errno) : null
    if (error !== null) throw error
  }
}

function reportOf(
  scenarios: readonly Scenario[],
  result: EngineResult,
  facts: MachineFacts,
  { time, quiet }: { readonly time: string; readonly quiet: boolean },
): Report {
  requireUsers(scenarios, result)
  const { observations, controls } = observe(scenarios, result.families)
  const { dumpable, ...sets } = result.self
  const granted = capabilityGranted(evidenceOf({ observations, controls }), 'caller')
  const { uid, gid } = ownIds()
  const caller: CallerFacts = {
    pid: process.pid,
    uid,
    gid,
    ...facts.caller,
    capSysPtrace: { granted, ...sets },
    dumpable,
  }
  const host = { kernel: release(), arch: process.arch, ...facts.host }
  const scope = judge(
    {
      ...{ observations, controls },
      label: facts.caller.label,
      seccomp: facts.caller.seccomp,
      emulator: facts.host.emulator,
      yama: facts.yama,
    },
    facts.declared,
  )
  const seen = { caller, scope, observations, controls }
  const kernelLog = { refusals: yamaRefusals(seen), quiet }
  const report = { host, caller, scope, kernelLog, observations, controls }
  return {
    schemaVersion: 1,
    tool: { name: 'ptrace-probe', version: version() },
    time,
    durationMs: result.elapsedUs / 1000,
    ...report,
    findings: explain(report),
    crashHandling: crashHandling(report),
  }
}
