import { keysOf } from './tables.js'

/**
 * Who forks whom, so that a target becomes what {@link Relation} says to the tracer. The supervisor
 * is the parent of all and a subreaper.
 */
export interface Tree {
  readonly tracerParent: 'supervisor' | 'target'
  readonly targetParent: 'none' | 'supervisor' | 'tracer'
  /** The process between tracer and target: there is none, it stays, or it exits. */
  readonly middle: 'none' | 'lives' | 'exits'
  /** The tracer adopts orphans of its descendants. */
  readonly tracerAdopts: boolean
}

interface RelationRow {
  readonly tree: Tree
  /** Yama regards the target as a descendant of the tracer. */
  readonly descends: boolean
  /** The target in the table of the report. */
  readonly label: string
  /** The target within a sentence. */
  readonly phrase: string
  /** What it is, for the guide. */
  readonly about: string
}

const plain = { tracerParent: 'supervisor', middle: 'none', tracerAdopts: false } as const

/** One row a relation, in the order of the report: all that is said of it. */
export const relationRows = {
  child: {
    tree: { ...plain, targetParent: 'tracer' },
    descends: true,
    label: 'child',
    phrase: 'a child',
    about: 'a process that the tracer forked',
  },
  grandchild: {
    tree: { ...plain, targetParent: 'tracer', middle: 'lives' },
    descends: true,
    label: 'grandchild',
    phrase: 'a grandchild',
    about: 'a child of a child of the tracer',
  },
  adopted: {
    tree: { ...plain, targetParent: 'tracer', middle: 'exits', tracerAdopts: true },
    descends: true,
    label: 'adopted orphan',
    phrase: 'an adopted orphan',
    about:
      'an orphan that the tracer itself adopted, as a subreaper (`PR_SET_CHILD_SUBREAPER(2const)`), so it is a descendant again',
  },
  parent: {
    tree: { ...plain, targetParent: 'supervisor', tracerParent: 'target' },
    descends: false,
    label: 'parent',
    phrase: 'the parent',
    about: 'the process that forked the tracer',
  },
  sibling: {
    tree: { ...plain, targetParent: 'supervisor' },
    descends: false,
    label: 'sibling',
    phrase: 'a sibling',
    about: 'a child of the same parent',
  },
  orphan: {
    tree: { ...plain, targetParent: 'tracer', middle: 'exits' },
    descends: false,
    label: 'orphan',
    phrase: 'an orphan',
    about: 'a former descendant whose parent exited; another process adopted it',
  },
} as const satisfies Readonly<Record<string, RelationRow>>

/** What the target is to the tracer. */
export type Relation = keyof typeof relationRows

/** Every relation. */
export const relations = keysOf(relationRows)

/** The tree of a process without a target. */
export const aloneTree: Tree = { ...plain, targetParent: 'none' }
