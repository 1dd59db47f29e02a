import { listIn, readIn, statIn } from '../rootfs.js'
import { fileLimit, type PackageDatabase } from './database.js'

const home = '/var/lib/pacman/local'

/** pacman's database: a directory for each package, with sections of lines below a %NAME%. */
export const pacman: PackageDatabase = {
  name: 'pacman',
  places: [home],
  files: async (root) =>
    packages(root).map((directory) => ({
      name: section(root, `${directory}/desc`, 'NAME')[0] ?? '',
      paths: section(root, `${directory}/files`, 'FILES').map((path) => `/${path}`),
    })),
  versions: async (root) =>
    new Map(
      packages(root).map((directory) => {
        const one = (name: string) => section(root, `${directory}/desc`, name)[0] ?? ''
        return [one('NAME'), one('VERSION')]
      }),
    ),
}

/** Beside the packages there is a file, ALPM_DB_VERSION. */
function packages(root: string): string[] {
  return listIn(root, home)
    .map((name) => `${home}/${name}`)
    .filter((path) => statIn(root, path).isDirectory())
}

function section(root: string, path: string, name: string): string[] {
  const lines = readIn(root, path, fileLimit).toString('latin1').split('\n')
  const start = lines.indexOf(`%${name}%`) + 1
  return start === 0 ? [] : lines.slice(start, lines.indexOf('', start))
}
