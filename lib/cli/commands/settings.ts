import { settingsFormats } from '../../format/index.js'
import type { SettingsReport } from '../../model/index.js'
import type { Run } from '../context.js'
import { exitCodes } from '../exits.js'

/** `ptrace-probe settings`: what is configured, and what a reboot makes of it. */
export const run: Run = async ({ root, format }, { io, style, print }) => {
  const report = await io.settings(root === undefined ? {} : { root })
  const render = await settingsFormats[format]?.()
  await print(render?.(report, style) ?? '')
  return exitCode(report)
}

function exitCode({ drift, complete }: SettingsReport): number {
  if (!complete) return exitCodes.notMeasured
  return drift === true ? exitCodes.denied : exitCodes.measured
}
