import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { withArchive } from './archive.js'
import { cache, entry, exists, run } from './host.js'
import type { Kernel } from './kernels.js'
import { extractKernel } from './vmlinux.js'

/** What one cached kernel consists of: `vmlinux`, and the modules in the order to load them. */
export interface Fetched {
  readonly release: string
  readonly directory: string
}

const day = 24 * 60 * 60 * 1000
const bootModules = ['virtio_pci', '9pnet_virtio', '9p', 'overlay', 'virtio_net']

/**
 * The newest kernel of the row's release, from the cache if the mirror was asked within a day or
 * cannot be reached; `say` hears of the latter.
 */
export async function fetchKernel(
  { suite, arch }: Pick<Kernel, 'suite' | 'arch'>,
  say: (message: string) => void,
): Promise<Fetched> {
  const note = join(cache, 'kernels', `${suite}-${arch}.json`)
  const known = await readNote(note)
  if (known !== undefined && Date.now() - known.checked < day) return known.fetched
  try {
    const fetched = await fetchNewest(suite, arch)
    await replace(note, JSON.stringify({ release: fetched.release, checked: Date.now() }))
    return fetched
  } catch (error) {
    if (known === undefined) throw error
    say(`using the cached ${known.fetched.release}, because ${String(error)}`)
    return known.fetched
  }
}

/** A kernel that was kept with other modules is another entry. */
function placeOf(release: string): string {
  return `kernels/${[release, ...bootModules].join('+')}`
}

async function fetchNewest(suite: string, arch: string): Promise<Fetched> {
  return withArchive({ suite, arch }, async (archive) => {
    const image = await archive.dependency(`linux-image-${arch}`, 'linux-image-')
    const release = image.replace('linux-image-', '')
    const directory = await entry(placeOf(release), async (draft) => {
      const unpacked = join(draft, 'unpacked')
      // Since Linux 7 the image is a package without files, and these have them.
      const parts = await archive.dependencies(image, ['linux-binary-', 'linux-modules-'])
      await archive.unpack([image, ...parts], unpacked)
      const places = [`boot/vmlinuz-${release}`, `usr/lib/modules/${release}/vmlinuz`]
      const found = await firstOf(places.map((place) => join(unpacked, place)))
      const vmlinuz = await readFile(found)
      await writeFile(join(draft, 'vmlinux'), await extractKernel(vmlinuz))
      await collectModules(unpacked, release, join(draft, 'modules'))
      await rm(unpacked, { recursive: true })
    })
    return { release, directory }
  })
}

async function firstOf(paths: readonly string[]): Promise<string> {
  for (const path of paths) if (await exists(path)) return path
  throw new Error(`None of these is there: ${paths.join(', ')}`)
}

/** Copies what the guest needs to mount its root, dependencies first, numbered in that order. */
async function collectModules(unpacked: string, release: string, into: string): Promise<void> {
  const merged = join(unpacked, 'usr/lib/modules', release)
  const tree = (await exists(merged)) ? merged : join(unpacked, 'lib/modules', release)
  const files = await readdir(tree, { recursive: true })
  const seen = new Set<string>()
  await mkdir(into)
  async function add(name: string): Promise<void> {
    const spelling = new RegExp(`/${name.replaceAll(/[-_]/g, '[-_]')}\\.ko(\\.xz|\\.zst)?$`)
    const file = files.find((path) => spelling.test(path))
    if (file === undefined || seen.has(name)) return // built in, or already there
    seen.add(name)
    const path = join(tree, file)
    for (const needed of String(await run('modinfo', ['-F', 'depends', path]))
      .trim()
      .split(',')) {
      if (needed !== '') await add(needed)
    }
    const number = (await readdir(into)).length + 10
    const target = join(into, `${number}-${name}.ko`)
    const unpacker = file.endsWith('.xz') ? 'xz' : file.endsWith('.zst') ? 'zstd' : undefined
    if (unpacker === undefined) await cp(path, target)
    else await writeFile(target, await run(unpacker, ['-dc', path]))
  }
  for (const name of bootModules) await add(name)
}

/** A root file system for machines of another architecture: Node, busybox, gdb and strace. */
export async function fetchRoot({ suite, arch }: Kernel): Promise<string> {
  return entry(`roots/${suite}-${arch}-with-debuggers`, async (draft) => {
    for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
      await mkdir(join(draft, 'usr', name), { recursive: true })
      await symlink(`usr/${name}`, join(draft, name))
    }
    for (const name of ['dev', 'proc', 'run', 'sys', 'tmp']) await mkdir(join(draft, name))
    await symlink('busybox', join(draft, 'usr/bin/sh'))
    await withArchive({ suite, arch }, (archive) =>
      archive.unpackAll(['nodejs', 'busybox-static', 'gdb-minimal', 'strace'], draft),
    )
  })
}

async function readNote(path: string): Promise<{ fetched: Fetched; checked: number } | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const { release, checked }: { release: string; checked: number } = JSON.parse(text)
  const directory = join(cache, placeOf(release))
  return (await exists(directory)) ? { fetched: { release, directory }, checked } : undefined
}

async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`
  await writeFile(draft, text)
  await rename(draft, path)
}
