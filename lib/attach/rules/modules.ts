import { type Evidence, list } from '../../model/index.js'
import type { Situation } from '../evidence.js'
import { mayNotBeDumpable } from './credentials.js'
import { concernedMacs, deniesPtrace, macNames, selinuxGrants } from './labels.js'
import { because, type Rule } from './rule.js'
import { yamaMayRefuse } from './yama.js'

/** What SELinux says when it is asked. */
export const selinuxRule: Rule = ({ access, circumstances, self, target }) => {
  const isRefused = access === 'denied' && selinuxGrants(circumstances) === false
  if (!isRefused || target.stat?.state === 'Z') return null
  const [does, asked] =
    circumstances.method === 'read' ? ['read', 'file read'] : ['trace', 'process ptrace']
  // The boolean is about `process ptrace` alone.
  const isDeniedToAll = deniesPtrace(circumstances)
  return because(
    'selinux',
    'proved',
    `SELinux's policy lets no process of the tracer's context ${does} one of this context${
      isDeniedToAll ? '; its boolean deny_ptrace is on, which denies that on the whole machine' : ''
    }`,
    [
      ...contextsOf(self, target),
      { source: `/sys/fs/selinux/access ${asked}`, result: 'denied' },
      ...(isDeniedToAll ? [{ source: '/sys/fs/selinux/booleans/deny_ptrace', result: '1' }] : []),
    ],
  )
}

function contextsOf(self: Situation['self'], target: Situation['target']): Evidence[] {
  const labels = [
    { source: '/proc/self/attr/current', result: self.label },
    { source: '/proc/PID/attr/current', result: target.label },
  ]
  return labels.flatMap(({ source, result }) => (result === null ? [] : [{ source, result }]))
}

/**
 * The modules that may refuse as well where credentials or Yama do. The kernel did not ask them then,
 * and neither a label nor a domain tells how they would have answered, so they are no cause.
 */
export function unaskedModules(situation: Situation): string | null {
  const { read, circumstances } = situation
  const domains = circumstances.controls.landlockDomains ?? 0
  const suspects = [
    // Landlock refuses READ as well.
    ...(domains > 0 && read !== true ? ['the Landlock domain that the tracer is in'] : []),
    ...concernedMacs(situation).map((mac) => `${macNames[mac]}, which confines the tracer or it,`),
  ]
  return suspects.length === 0 ? null : `${list(suspects)} may refuse as well`
}

/**
 * The module that refuses, where neither credentials nor Yama explain the refusal. Oracles give the
 * same answer for every module, so one is named only where no other can be meant.
 */
export const moduleRule: Rule = (situation) => {
  const { access, read, capable, circumstances, self, target } = situation
  if (access !== 'denied' || target.stat?.state === 'Z') return null
  // Credentials may be the reason that READ is refused: then no module can be blamed.
  const isVisible = target.status !== null && (capable === true || !mayNotBeDumpable(situation))
  if (read === false && (capable === null || !isVisible)) return null
  // READ is granted, and Yama may be the reason that ATTACH is not.
  if (read !== false && yamaMayRefuse(situation)) return null
  const domains = circumstances.controls.landlockDomains
  const [mac, ...others] = concernedMacs(situation)
  if (mac !== undefined && others.length === 0 && domains === 0) {
    return because(
      mac,
      'inferred',
      `${macNames[mac]} confines the tracer or the target and refuses`,
      contextsOf(self, target),
    )
  }
  // Landlock refuses READ as well.
  if (mac === undefined && read === false && domains !== null && domains > 0) {
    return because(
      'landlock',
      'inferred',
      'the tracer is in a Landlock domain, and this process is outside',
      [{ source: 'landlock_restrict_self', result: `${domains} of 16 layers in use` }],
    )
  }
  // Only security modules answer READ and ATTACH differently.
  if (mac === undefined && read === true) {
    return because('lsm', 'inferred', 'a security module that cannot be named refuses it', [
      { source: 'get_robust_list', result: 'success' },
    ])
  }
  return null
}
