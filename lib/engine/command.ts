import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { shellWord } from '../model/index.js'
import { packageRoot } from './package.js'

/** Where root finds a command through sudo: `secure_path` of Debian's sudoers(5). */
const rootsPath = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
] as const

/** The command of this package: a script of its own, or a script for Node. */
const programs = ['ptrace-probe', 'dist/bin.cjs'] as const

/** What decides how root can start the command. */
export interface Started {
  /** The directory of this package. */
  readonly root: string
  /** The program that runs: Node, or what has Node in it. */
  readonly node: string
  /** Whether that program has to be told to be Node. */
  readonly electron: boolean
  /** Where a path leads; null where nothing is. */
  readonly follow: (path: string) => string | null
}

/**
 * How root starts this command: by its name where sudo finds it, and by paths otherwise. npx, and the
 * scripts of a project, find it in a directory that is not in root's PATH.
 */
export function commandFrom({ root, node, electron, follow }: Started): string {
  const own = programs.map((program) => follow(join(root, program)))
  const known = rootsPath.map((directory) => follow(join(directory, 'ptrace-probe')))
  if (known.some((path) => path !== null && own.includes(path))) return 'ptrace-probe'
  const [launcher = null, script = null] = own
  if (launcher !== null) return shellWord(launcher)
  if (script === null) return 'ptrace-probe'
  const words = [node, script].map(shellWord).join(' ')
  return electron ? `env ELECTRON_RUN_AS_NODE=1 ${words}` : words
}

let found: string | undefined

/** The same for the package and the process that run; it does not change. */
export function commandForRoot(): string {
  found ??= commandFrom({
    root: packageRoot,
    node: process.execPath,
    electron: process.versions['electron'] !== undefined,
    follow: (path) => (existsSync(path) ? realpathSync(path) : null),
  })
  return found
}
