import { rendererFor } from '../../format/index.js'
import type { SettingsReport } from '../../model/index.js'
import type { Command } from '../context.js'
import { exitCodes } from '../exits.js'

/** `ptrace-probe settings`: what is configured, and what a reboot makes of it. */
export const settings: Command = async ({ root, format }, context) => {
  const report = await context.settings(root === undefined ? {} : { root })
  const render = await rendererFor('settings', format)
  await context.print(render(report, context.style))
  return exitCode(report)
}

function exitCode({ drift, complete }: SettingsReport): number {
  if (!complete) return exitCodes.notMeasured
  return drift === true ? exitCodes.denied : exitCodes.measured
}
