import { existsIn, listIn, readIn } from '../rootfs.js'
import { fileLimit, type PackageDatabase, type PackageFiles } from './database.js'

const home = '/var/lib/dpkg'
/** Images without dpkg (distroless) keep a file for each package there, and its md5sums. */
const statusDirectory = `${home}/status.d`

/** dpkg's lists, read directly: as `dpkg-query --search` does, without its patterns. */
export const dpkg: PackageDatabase = {
  name: 'dpkg',
  places: [`${home}/info`, statusDirectory],
  files: async (root) => packageFiles(root),
  versions: async (root) => new Map(stanzas(root).flatMap(installed)),
}

function* packageFiles(root: string): Generator<PackageFiles> {
  const diversions = readDiversions(root)
  for (const file of namesIn(root, `${home}/info`)) {
    const [, name] = /^([^:]+)(?::[^:]+)?\.list$/.exec(file) ?? []
    if (name === undefined) continue
    // Conffiles are in it as well (dpkg-query(1), --listfiles).
    const paths = text(root, `${home}/info/${file}`).split('\n')
    yield { name, paths: paths.map((path) => diversions(name, path)) }
  }
  for (const file of namesIn(root, statusDirectory)) {
    if (!file.endsWith('.md5sums')) continue
    const paths = text(root, `${statusDirectory}/${file}`).split('\n')
    yield {
      name: file.slice(0, -'.md5sums'.length),
      paths: paths.map((line) => `/${line.replace(/^[0-9a-f]{32} [ *]/, '')}`),
    }
  }
}

/** Where a package's file went that another package or the administrator has diverted (dpkg-divert(1)). */
function readDiversions(root: string): (name: string, path: string) => string {
  const records = optionalText(root, `${home}/diversions`).split('\n')
  const diverted = new Map<string, { to: string; by: string }>()
  // Three lines each; `:` stands for the administrator.
  for (let i = 0; i + 2 < records.length; i += 3) {
    const [from = '', to = '', by = ''] = records.slice(i, i + 3)
    diverted.set(from, { to, by })
  }
  return (name, path) => {
    const diversion = diverted.get(path)
    return diversion === undefined || diversion.by === name ? path : diversion.to
  }
}

type Stanza = ReadonlyMap<string, string>

function stanzas(root: string): Stanza[] {
  const single = namesIn(root, statusDirectory).filter((name) => !name.endsWith('.md5sums'))
  return [
    ...optionalText(root, `${home}/status`).split('\n\n'),
    ...single.map((name) => text(root, `${statusDirectory}/${name}`)),
  ].map(
    (stanza) =>
      new Map([...stanza.matchAll(/^([A-Za-z-]+): (.*)$/gm)].map(([, k = '', v = '']) => [k, v])),
  )
}

/** A single file has no status: what is in such an image is installed. */
function installed(stanza: Stanza): [name: string, version: string][] {
  const [name, version] = [stanza.get('Package'), stanza.get('Version')]
  const status = stanza.get('Status') ?? 'installed'
  return name && version && /(^| )installed$/.test(status) ? [[name, version]] : []
}

/** Directories and files that dpkg has only where it has something to say. */
function namesIn(root: string, path: string): string[] {
  return existsIn(root, path) ? listIn(root, path) : []
}

function optionalText(root: string, path: string): string {
  return existsIn(root, path) ? text(root, path) : ''
}

function text(root: string, path: string): string {
  return readIn(root, path, fileLimit).toString('latin1')
}
