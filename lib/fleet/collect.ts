import { hostname } from 'node:os'
import type { Envelope } from '../model/index.js'
import { judgePolicy } from '../policy/index.js'
import { probe } from '../probe/index.js'
import { settings } from '../settings/index.js'
import { type CollectOptions, checkCollectOptions } from './options.js'

/**
 * Everything about this host that is worth comparing with others: the report, what is configured,
 * and whether it meets policies. What collects it from many hosts is up to you.
 *
 * @param options - those of {@link probe}, and the policies
 * @returns one envelope
 * @throws TypeError, RangeError on argument mistakes (`ERR_INVALID_ARG_TYPE`,
 *   `ERR_INVALID_ARG_VALUE`, `ERR_OUT_OF_RANGE`)
 * @throws PtraceProbeError when nothing could be measured
 *
 * @example
 * ```js
 * import { collect } from 'ptrace-probe'
 *
 * console.log(JSON.stringify(await collect({ policies: ['stig'] })))
 * ```
 */
export async function collect(options: CollectOptions = {}): Promise<Envelope> {
  const { policies } = checkCollectOptions(options)
  const { policies: _, ...measurement } = options
  const [report, configured] = await Promise.all([probe(measurement), settings()])
  return {
    schemaVersion: 1,
    host: hostname(),
    collected: report.time,
    report,
    settings: configured,
    asserts: policies.map((policy) => judgePolicy(report, policy)),
  }
}
