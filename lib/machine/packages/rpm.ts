import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { copyFile, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { textOf } from '../bytes.js'
import { existsIn, listIn, onHost, resolveIn, statIn } from '../rootfs.js'
import type { PackageDatabase } from './database.js'
import { withTemporaryDirectory } from './temporary.js'

/** Where the database may be; the last with rpm-ostree. */
const homes = ['/usr/lib/sysimage/rpm', '/var/lib/rpm', '/usr/share/rpm']
/** Its main file as SQLite, as rpm's own format, as Berkeley DB. */
const mainFiles = ['rpmdb.sqlite', 'Packages.db', 'Packages']
const places = homes.flatMap((home) => mainFiles.map((name) => `${home}/${name}`))

const copyLimit = 2 ** 30
const timeoutMs = 60_000
const outputLimit = 2 ** 29

/**
 * rpm's database, which only rpm itself can read: three formats, of binary records. An image's is
 * copied first and asked by this machine's rpm. `rpm --root` would do chroot(2) into the image and
 * load what lies there; and opening a database in place may write to it.
 */
export const rpm: PackageDatabase = {
  name: 'rpm',
  places,
  files: async (root, asked, signal) => {
    const format = '[%{=NAME}\\t%{FILENAMES}\\n]'
    // Only the machine's own rpm may look a path up: it follows links of this machine.
    const query = isMachine(root) ? ['-qf', ...asked.map(textOf)] : ['-qa']
    const rows = await ask(root, ['--queryformat', format, ...query], signal)
    return rows.map(([name = '', path = '']) => ({ name, paths: [path] }))
  },
  versions: async (root, signal) => {
    const rows = await ask(root, ['--queryformat', '%{NAME}\\t%{EVR}\\n', '-qa'], signal)
    return new Map(rows.map(([name = '', version = '']) => [name, version]))
  },
}

const isMain = (name: string): boolean => mainFiles.includes(name)
const isMachine = (root: string): boolean => resolve(root) === '/'

async function ask(
  root: string,
  query: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[][]> {
  const place = places.find((path) => existsIn(root, path)) ?? ''
  const home = place.slice(0, place.lastIndexOf('/'))
  if (isMachine(root)) return run(home, query, signal === undefined ? {} : { signal })
  return withTemporaryDirectory(async (copy, end) => {
    const ending = signal === undefined ? end : AbortSignal.any([end, signal])
    await copyDatabase(root, home, copy, ending)
    const before = await readdir(copy)
    const rows = await run(copy, query, {
      signal: ending,
      // It reads a copy, which nothing else will read.
      killSignal: 'SIGKILL',
    })
    // An rpm built without that format overlooks the database and makes itself an empty one.
    const made = (await readdir(copy)).some((name) => isMain(name) && !before.includes(name))
    if (made) throw new Error(`this machine's rpm cannot read ${place}`)
    return rows
  })
}

async function copyDatabase(
  root: string,
  home: string,
  to: string,
  ending: AbortSignal,
): Promise<void> {
  let total = 0
  for (const name of listIn(root, home)) {
    ending.throwIfAborted()
    const path = resolveIn(root, `${home}/${name}`)
    const stats = statIn(root, path)
    if (!stats.isFile()) continue
    total += stats.size
    if (total > copyLimit) throw new Error(`${home} is larger than the limit of ${copyLimit} bytes`)
    await copyFile(onHost(root, path), join(to, textOf(name)), constants.COPYFILE_FICLONE)
  }
}

/** The rows of the answer. Any other line says that a file has no owner. */
async function run(
  home: string,
  query: readonly string[],
  ending: { readonly signal?: AbortSignal; readonly killSignal?: 'SIGKILL' },
): Promise<string[][]> {
  const { stdout, stderr } = await promisify(execFile)(
    'rpm',
    ['--dbpath', home, '--nodigest', '--nosignature', ...query],
    {
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      encoding: 'latin1',
      timeout: timeoutMs,
      maxBuffer: outputLimit,
      cwd: '/',
      ...ending,
    },
  ).catch((error: { stdout?: string; stderr?: string; code?: unknown }) => {
    // Its exit status is the number of files without an owner.
    if (typeof error.code !== 'number') throw new Error(`cannot run rpm: ${String(error.code)}`)
    return { stdout: error.stdout ?? '', stderr: error.stderr ?? '' }
  })
  const [complaint] = /^error: .*$/m.exec(stderr) ?? []
  if (complaint !== undefined) throw new Error(`rpm: ${complaint}`)
  return stdout
    .split('\n')
    .map((line) => line.split('\t'))
    .filter((row) => row.length === 2)
}
