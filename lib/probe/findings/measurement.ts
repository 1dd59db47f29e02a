/** What could not be measured, or was not to be. */

import { type FindingId, type Observation, remedy, stepRows } from '../../model/index.js'
import { evidenceIf, idsOf, type Known, type Rule } from './rule.js'

function inconclusive({ observations }: Known): Observation[] {
  return observations.filter(({ status }) => status === 'inconclusive')
}

function words(step: Observation['step']): string {
  return step === null ? 'no error' : stepRows[step].about.replaceAll('`', '')
}

export const measurementRules = {
  'measurement-incomplete': {
    when: (known) => {
      const cells = inconclusive(known).filter(({ step }) => step !== 'traced')
      return evidenceIf(cells.length > 0, idsOf(cells))
    },
    says: (known) => {
      const cells = inconclusive(known).filter(({ step }) => step !== 'traced')
      const why = [
        ...new Set(cells.map(({ step, errno, signal }) => errno ?? signal ?? words(step))),
      ]
      return `${cells.length} of ${known.observations.length} attempts could not be measured (${why.join(', ')}); nothing is concluded from them.`
    },
    remedies: (known) =>
      inconclusive(known).some(({ step }) => step === 'deadline' || step === 'not-run')
        ? [remedy('run-longer')]
        : [],
  },
  'kernel-log-quiet': {
    when: ({ kernelLog }) => evidenceIf(kernelLog.quiet, ['kernelLog.quiet']),
    says: ({ scope }) =>
      `Only what leaves no line in the kernel’s log was asked: READ access, and calls on no other process.${
        scope.yama === true ? ' Yama is active.' : ''
      } Which scope is enforced, and what a tracer may do to any target, it cannot tell.`,
  },
} as const satisfies { readonly [id in FindingId]?: Rule }
