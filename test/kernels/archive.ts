import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { discard, exists, run, temporary } from './host.js'

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** Debian's names for its releases, as they stand in a sources file. */
const releases =
  /^(?:stable|oldstable|oldoldstable|testing|unstable|sid|bullseye|bookworm|trixie|forky)(-\w+)?$/

/**
 * The archives that this machine's own apt uses. apt itself is asked, because it reads every form
 * of its sources. Other vendors' archives use Debian's release names too, but carry one suite only.
 */
async function mirrors(): Promise<{ main: string; security: string | undefined }> {
  const suites = new Map<string, string[]>()
  const security = new Set<string>()
  for (const line of String(await run('apt-get', ['--print-uris', 'update'])).split('\n')) {
    const [, base, suite] = /^'(.+)\/dists\/([^/']+)\/(?:In)?Release'/.exec(line) ?? []
    const release = releases.exec(suite ?? '')
    if (base === undefined || suite === undefined || release === null) continue
    if (release[1] === '-security') security.add(base)
    else suites.set(base, [...(suites.get(base) ?? []), suite])
  }
  const [main] = [...suites].sort(([, a], [, b]) => b.length - a.length)
  if (main === undefined) {
    throw new Error(
      "The kernel lane fetches Debian's kernels from apt's mirror, and apt has no Debian mirror: " +
        'add one to /etc/apt/sources.list.d',
    )
  }
  return { main: main[0], security: [...security][0] }
}

/** This machine's own settings for downloads, its proxies above all. */
async function acquireSettings(): Promise<string> {
  const dump = String(await run('apt-config', ['dump']))
  const ours = /^Acquire::(?!IndexTargets|Changelogs|Languages|CompressionTypes)/
  return dump
    .split('\n')
    .filter((line) => ours.test(line))
    .join('\n')
}

/** A Debian release, through an apt of its own that needs no root and touches nothing of ours. */
export interface Archive {
  /** The newest package that `name` depends on and whose name begins with `prefix`. */
  dependency(name: string, prefix: string): Promise<string>
  /** The packages that it depends on and whose names begin with one of these. */
  dependencies(name: string, prefixes: readonly string[]): Promise<readonly string[]>
  /** Unpacks exactly these packages. */
  unpack(names: readonly string[], into: string): Promise<void>
  /** Unpacks these packages and everything that they depend on. */
  unpackAll(names: readonly string[], into: string): Promise<void>
}

/** Calls `use` with the release, its package lists being up to date. */
export async function withArchive<T>(
  { suite, arch }: { suite: string; arch: string },
  use: (archive: Archive) => Promise<T>,
): Promise<T> {
  if (!(await exists(keyring))) {
    throw new Error(`The kernel lane lacks ${keyring}: apt-get install debian-archive-keyring`)
  }
  const { main, security } = await mirrors()
  const directory = temporary('/tmp', 'ptrace-probe-apt-')
  try {
    for (const name of ['state/lists/partial', 'cache/archives/partial', 'etc/apt.conf.d']) {
      await mkdir(join(directory, name), { recursive: true })
    }
    // A release that is no longer supported is not signed again either.
    const options = `[signed-by=${keyring} check-valid-until=no]`
    const sources = [`deb ${options} ${main} ${suite} main`]
    const isWhole = !suite.endsWith('-backports')
    if (security !== undefined && isWhole)
      sources.push(`deb ${options} ${security} ${suite}-security main`)
    await writeFile(join(directory, 'etc/sources.list'), `${sources.join('\n')}\n`)
    await writeFile(join(directory, 'state/status'), '')
    await writeFile(
      join(directory, 'apt.conf'),
      `${await acquireSettings()}
Dir::Etc "${directory}/etc"; Dir::State "${directory}/state"; Dir::Cache "${directory}/cache";
Dir::State::status "${directory}/state/status";
APT::Architecture "${arch}"; APT::Architectures { "${arch}"; }; APT::Sandbox::User "";
APT::Install-Recommends "false"; Acquire::Languages "none";
`,
    )
    const env = { APT_CONFIG: join(directory, 'apt.conf') }
    await run('apt-get', ['-qq', '--error-on=any', 'update'], { env })
    return await use(open(directory, env))
  } finally {
    await discard(directory)
  }
}

function open(directory: string, env: NodeJS.ProcessEnv): Archive {
  const debs = join(directory, 'cache/archives')
  async function extract(into: string): Promise<void> {
    for (const name of (await readdir(debs)).filter((name) => name.endsWith('.deb')).sort()) {
      await run('dpkg', ['-x', join(debs, name), into])
    }
  }
  async function dependencies(name: string, prefixes: readonly string[]): Promise<string[]> {
    const show = String(await run('apt-cache', ['show', '--no-all-versions', name], { env }))
    const depends = /^Depends: (.*)$/m.exec(show)?.[1] ?? ''
    return depends.split(/[ ,|]+/).filter((word) => prefixes.some((each) => word.startsWith(each)))
  }
  return {
    dependencies,
    async dependency(name, prefix) {
      const [found] = await dependencies(name, [prefix])
      if (found === undefined) throw new Error(`${name} depends on no ${prefix}…`)
      return found
    },
    async unpack(names, into) {
      await run('apt-get', ['-qq', 'download', ...names], { env, cwd: debs })
      await extract(into)
    },
    async unpackAll(names, into) {
      await run('apt-get', ['-qq', '-y', '--download-only', 'install', ...names], { env })
      await extract(into)
    },
  }
}
