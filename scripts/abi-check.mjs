// Whether any libc can load a binary: glibc 2.28 or later, which Node itself needs, and musl.
// It reads what a loader would read (readelf), and asks the C libraries of this machine which
// symbols they have and since when. So neither an old glibc nor a machine with musl is needed.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import nodeApi from 'node-api-headers'
import { library, prebuilds } from './targets.mjs'

/** The newest glibc whose symbols may be used. */
const floor = [2, 28]

/** NAPI_VERSION of binding.gyp. */
const nodeApiVersion = 8

const entryPoints = ['napi_register_module_v1', 'node_api_module_get_api_version_v1']

/**
 * A symbol without a version means glibc's oldest of that name. Where there are several, the
 * oldest must do: memcpy's is not slower and moves overlapping memory, too.
 */
const oldestWillDo = new Set(['memcpy'])

/** musl has the same symbols on every architecture, except for those of system calls that differ. */
const musl = '/lib/ld-musl-x86_64.so.1'

/** What is wrong with a binary, as sentences; none if it can be published. */
export function abiMistakes(file, arch) {
  const wanted = prebuilds.find((each) => each.arch === arch)
  const header = readelf('-h', file)
  const dynamic = readelf('-d', file)
  const symbols = dynamicSymbols(file)
  const all = (pattern) => [...dynamic.matchAll(pattern)].map(([, group]) => group)
  return [
    ...(header.includes(`Machine: ${wanted.machine}`) ? [] : [`it is not made for ${arch}`]),
    ...all(/\(NEEDED\).*\[(.*)\]/g).map((name) => `it needs ${name}`),
    ...all(/\((RELR|TEXTREL|RPATH|RUNPATH)\)/g).map((tag) => `it has DT_${tag}`),
    ...['NOW', 'NODELETE']
      .filter((flag) => !new RegExp(`\\(FLAGS_1\\).*\\b${flag}\\b`).test(dynamic))
      .map((flag) => `it lacks the flag ${flag}`),
    ...(/GNU_STACK.* RWE/.test(readelf('-l', file)) ? ['its stack is executable'] : []),
    ...exportMistakes(symbols.filter(({ defined }) => defined)),
    ...importMistakes(
      symbols.filter(({ defined }) => !defined),
      libraries(arch),
    ),
  ]
}

function exportMistakes(symbols) {
  const names = symbols.map(({ name }) => name)
  return [
    ...names.filter((name) => !entryPoints.includes(name)).map((name) => `it exports ${name}`),
    ...entryPoints.filter((name) => !names.includes(name)).map((name) => `it lacks ${name}`),
  ]
}

function importMistakes(symbols, { glibc, inMusl, inNode }) {
  return symbols.flatMap(({ name, version }) => {
    if (version !== undefined) return [`${name} has the version ${version}`]
    if (inNode.has(name)) return []
    const versions = glibc.get(name)
    if (versions === undefined)
      return [`${name} is in neither Node-API ${nodeApiVersion} nor glibc`]
    const [first] = versions
    return [
      ...(later(first, floor) ? [`${name} is in glibc since ${first.join('.')} only`] : []),
      ...(versions.length > 1 && !oldestWillDo.has(name)
        ? [`${name} has several versions in glibc, and the oldest would be taken`]
        : []),
      ...(inMusl.has(name) ? [] : [`${name} is not in musl`]),
    ]
  })
}

/** What the libraries have that are there when Node is. */
function libraries(arch) {
  if (!existsSync(musl)) throw new Error(`There is no ${musl}: apt-get install musl`)
  const glibc = new Map()
  // The loader has symbols as well, such as arm64's __stack_chk_guard.
  const loader = arch === 'arm64' ? 'ld-linux-aarch64.so.1' : 'ld-linux-x86-64.so.2'
  for (const file of ['libc.so.6', loader]) {
    for (const { name, version, defined } of dynamicSymbols(library(arch, file))) {
      const numbers = /^GLIBC_([\d.]+)$/
        .exec(version ?? '')?.[1]
        .split('.')
        .map(Number)
      if (!defined || numbers === undefined) continue
      glibc.set(name, [...(glibc.get(name) ?? []), numbers])
    }
  }
  for (const versions of glibc.values()) versions.sort((a, b) => (later(a, b) ? 1 : -1))
  const { js_native_api_symbols, node_api_symbols } = nodeApi.symbols[`v${nodeApiVersion}`]
  return {
    glibc,
    inMusl: new Set(dynamicSymbols(musl).map(({ name }) => name)),
    inNode: new Set([...js_native_api_symbols, ...node_api_symbols]),
  }
}

function later(a, b) {
  const i = a.findIndex((number, i) => number !== (b[i] ?? 0))
  return i >= 0 && a[i] > (b[i] ?? 0)
}

function dynamicSymbols(file) {
  return readelf('--dyn-syms', file)
    .split('\n')
    .map((line) => / (?:GLOBAL|WEAK) \S+ +(\S+) (\S+?)(?:@@?(\S+))?(?: |$)/.exec(line))
    .filter((match) => match !== null)
    .map(([, section, name, version]) => ({ name, version, defined: section !== 'UND' }))
}

function readelf(what, file) {
  const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 2 ** 26 }
  return execFileSync('readelf', ['-W', what, file], options).replace(/ +/g, ' ')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = join(import.meta.dirname, '..')
  for (const { arch, path } of prebuilds) {
    const mistakes = abiMistakes(join(root, path), arch)
    for (const mistake of mistakes) console.error(`${path}: ${mistake}`)
    if (mistakes.length > 0) process.exitCode = 1
    else console.log(`${path}: any libc can load it`)
  }
}
