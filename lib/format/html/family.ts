import {
  type Consent,
  capital,
  consentRows,
  consents,
  holdsSysPtrace,
  methodRows,
  methods,
  type Observation,
  type Outcome,
  type Relation,
  type Report,
  relationRows,
  relations,
  type Scope,
  scopeNames,
  yamaRefuses,
} from '../../model/index.js'
import { judgeUse } from '../../probe/index.js'
import { cellKey, longName, type View } from '../views.js'
import type { Box, Picture } from './drawing.js'

/** The id of the row of evidence about a target. */
export function evidenceId(view: number, key: string): string {
  return `tried-${view + 1}-${key.replaceAll('/', '-')}`
}

/** The family of processes as tracers of one kind saw it: what they may reach, and why not the rest. */
export function family(view: View, number: number, report: Report): Picture {
  const below = relations.filter((relation) => relationRows[relation].descends)
  const rest = relations.filter((relation) => !relationRows[relation].descends)
  return {
    title: `Whom ${longName(view, report)} may attach to`,
    tracer: {
      title: 'The tracer',
      outcome: null,
      lines: [longName(view, report)],
      evidence: null,
      share: null,
    },
    targets: [...below, ...rest].map((relation) => relative(relation, view, number, report)),
    descendants: below.length,
  }
}

function relative(relation: Relation, view: View, number: number, report: Report): Box {
  const tried = attemptsOn(relation, 'none', view)
  const outcome = outcomeOf(relation, 'none', view) ?? 'undetermined'
  return {
    title: capital(relationRows[relation].label),
    outcome,
    lines: [...answers(tried, outcome), ...reasons(tried, report), ...exceptions(relation, view)],
    evidence: tried.length === 0 ? null : evidenceId(number, relation),
    share: null,
  }
}

function attemptsOn(relation: Relation, consent: Consent, view: View): Observation[] {
  return methods.flatMap((method) => view.cells.get(cellKey(relation, consent, method)) ?? [])
}

function outcomeOf(relation: Relation, consent: Consent, view: View): Outcome | null {
  const cells = methods.map((method) => cellKey(relation, consent, method))
  return judgeUse({ does: '', cells }, view.cells)?.outcome ?? null
}

/** Which methods got what. */
function answers(tried: readonly Observation[], outcome: Outcome): string[] {
  const by = (status: Observation['status']) => tried.filter((each) => each.status === status)
  const named = (list: readonly Observation[]) => list.map(({ method }) => method).join(', ')
  const denied = by('denied')
  const errors = [...new Set(denied.map(({ errno, signal }) => errno ?? signal ?? 'no error'))]
  switch (outcome) {
    case 'works':
      return [`allowed by all ${tried.length} methods`]
    case 'refused':
      return [`refused by all ${tried.length} methods`]
    case 'partly':
      return [
        `allowed: ${named(by('allowed'))}`,
        `refused: ${named(denied)} (${errors.join(', ')})`,
      ]
    case 'undetermined':
      return [tried.length === 0 ? 'not tried' : 'could not be measured']
    default:
      return outcome satisfies never
  }
}

/** Why the refused ones were refused, as far as the report tells. */
function reasons(tried: readonly Observation[], report: Report): string[] {
  const denied = tried.filter(({ status }) => status === 'denied')
  return [...new Set(denied.map((each) => reason(each, report)))]
}

function reason(attempt: Observation, { controls, scope, caller }: Report): string {
  const { identity, relation, consent, method, errno, signal } = attempt
  const wanted: readonly string[] = methodRows[method].controls
  const gates = controls.filter(({ id }) => wanted.includes(id))
  if (signal !== null || (gates.length > 0 && gates.every(({ passes }) => passes === false))) {
    return `a filter answers: ${errno ?? signal}`
  }
  const { value } = scope.enforced
  const capable =
    identity === 'user:root' || (identity === 'caller' && holdsSysPtrace(caller.capSysPtrace))
  if (value === null || !yamaRefuses(value, { capable, relation, consent, method })) {
    return 'by another rule than Yama'
  }
  return `Yama, scope ${value}: ${refusals[value]}`
}

/** What Yama misses at each scope, in a few words. */
const refusals: Readonly<Record<Scope, string>> = {
  0: scopeNames[0],
  1: 'no descendant',
  2: 'CAP_SYS_PTRACE is needed',
  3: 'nothing may attach',
}

/** What a target changes by naming its tracer, where it changes anything. */
function exceptions(relation: Relation, view: View): string[] {
  const usual = outcomeOf(relation, 'none', view)
  const named = consents.filter((consent) => {
    const outcome = consent === 'none' ? null : outcomeOf(relation, consent, view)
    return outcome === 'works' && outcome !== usual
  })
  if (named.length === 0) return []
  const whom = named.map((consent) => consentRows[consent].label.replace(/^, named /, ''))
  return [`allowed if it named ${whom.join(', ')}`]
}
