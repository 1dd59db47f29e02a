import { readFileSync } from 'node:fs'

import type { Context } from './contexts.js'
import type { Answer, SetScope } from './results.js'

/** By "tracer,relation,method": the answers without Yama and at scopes 0 to 3. */
const table = readTable(new URL('../fixtures/truth.csv', import.meta.url))

function readTable(file: URL): Map<string, readonly string[]> {
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .slice(1)
    .map((line) => line.split(','))
  return new Map(rows.map((row) => [row.slice(0, 3).join(), row.slice(3)]))
}

const filtered = new Set(['attach', 'seize', 'traceme'])
const allowed: Answer = { status: 'allowed', errno: null, signal: null }
const unavailable: Answer = { status: 'unavailable', errno: null, signal: null }

/** What other kernels answered to this cell in this context, or undefined if it was not observed. */
export function truth(context: Context, scope: SetScope, id: string): Answer | undefined {
  const [identity = '', relation = '', method = ''] = id.split('/')
  const tracer = tracerOf(context, identity)
  const row = table.get([tracer, relation, method].join())
  if (row === undefined) return undefined
  if (scope === null && relation.includes('+')) return unavailable // without Yama a consent cannot be given
  if (tracer === 'owner' && !context.namespaces) return unavailable
  if (method === 'pidfd-getfd' && !context.pidfds) return unavailable
  if (context.filter !== null && filtered.has(method)) {
    // seccomp answers before any rule about the target is asked.
    return context.filter === 'SIGSYS'
      ? { status: 'denied', errno: null, signal: 'SIGSYS' }
      : { status: 'denied', errno: context.filter, signal: null }
  }
  const answer = row[scope === null ? 0 : scope + 1] ?? ''
  return answer === 'ok' ? allowed : { status: 'denied', errno: answer, signal: null }
}

/** The table's word for a tracer of this identity in this context. */
function tracerOf(context: Context, identity: string): string {
  if (identity === 'owner') return 'owner'
  if (identity.startsWith('user:')) return 'plain'
  if (context.privilege === 'user') return 'plain'
  if (identity === 'caller') return context.privilege === 'root' ? 'capable' : 'namespace'
  return 'plain'
}
