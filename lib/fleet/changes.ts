import { type Change, type ChangeSubject, namedScope, type Scope } from '../model/index.js'
import { attemptChanges } from './attempts.js'
import type { ConfiguredSettings, Measured, MeasuredReport } from './shape.js'

type Pair<T> = readonly [before: T, after: T]
type Words = {
  readonly before: string | null
  readonly after: string | null
  readonly message: string
}

/** What is not as it was: first what the rest has to be read with, then the gravest. */
export function changesBetween(before: Measured, after: Measured): Change[] {
  const reports: Pair<MeasuredReport> = [before.report, after.report]
  const settings: Pair<ConfiguredSettings> | null =
    before.settings === null || after.settings === null ? null : [before.settings, after.settings]
  return [
    ...one('host', hostOf(before, after)),
    ...one('caller', changed(reports, callerOf, 'It was measured', 'and is measured')),
    ...one('yama', changed(reports, yamaOf, 'Yama was', 'and is')),
    ...one('enforced', changed(reports, enforcedOf, 'The kernel enforced', 'and enforces')),
    ...policyChanges(before, after),
    ...(sameCaller(reports)
      ? one('effective', changed(reports, effectiveOf, 'This process met', 'and meets'))
      : []),
    ...attemptChanges(reports, sameCaller(reports)),
    ...one('declared', changed(reports, declaredOf, 'The kernel declared', 'and declares')),
    ...one('certainty', changed(reports, certaintyOf, 'The scope was', 'and is')),
    ...(settings === null ? [] : settingsChanges(settings)),
    ...findingChanges(reports),
    ...one(
      'kernel',
      changed(reports, ({ host }) => host.kernel, 'The kernel was', 'and is'),
    ),
    ...one('os', changed(reports, osOf, 'The system was', 'and is')),
    ...one(
      'tool',
      changed(reports, ({ tool }) => tool.version, 'ptrace-probe was', 'and is'),
    ),
  ]
}

/** What only one of the two says. */
export function notComparedOf(before: Measured, after: Measured): string[] {
  const identities = (measured: Measured) =>
    new Set(measured.report.observations.map(({ identity }) => identity))
  const [first, second] = [identities(before), identities(after)]
  const only = (which: string, own: ReadonlySet<string>, other: ReadonlySet<string>) =>
    [...own]
      .filter((identity) => !other.has(identity))
      .map((identity) => `Only the ${which} was measured as ${identity}.`)
  const which = before.settings === null ? 'second' : 'first'
  return [
    ...only('first', first, second),
    ...only('second', second, first),
    ...(sameCaller([before.report, after.report])
      ? []
      : ['The two were measured by different callers, so what each of them met is not compared.']),
    ...((before.settings === null) === (after.settings === null)
      ? []
      : [`Only the ${which} is an envelope, so settings and policies are not compared.`]),
    ...policiesOfOne(before, after),
  ]
}

function policiesOfOne({ asserts: first }: Measured, { asserts: second }: Measured): string[] {
  if (first === null || second === null) return []
  const has = (list: typeof first, id: string) => list.some(({ policy }) => policy.id === id)
  return [
    ...first
      .filter(({ policy }) => !has(second, policy.id))
      .map(({ policy }) => `Only the first was asked about the policy ${policy.id}.`),
    ...second
      .filter(({ policy }) => !has(first, policy.id))
      .map(({ policy }) => `Only the second was asked about the policy ${policy.id}.`),
  ]
}

function one(subject: ChangeSubject, words: Words | null): Change[] {
  return words === null ? [] : [{ subject, ...words }]
}

/** `It was A, and is B.`; null where both are the same. */
function changed<T>(
  [first, second]: Pair<T>,
  words: (side: T) => string | null,
  was: string,
  is: string,
): Words | null {
  const [before, after] = [words(first), words(second)]
  if (before === after) return null
  const message = `${was} ${before ?? 'nothing'}, ${is} ${after ?? 'nothing'} now.`
  return { before, after, message }
}

function hostOf({ host: before }: Measured, { host: after }: Measured): Words | null {
  if (before === null || after === null || before === after) return null
  return { before, after, message: `These are two hosts: ${before}, then ${after}.` }
}

function sameCaller(reports: Pair<MeasuredReport>): boolean {
  return callerOf(reports[0]) === callerOf(reports[1])
}

