import { describe, expect, test } from 'tstyche'
import {
  type CauseId,
  canAttach,
  type EnforcedScope,
  evaluate,
  type Finding,
  type Observation,
  type Remedy,
  type Report,
  type ScopeName,
  skipReason,
  survey,
  type Verdict,
} from '../../lib/index.js'

declare const verdict: Verdict
declare const enforced: EnforcedScope
declare const observation: Observation
declare const report: Report
declare const finding: Finding
declare const remedy: Remedy

describe('a verdict', () => {
  test('that denies has a cause, and may have remedies', () => {
    if (verdict.verdict !== 'denied') return
    expect(verdict.cause).type.toBe<CauseId>()
    expect(verdict.remedies).type.toBe<readonly Remedy[]>()
  })

  test('that allows has a target and no cause', () => {
    if (verdict.verdict !== 'allowed') return
    expect(verdict.cause).type.toBe<null>()
    expect(verdict.target.name).type.toBe<string>()
    expect(verdict.certainty).type.toBe<'proved' | 'inferred'>()
    expect(verdict.remedies).type.toBe<readonly []>()
  })

  test('that is undetermined says nothing of rules', () => {
    if (verdict.verdict !== 'undetermined') return
    expect(verdict.cause).type.toBe<'undetermined'>()
    expect(verdict.causes).type.toBe<readonly []>()
  })

  test('has a tracer that can be asked about again', () => {
    expect(canAttach).type.toBeCallableWith(verdict.pid, { tracer: verdict.tracer })
  })
})

describe('an enforced scope', () => {
  test('that is decided has a number', () => {
    if (enforced.name === 'undetermined' || enforced.name === 'no-yama') return
    expect(enforced.name).type.toBe<ScopeName>()
    expect(enforced.value).type.toBe<0 | 1 | 2 | 3>()
  })

  test('that is not decided has none', () => {
    if (enforced.name !== 'undetermined') return
    expect(enforced.value).type.toBe<null>()
    expect(enforced.certainty).type.toBe<'undetermined'>()
  })
})

describe('an observation', () => {
  test('that was allowed ended in no error', () => {
    if (observation.status !== 'allowed') return
    expect(observation.errno).type.toBe<null>()
    expect(observation.signal).type.toBe<null>()
  })

  test('that was denied was refused by the call itself', () => {
    if (observation.status !== 'denied') return
    expect(observation.step).type.toBe<'try'>()
    expect(observation.syscall).type.toBe<string>()
  })
})

describe('a misspelled word', () => {
  test('is no policy, but one of your own may have any name', () => {
    expect(evaluate).type.toBeCallableWith(report, 'stig')
    expect(evaluate).type.not.toBeCallableWith(report, 'stgi')
    expect(evaluate).type.toBeCallableWith(report, { id: 'ours', scope: '>=1' })
    expect(evaluate).type.not.toBeCallableWith(report, { id: 'ours' })
  })

  test('is the id of nothing', () => {
    expect<'no-yama'>().type.toBeAssignableTo(finding.id)
    expect<'no-yamma'>().type.not.toBeAssignableTo(finding.id)
    expect<'typo'>().type.not.toBeAssignableTo(remedy.id)
    expect<'yama-restrictd'>().type.not.toBeAssignableTo(verdict.cause)
    expect<'unprivileged/sibling+any/seize'>().type.toBeAssignableTo(observation.id)
    expect<'unprivileged/cousin/seize'>().type.not.toBeAssignableTo(observation.id)
  })

  test('is no option', () => {
    expect(canAttach).type.not.toBeCallableWith(1, { tracer: 'nobody' })
    expect(canAttach).type.not.toBeCallableWith(1, { methd: 'attach' })
    expect(survey).type.not.toBeCallableWith({ method: 'traceme' })
    expect(skipReason).type.toBeCallableWith({ relation: 'sibling', consent: 'any' })
    expect(skipReason).type.not.toBeCallableWith('cousin')
  })
})

test('a signal of Node or of a browser ends a question', () => {
  expect(canAttach).type.toBeCallableWith(1, { signal: new AbortController().signal })
  expect(canAttach).type.not.toBeCallableWith(1, { signal: 'abort' })
})

test('a survey is a promise and an iterable', () => {
  expect(survey()).type.toBeAssignableTo<AsyncIterable<Verdict>>()
  expect(survey().catch).type.toBe<Promise<Verdict[]>['catch']>()
})
