import type { Scope } from '../../../lib/vocabulary.js'

/** What a tracer may do and what confines it. */
export interface Tracer {
  readonly uid: 0 | 1000
  /** It has CAP_SYS_PTRACE over its own user namespace. */
  readonly capable: boolean
  /** What it holds of the capabilities that targets hold. */
  readonly permitted: 'all' | 'all but ptrace' | 'none'
  readonly namespace: 'initial' | 'own'
  /** What refuses it; `lenient`: an AppArmor profile that allows its own kind. */
  readonly confined: 'seccomp' | 'landlock' | 'apparmor' | 'lenient' | null
}

/** A place in the guest where a Node lives and foretells, and debuggers that it starts try. */
export interface Room {
  readonly id: string
  /** Completes the sentence "At scope 1, …, what is foretold happens". */
  readonly title: string
  /** What has to be run as root before it can be opened. */
  readonly setup: readonly (readonly string[])[]
  /** What the Node is started by. */
  readonly command: readonly string[]
  /** It has processes of its own, made by its command. */
  readonly ownTargets: boolean
  readonly tracer: Tracer
  readonly sittings: readonly {
    readonly scopes: readonly Scope[]
    readonly debuggers: readonly string[]
    /** All, if there is no list. */
    readonly targets?: readonly string[]
    readonly except?: readonly string[]
  }[]
}
