import type { Scope } from '../../../lib/model/scopes.js'

/** The two requests of ptrace(2) that attach. */
export type Request = 'attach' | 'seize'

/** What a tracer may do and what confines it. */
export interface Tracer {
  readonly uid: 0 | 1000
  /** It has CAP_SYS_PTRACE over its own user namespace. */
  readonly capable: boolean
  /** What it holds of the capabilities that targets hold. */
  readonly permitted: 'all' | 'all but ptrace' | 'none'
  readonly namespace: 'initial' | 'own'
  /** What refuses it; `lenient`: a module that has a say, but allows its own kind. */
  readonly confined: 'seccomp' | 'landlock' | 'apparmor' | 'selinux' | 'lenient' | null
  /** The requests that a filter refuses which lets the rest of ptrace(2) through. */
  readonly filtered: readonly Request[]
  /**
   * What /proc shows of processes that are there: all; `readable`: all that may be read; `foreign`:
   * nothing, it is that of another PID namespace.
   */
  readonly proc: 'all' | 'readable' | 'foreign'
  /** No call may be asked, only the file `/proc/PID/mem`, for which modules have rules of their own. */
  readonly asksFile: boolean
  /** It is permitted CAP_SYS_PTRACE, and does not put it into effect. */
  readonly mayRaise: boolean
  /** Processes outside of the room are in no PID namespace that it sees. */
  readonly alone: boolean
}

/** Who is asked about: the Node of the room, or as what it starts debuggers: `child` by --tool. */
export type Asker = 'self' | 'child' | 'stranger' | 'user'

/** Debuggers that try, at some scopes, with some targets. */
export interface Trials {
  readonly scopes: readonly Scope[]
  /** Except for `seize`, which is the Node itself. */
  readonly as?: Exclude<Asker, 'self'>
  readonly debuggers: readonly string[]
  /** The directory that comes first in PATH: its files may give a debugger more than others have. */
  readonly path?: string
  /** In what such a debugger differs from the tracer of the room. */
  readonly gains?: Partial<Tracer>
  /** All, if there is no list. */
  readonly targets?: readonly string[]
  readonly except?: readonly string[]
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
  /** Those of them that cannot be made in it. */
  readonly without?: readonly string[]
  readonly tracer: Tracer
  /**
   * Under which label a program would run cannot be asked: debuggers that the Node starts are
   * foretold as forks of it, by --method.
   */
  readonly labelled?: true
  readonly sittings: readonly Trials[]
}

/** The user that tracer `{ user }` names in the guest; it has uid 1000. */
export const userName = 'judges'
