import type { Report } from '../model/index.js'

/** False: the kernel answered nothing, so the report says nothing about the machine. */
export function isMeasured({ scope, kernelLog, observations }: Report): boolean {
  if (kernelLog.quiet) return scope.yama !== null
  const answered = observations.some(({ status }) => status === 'allowed' || status === 'denied')
  return answered || scope.enforced.name !== 'undetermined'
}
