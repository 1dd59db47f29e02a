import { release } from 'node:os'
import {
  type Engine,
  type EngineResult,
  loadEngine,
  lookUpUser,
  type Plan,
  requireLinux,
  version,
} from '../engine/index.js'
import { type MachineFacts, readFacts } from '../machine/index.js'
import { type CallerFacts, isUser, type Report, userOf } from '../model/index.js'
import { explain } from './findings.js'
import { observe } from './observations.js'
import { type CheckedOptions, checkProbeOptions, type ProbeOptions } from './options.js'
import { aloneTree, type Scenario, scenariosFor, trees } from './scenarios.js'
import { judge } from './scope.js'

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
 * @throws PtraceProbeError when nothing could be measured
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
  const run = prepare(options)
  const pending = run.engine.measureAsync(run.plan)
  const facts = readFacts()
  return run.finish(await pending, facts)
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
  const run = prepare(options)
  return run.finish(run.engine.measure(run.plan), readFacts())
}

interface Run {
  readonly engine: Engine
  readonly plan: Plan
  finish(result: EngineResult, facts: MachineFacts): Report
}

function prepare(options?: ProbeOptions): Run {
  const checked = checkProbeOptions(options)
  requireLinux()
  const engine = loadEngine()
  const scenarios = scenariosFor(checked.identities)
  const plan = planFor(scenarios, checked, engine)
  const time = new Date().toISOString()
  return {
    engine,
    plan,
    finish: (result, facts) => reportOf(scenarios, result, facts, time),
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
        ...(relation === null ? aloneTree : trees[relation]),
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

function reportOf(
  scenarios: readonly Scenario[],
  result: EngineResult,
  facts: MachineFacts,
  time: string,
): Report {
  const { observations, controls } = observe(scenarios, result.families)
  const { dumpable, ...capSysPtrace } = result.self
  const caller: CallerFacts = {
    pid: process.pid,
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    ...facts.caller,
    capSysPtrace,
    dumpable,
  }
  const host = { kernel: release(), arch: process.arch, ...facts.host }
  const scope = judge(
    { observations, controls, capSysPtrace, label: facts.caller.label },
    facts.declared,
  )
  const report = { host, caller, scope, observations, controls }
  return {
    schemaVersion: 1,
    tool: { name: 'ptrace-probe', version: version() },
    time,
    durationMs: result.elapsedUs / 1000,
    ...report,
    findings: explain(report),
  }
}
