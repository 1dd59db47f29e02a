/** Builds native/ with other compilers and flags than users get. */

import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const require = createRequire(import.meta.url)

/** An error that is put into one file, to see it found. */
export interface Plant {
  /** Below native/. */
  readonly file: string
  /** Must be there once. */
  readonly from: string
  readonly to: string
}

/** One way to build. */
export interface Build {
  readonly root: string
  /** Where everything goes. */
  readonly out: string
  readonly compiler: 'g++' | 'clang++'
  /** For compiling and linking. */
  readonly flags: readonly string[]
}

/** A part of native/, or what tests add to it. */
export interface Source {
  readonly path: string
  /** The name of its object file. */
  readonly name: string
}

const directories = ['process', 'probe', 'examine', 'addon'] as const

/** The sources of native/ in these directories. */
export function sourcesOf(
  root: string,
  wanted: readonly (typeof directories)[number][] = directories,
): Source[] {
  return wanted.flatMap((directory) =>
    readdirSync(join(root, 'native', directory))
      // What only a binary without the C++ library needs.
      .filter((name) => name.endsWith('.cc') && name !== 'cxx_runtime.cc')
      .map((name) => ({
        path: join(root, 'native', directory, name),
        name: `${directory}/${name}`,
      })),
  )
}

function flagsOf({ root, flags }: Build): string[] {
  return [
    ...['-std=c++17', '-g', '-O1', '-fPIC', '-fno-omit-frame-pointer', '-pthread'],
    ...['-fno-exceptions', '-fno-rtti', '-Wall', '-Wextra', `-I${join(root, 'native')}`],
    ...['-isystem', require('node-api-headers').include_dir],
    ...['-isystem', join(root, 'node_modules/node-addon-api')],
    ...['NAPI_VERSION=8', 'NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS'].map((name) => `-D${name}`),
    ...['-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS', '-DNODE_GYP_MODULE_NAME=ptrace_probe'],
    ...flags,
  ]
}

/** Compiles, as many at a time as there are processors; answers the object files. */
export async function compile(build: Build, sources: readonly Source[]): Promise<string[]> {
  const waiting = [...sources]
  const objects: string[] = []
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const object = join(build.out, `${next.name}.o`)
      mkdirSync(join(object, '..'), { recursive: true })
      await run(build.compiler, [...flagsOf(build), '-c', next.path, '-o', object])
      objects.push(object)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return objects
}

/** Makes a program or, with `-shared`, a library out of object files. */
export async function link(
  build: Build,
  objects: readonly string[],
  name: string,
  flags: readonly string[] = [],
): Promise<string> {
  const file = join(build.out, name)
  mkdirSync(join(file, '..'), { recursive: true })
  // As users' addon has it: the engine gives the loader's memory back.
  const always = ['-pthread', '-Wl,-z,now', '-Wl,-z,nodelete']
  await run(build.compiler, [...build.flags, ...flags, '-o', file, ...objects, ...always])
  return file
}

/** The object files with one of them made from a source with an error in it. */
export async function planted(
  build: Build,
  objects: readonly string[],
  plant: Plant,
  name: string,
): Promise<string[]> {
  const text = readFileSync(join(build.root, 'native', plant.file), 'utf8')
  const parts = text.split(plant.from)
  if (parts.length !== 2) throw new Error(`${plant.file} has not once: ${plant.from}`)
  const path = join(build.out, name, basename(plant.file))
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, parts.join(plant.to))
  const [object = ''] = await compile(build, [{ path, name: `${name}/${basename(plant.file)}` }])
  const good = join(build.out, `${plant.file}.o`)
  return [...objects.filter((each) => each !== good), object]
}
