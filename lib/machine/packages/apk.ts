import { existsIn, readIn } from '../rootfs.js'
import { fileLimit, type PackageDatabase, type PackageFiles } from './database.js'

/** The second since Alpine has merged /lib into /usr/lib. */
const places = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed']

/** apk's database: one file of fields of one letter, an empty line after each package. */
export const apk: PackageDatabase = {
  name: 'apk',
  places,
  files: async (root) => packages(root),
  versions: async (root) =>
    new Map(records(root).map((record) => [field(record, 'P'), field(record, 'V')])),
}

function* packages(root: string): Generator<PackageFiles> {
  for (const record of records(root)) yield packageFiles(record)
}

/** P: package. F: directory, in which the R: that follow are files. */
function packageFiles(record: string): PackageFiles {
  const paths: string[] = []
  let directory = ''
  for (const line of record.split('\n')) {
    if (line.startsWith('F:')) directory = line.slice(2)
    if (line.startsWith('R:')) paths.push(`/${directory}/${line.slice(2)}`.replace('//', '/'))
  }
  return { name: field(record, 'P'), paths }
}

function field(record: string, letter: string): string {
  return new RegExp(`^${letter}:(.*)$`, 'm').exec(record)?.[1] ?? ''
}

/** One place may lead to the other. */
function records(root: string): string[] {
  const place = places.find((path) => existsIn(root, path))
  const text = place === undefined ? '' : readIn(root, place, fileLimit).toString('latin1')
  return text.split('\n\n').filter((record) => field(record, 'P') !== '')
}
