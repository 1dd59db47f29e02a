import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { withArchive } from '../archive.js'
import { entry } from '../host.js'

/** Docker's versions in Debian, and the package that has its default filter as a file. */
const releases = { '20.10': 'bookworm', '26.1': 'trixie' } as const
const source = 'golang-github-docker-docker-dev'
const file = 'usr/share/gocode/src/github.com/docker/docker/profiles/seccomp/default.json'

/** The default filters of Docker from the cache or from the mirror: their names and their paths. */
export async function fetchFilters(): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const [version, suite] of Object.entries(releases)) {
    const directory = await entry(`filters/docker-${version}`, (draft) =>
      withArchive({ suite, arch: 'amd64' }, async (archive) => {
        const unpacked = join(draft, 'unpacked')
        await archive.unpack([source], unpacked)
        await cp(join(unpacked, file), join(draft, 'default.json'))
        await rm(unpacked, { recursive: true })
      }),
    )
    found[`docker-${version}.json`] = join(directory, 'default.json')
  }
  return found
}
