import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Outside } from '../../../../lib/cli/context.js'
import { main } from '../../../../lib/cli/main.js'
import type { Verdict } from '../../../../lib/model/index.js'
import { searchPath } from './search-path.js'

type Built = {
  readonly canAttachEach: (
    ...question: Parameters<Outside['canAttachEach']>
  ) => Awaited<ReturnType<Outside['canAttachEach']>>
  readonly findTool: (name: string, searchPath: string) => Awaited<ReturnType<Outside['findTool']>>
}

const [, , entry = ''] = process.argv
const load = createRequire(entry)
const { canAttachEach }: Pick<Built, 'canAttachEach'> = load(join(dirname(entry), 'attach.cjs'))
const { findTool }: Pick<Built, 'findTool'> = load(join(dirname(entry), 'tools.cjs'))

const tools = new Map<string, Awaited<ReturnType<Outside['findTool']>>>()

/** A tool stays where it is: to look into every directory of PATH takes an emulated machine long. */
function findOnce(name: string, path: string): Awaited<ReturnType<Outside['findTool']>> {
  const key = `${name} ${path}`
  const found = tools.get(key) ?? findTool(name, path)
  tools.set(key, found)
  return found
}

const unused = (): never => {
  throw new Error('check needs nothing of the kind')
}

/**
 * What `ptrace-probe check` says, run in this process: its command line and its code are those of the
 * checkout, and what it asks is answered by the library that was built.
 */
export async function foretell(
  pid: number,
  options: readonly string[],
  path: string | null,
): Promise<Verdict> {
  let [printed, warned] = ['', '']
  await main(['check', '--json', ...options, String(pid)], {
    write: async (text) => {
      printed += text
    },
    warn: (text) => {
      warned += text
    },
    canAttachEach: async (...question) => canAttachEach(...question),
    findTool: async (name) => findOnce(name, searchPath(path)),
    pid: process.pid,
    env: {},
    isTTY: false,
    columns: undefined,
    rows: undefined,
    writeFile: unused,
    home: '.',
    version: unused,
    readCache: unused,
    writeCache: unused,
    fingerprint: unused,
    now: unused,
    probe: unused,
    tools: unused,
    survey: unused,
    readPolicy: unused,
    settings: unused,
    processesNamed: unused,
    uidOf: unused,
    collect: unused,
    merge: unused,
    readMeasured: unused,
    difference: unused,
    isWatched: () => false,
    isTyped: () => false,
    factsAbout: () => ({}),
    ticks: () => async () => false,
  })
  if (printed === '') throw new Error(warned)
  const [verdict]: Verdict[] = JSON.parse(printed)
  if (verdict === undefined) throw new Error(`check ${options.join(' ')} ${pid} says nothing`)
  return verdict
}
