/** The other side of `native/addon/answers.cc`: examinations out of numbers and a text. */

import type {
  CloserLook,
  Details,
  Examination,
  Ids,
  Owners,
  ProcessFacts,
  Stat,
  Status,
  Threads,
  Unread,
} from './examination.js'

/** Examinations one after the other, each text of them up to its NUL. */
export interface Packed {
  readonly numbers: readonly number[]
  readonly text: string
}

/** Unpacks `count` examinations. */
export function unpack(packed: Packed, count: number): readonly Examination[] {
  const from = new Reader(packed)
  return Array.from({ length: count }, () => processOf(from))
}

/** Unpacks the only examination. */
export function unpackOne(packed: Packed): Examination {
  return processOf(new Reader(packed))
}

/** What comes next. Everything is read in the order in which the addon has written it. */
class Reader {
  readonly #numbers: readonly number[]
  readonly #texts: readonly string[]
  #number = 0
  #text = 0

  constructor({ numbers, text }: Packed) {
    this.#numbers = numbers
    this.#texts = text.split('\0')
  }

  number(): number {
    return expected(this.#numbers[this.#number++])
  }

  text(): string {
    return expected(this.#texts[this.#text++])
  }

  flag(): boolean {
    return this.number() !== 0
  }

  /** 64 bits, in halves. */
  bits(): bigint {
    const high = this.number()
    return (BigInt(high) << 32n) | BigInt(this.number())
  }

  /** Facts, unless an errno says why they were not read. */
  facts<Facts>(read: (from: Reader) => Facts): Facts | Unread {
    const errno = this.number()
    return errno === 0 ? read(this) : { errno }
  }
}

function expected<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The addon answered less than it was asked for')
  return value
}

function processOf(from: Reader): Examination {
  const first = examinationOf(from)
  return from.flag() ? { ...first, threads: threadsOf(from) } : first
}

function examinationOf(from: Reader): Examination {
  return {
    pid: from.number(),
    pidfdErrno: from.number(),
    ended: from.flag(),
    procIsOurs: from.flag(),
    pidfdGetfd: answerOf(from),
    vmRead: answerOf(from),
    procMem: answerOf(from),
    read: answerOf(from),
    target: factsOf(from),
    tracerName: from.text(),
    closer: from.flag() ? closerOf(from) : null,
    inVfork: from.flag(),
    threads: null,
  }
}

function answerOf(from: Reader): number | null {
  const errno = from.number()
  return errno < 0 ? null : errno
}

function threadsOf(from: Reader): Threads {
  return {
    isComplete: from.flag(),
    lookedAt: from.number(),
    unreaped: from.number(),
    inVfork: from.number(),
    isWaiting: from.flag(),
    suspect: from.flag() ? examinationOf(from) : null,
  }
}

function factsOf(from: Reader): ProcessFacts {
  return { stat: from.facts(statOf), status: from.facts(statusOf) }
}

function statOf(from: Reader): Stat {
  return {
    name: from.text(),
    state: from.text(),
    flags: from.number(),
    parent: from.number(),
    threads: from.number(),
    startTime: from.number(),
  }
}

function statusOf(from: Reader): Status {
  return {
    threadGroup: from.number(),
    tracer: from.number(),
    uids: idsOf(from),
    gids: idsOf(from),
    capPermitted: from.bits(),
    capEffective: from.bits(),
  }
}

function idsOf(from: Reader): Ids {
  return [from.number(), from.number(), from.number()]
}

function closerOf(from: Reader): CloserLook {
  return {
    target: detailsOf(from),
    self: factsOf(from),
    selfDetails: detailsOf(from),
    ancestors: Array.from({ length: from.number() }, () => ({
      pid: from.number(),
      name: from.text(),
    })),
  }
}

function detailsOf(from: Reader): Details {
  return {
    owners: from.facts(ownersOf),
    userNamespace: from.facts((number) => number.number()),
    uidMap: from.facts((text) => text.text()),
    projidMap: from.facts((text) => text.text()),
    label: from.facts((text) => text.text()),
  }
}

function ownersOf(from: Reader): Owners {
  return { directoryUid: from.number(), filesUid: from.number() }
}
