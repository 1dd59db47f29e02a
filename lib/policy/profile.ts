import {
  type ProfileAdvice,
  type ProfileName,
  policyRows,
  profileRows,
  type Report,
} from '../model/index.js'
import { evaluate } from './evaluate.js'

/** What the guide advises for that kind of machine, and whether the machine of the report is so. */
export function adviceFor(report: Report, name: ProfileName): ProfileAdvice {
  const { policy, advice } = profileRows[name]
  const { met, message, remedies } = evaluate(report, policy)
  return { name, advice, source: policyRows[policy].source, met, message, remedies }
}