function callerOf({ caller: { uid, capSysPtrace } }: MeasuredReport): string {
  return `as uid ${uid}, ${capSysPtrace.effective ? 'with' : 'without'} CAP_SYS_PTRACE`
}

function yamaOf({ scope: { yama } }: MeasuredReport): string {
  return yama === null ? 'not known to be active' : yama ? 'active' : 'not active'
}

function enforcedOf({ scope: { enforced } }: MeasuredReport): string {
  const { value, name, candidates } = enforced
  if (value !== null) return `scope ${namedScope(value)}`
  if (name === 'no-yama') return 'no scope of Yama'
  return candidates.length === 0
    ? 'a scope that could not be told'
    : `scope ${candidates.join(' or ')}, which could not be told apart`
}

function effectiveOf({ scope: { effective } }: MeasuredReport): string {
  return effective.value === null ? effective.name : `scope ${namedScope(effective.value)}`
}

function declaredOf({ scope: { declared } }: MeasuredReport): string {
  return scopeOr(declared.value, 'no scope')
}

function certaintyOf({ scope: { enforced } }: MeasuredReport): string {
  return enforced.certainty
}

function osOf({ host: { os } }: MeasuredReport): string {
  return [os.id, os.version].filter((part) => part !== null).join(' ') || 'not named'
}

function scopeOr(scope: Scope | null, none: string): string {
  return scope === null ? none : `scope ${namedScope(scope)}`
}

function settingsChanges(settings: Pair<ConfiguredSettings>): Change[] {
  const file = changed(
    settings,
    ({ persistent }) => fileOf(persistent),
    'The scope was set by',
    'and is set by',
  )
  const later = changed(
    settings,
    ({ afterReboot }) => scopeOr(afterReboot, 'a scope that cannot be told'),
    'A boot ended with',
    'and ends with',
  )
  return [
    ...one('after-reboot', later),
    ...one('file', file),
    ...one('drift', driftChange(settings)),
  ]
}

function fileOf({ file, line, value, package: owner }: ConfiguredSettings['persistent']) {
  if (file === null) return 'no file'
  const whose = owner === null ? '' : ` of the package ${owner}`
  return `${file}:${line}${whose}${value === null ? '' : ` (${value})`}`
}

const wouldHave: Readonly<Record<string, string>> = {
  true: 'would have changed the scope',
  false: 'would have kept the scope',
  null: 'could not be foretold',
}
const would: Readonly<Record<string, string>> = {
  true: 'would change it',
  false: 'would keep it',
  null: 'cannot be foretold',
}

function driftChange([
  { drift: first },
  { drift: second },
]: Pair<ConfiguredSettings>): Words | null {
  if (first === second) return null
  const [before, after] = [wouldHave[String(first)] ?? '', would[String(second)] ?? '']
  return { before, after, message: `A reboot ${before} before, and ${after} now.` }
}

function findingChanges([before, after]: Pair<MeasuredReport>): Change[] {
  const has = ({ findings }: MeasuredReport, id: string) => findings.some((each) => each.id === id)
  return [
    ...after.findings
      .filter(({ id }) => !has(before, id))
      .map(({ id, level, message }): Change => {
        return {
          subject: 'finding',
          before: null,
          after: id,
          message: `New ${level} ${id}: ${message}`,
        }
      }),
    ...before.findings
      .filter(({ id }) => !has(after, id))
      .map(({ id }): Change => {
        return { subject: 'finding', before: id, after: null, message: `${id} is found no more.` }
      }),
  ]
}

const answers: Readonly<Record<string, string>> = {
  true: 'was met',
  false: 'was not met',
  null: 'could not be measured',
}

function policyChanges({ asserts: first }: Measured, { asserts: second }: Measured): Change[] {
  if (first === null || second === null) return []
  return second.flatMap(({ policy: { id }, met }): Change[] => {
    const old = first.find(({ policy }) => policy.id === id)
    if (old === undefined || old.met === met) return []
    const [before, after] = [answers[String(old.met)] ?? '', answers[String(met)] ?? '']
    const message = `The policy ${id} ${before} before, and ${after.replace('was', 'is').replace('could not', 'cannot')} now.`
    return [{ subject: 'policy', before, after, message }]
  })
}
