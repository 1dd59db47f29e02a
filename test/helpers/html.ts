/** Pages with texts that try to be more than text. */

import type { Surroundings } from '../../lib/format/index.js'
import type { Finding, Fleet, Report, Verdict } from '../../lib/model/index.js'
import { judgePolicy } from '../../lib/policy/evaluate.js'
import { policies } from '../../lib/policy/table.js'
import { report } from './report.js'
import { configured } from './systems.js'
import { denied, undetermined, verdict } from './verdicts.js'

/** What a process, a file or a user can be called. */
export const hostile =
  '</title></style>"\'><script src=//evil.example>alert(1)</script>' +
  '<img src=x onerror=alert(2)>]]>&lt;\u001b[31m\u202e\u0000\n<a href="javascript:alert(3)">'

async function* each(verdicts: readonly Verdict[]): AsyncGenerator<Verdict> {
  yield* verdicts
}

/** Processes of that name: open, refused and not known, of two users. */
export function processesNamed(name: string): Verdict[] {
  const target = (pid: number, uid: number) => ({ pid, name, uid, state: 'S', parent: 1 }) as const
  return [
    verdict({ pid: 10, target: target(10, 1000) }),
    verdict({ pid: 11, target: { ...target(11, 1000), name: 'ssh-agent' } }),
    denied({ pid: 12, target: target(12, 0) }),
    denied({ pid: 13, target: null }),
    undetermined({ pid: 14, target: target(14, 1000) }),
  ]
}

/** A survey of these. */
export function surveyOf(verdicts: readonly Verdict[]) {
  return { verdicts: each(verdicts), asked: { tracer: 'stranger', uid: 1000, pid: 1 } } as const
}

/** A report in which each text from outside is that one. */
export function reportNaming(text: string): Report {
  const finding: Finding = {
    id: 'another-rule',
    level: 'error',
    message: text,
    evidence: ['control/yama'],
    remedies: [
      {
        id: 'scope-0-now',
        does: text,
        command: `first ${text}\nsecond`,
        needs: 'root',
        lasts: 'boot',
        weakens: 'machine',
      },
    ],
    source: 'https://docs.kernel.org/admin-guide/LSM/Yama.html',
  }
  const plain = report({ yama: 1, capable: true, users: ['alice'] }, { findings: [finding] })
  const { host, caller } = plain
  return {
    ...plain,
    host: { ...host, kernel: text, container: text, os: { id: text, version: text } },
    caller: { ...caller, label: text },
  }
}

/** What stands around it, with the same text wherever one comes from outside. */
export function surroundingsNaming(text: string, judged: Report): Surroundings {
  const line = { line: 3, reason: text, package: text }
  return {
    settings: {
      answer: configured({
        declared: { value: 1, source: text },
        builtIn: { value: 1, source: text },
        persistent: { value: 2, file: text, line: 3, package: text },
        afterReboot: 2,
        drift: true,
        assignments: [
          { ...line, file: `/a/${text}`, value: text, effective: false, overriddenBy: text },
          { ...line, file: text, value: '2', effective: true, overriddenBy: null },
        ],
        problems: [text],
        remedies: [
          {
            id: 'scope-0-now',
            does: text,
            command: text,
            undo: text,
            needs: 'root',
            lasts: 'boot',
            weakens: 'machine',
          },
        ],
      }),
    },
    evaluations: policies.map((policy) => judgePolicy(judged, policy)),
    survey: { answer: surveyOf(processesNamed(text)) },
  }
}

/** A fleet whose hosts and findings have that name. */
export function fleetNaming(text: string): Fleet {
  const group = (value: string, count: number) => ({ value, count, hosts: [text, 'b'] })
  return {
    schemaVersion: 1,
    tool: { name: 'ptrace-probe', version: '0.1.0' },
    message: `7 hosts enforce 2 different things; ${text}.`,
    envelopes: 8,
    hosts: 7,
    enforced: [group('0 (classic), proved', 2), group('1 (restricted), proved', 5)],
    agreement: [group('as declared', 7)],
    drift: [],
    afterReboot: [],
    findings: [group(text, 3)],
    policies: [{ id: text, answers: [group('met', 4), group('not met', 3)] }],
    kernels: [group(text, 7)],
    unread: { count: 2, first: [{ place: text, reason: text }] },
  }
}
