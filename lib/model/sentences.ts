import type { Consent, Relation } from './vocabulary.js'

/** The target within a sentence. */
export const targets: Readonly<Record<Relation, string>> = {
  child: 'a child',
  grandchild: 'a grandchild',
  parent: 'the parent',
  sibling: 'a sibling',
  orphan: 'an orphan',
  adopted: 'an adopted orphan',
}
/** Whom it named, to be put after it. */
export const naming: Readonly<Record<Consent, string>> = {
  none: '',
  tracer: ' that named its tracer',
  ancestor: ' that named an ancestor of its tracer',
  any: ' that named any process',
  revoked: ' that named any process and took it back',
  unrelated: ' that named another process',
}
