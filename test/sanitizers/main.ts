// npm run test:sanitizers: the engine and the addon under AddressSanitizer, UndefinedBehaviorSanitizer,
// LeakSanitizer, ThreadSanitizer and valgrind, and what they hold after many questions.
//
//   npm run test:sanitizers -- [--attaches N] [--probes N] [--workers N] [--terminations N]

import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { enums } from '../../lib/engine/words.js'
import { aloneTree, relationRows } from '../../lib/model/relations.js'
import { scenariosFor } from '../../lib/probe/scenarios.js'
import { type Build, compile, link, type Plant, planted, sourcesOf } from '../helpers/native.js'
import { growth, type Sample } from './flat.js'
import { plants } from './plants.js'
import type { Counts } from './subject.js'

const [root = '', ...args] = process.argv.slice(2)
const { values } = parseArgs({
  args,
  options: {
    attaches: { type: 'string', default: '4000' },
    probes: { type: 'string', default: '80' },
    workers: { type: 'string', default: '16' },
    terminations: { type: 'string', default: '40' },
    only: { type: 'string', default: '' },
    verbose: { type: 'boolean', default: false },
  },
})
const asked: Counts = {
  attaches: Number(values.attaches),
  probes: Number(values.probes),
  workers: Number(values.workers),
  terminations: Number(values.terminations),
}
const out = join(root, 'build/sanitizers')
const subject = join(out, 'test/subject.mjs')

/** What a run printed and what a sanitizer said about it. */
interface Told {
  readonly status: string
  readonly text: string
  readonly findings: string
}

/** What watches over a run. */
interface Watch {
  readonly command?: readonly string[]
  /** The library of a sanitizer, for a program that is built without. */
  readonly preload?: string
}

let runs = 0

const textOf = (path: string): string => readFileSync(path, 'utf8')

/** Runs a program below a watch, in a PID namespace of its own. */
async function watched(watch: Watch, program: readonly string[], input = ''): Promise<Told> {
  const directory = join(out, 'logs', String(runs++))
  mkdirSync(directory, { recursive: true })
  // The members of a family write there, too: their own descriptors are closed. Some are other users.
  chmodSync(directory, 0o1777)
  const log = `log_path=${join(directory, 'said')}`
  const { preload } = watch
  const command = (watch.command ?? []).map((word) => word.replace('LOG', join(directory, 'said')))
  const child = spawn(
    'unshare',
    [
      ...['--pid', '--fork', '--mount-proc', '--kill-child', '--', 'sh', '-c', '"$@"; exit $?'],
      ...['sh', 'env', ...(preload === undefined ? [] : [`LD_PRELOAD=${preload}`])],
      ...[...command, ...program],
    ],
    {
      env: {
        ...process.env,
        // Freed memory is kept from use for a while, but not for long: its size is looked at, too.
        ASAN_OPTIONS: `${log}:quarantine_size_mb=16`,
        UBSAN_OPTIONS: `${log}:print_stacktrace=1`,
        // Node is not built with ThreadSanitizer: how V8 orders its accesses is invisible, and what its
        // calls of libc touch would look like races.
        TSAN_OPTIONS: `${log}:ignore_noninstrumented_modules=1`,
      },
    },
  )
  let text = ''
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    errors += part
  })
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  child.stdin.on('error', () => {}).end(input)
  const status = await new Promise<string>((resolve) => {
    child.on('close', (code, signal) => resolve(String(signal ?? code)))
  })
  const findings = [errors, ...readdirSync(directory).map((name) => textOf(join(directory, name)))]
    // What valgrind says about system calls that it does not know is no finding.
    .map((said) => said.replace(/^--\d+-- .*\n/gm, ''))
    .join('')
  return { status, text, findings }
}

/** Everything that probe() tries, as numbers for the driver. */
function planOf(): string {
  const place = (words: readonly string[], word: string): number => words.indexOf(word)
  const scenarios = scenariosFor(['caller', 'unprivileged', 'owner', 'user:nobody'])
  const families = scenarios.map((scenario) => {
    const tree = scenario.relation === null ? aloneTree : relationRows[scenario.relation].tree
    const methods = scenario.attempts.map((attempt) => place(enums.Method, attempt))
    return [
      place(enums.Identity, scenario.identity.split(':')[0] ?? ''),
      place(enums.Consent, scenario.consent),
      place(enums.Parent, tree.tracerParent),
      place(enums.Parent, tree.targetParent),
      place(enums.Middle, tree.middle),
      Number(tree.tracerAdopts),
      methods.length,
      ...methods,
    ]
  })
  return [families.length, ...families.flat()].join(' ')
}

const plan = planOf()
const buildOf = (name: string, compiler: Build['compiler'], flags: readonly string[]): Build => ({
  root,
  out: join(out, name),
  compiler,
  flags,
})
const addressRuntime = 'libclang_rt.asan-x86_64.so'
/** Where a compiler has a library. */
function runtime(compiler: Build['compiler'], name: string): string {
  return execFileSync(compiler, [`-print-file-name=${name}`], { encoding: 'utf8' }).trim()
}
const keep = '-DPTRACE_PROBE_KEEPS_MEMORY'
const builds = {
  plain: buildOf('plain', 'g++', []),
  kept: buildOf('kept', 'g++', [keep]),
  // Clang's runtime is one for all three sanitizers, and reads its options when the process begins.
  // That of gcc reads some of them with the first report, where the engine has wiped them.
  address: buildOf('address', 'clang++', [
    ...['-fsanitize=address,undefined', '-fno-sanitize=vptr', '-shared-libasan', keep],
    `-Wl,-rpath,${join(runtime('clang++', addressRuntime), '..')}`,
  ]),
  thread: buildOf('thread', 'g++', ['-fsanitize=thread', keep]),
} as const
const engine = [
  ...sourcesOf(root, ['process', 'probe', 'examine']),
  { path: join(root, 'test/sanitizers/native/driver.cc'), name: 'driver' },
]
const addon = sourcesOf(root)
const objects = {
  plain: await compile(builds.plain, [...engine, ...sourcesOf(root, ['addon'])]),
  kept: await compile(builds.kept, engine),
  address: await compile(builds.address, [...engine, ...sourcesOf(root, ['addon'])]),
  thread: await compile(builds.thread, addon),
} as const
type BuildName = keyof typeof builds

async function partsOf(build: BuildName, plant: Plant | null, name: string): Promise<string[]> {
  return plant === null ? [...objects[build]] : planted(builds[build], objects[build], plant, name)
}

const without = (paths: readonly string[], part: string): string[] =>
  paths.filter((path) => !path.includes(part))

/** The driver of a build; with a plant, one that has an error. */
async function driverOf(build: BuildName, plant: Plant | null = null): Promise<string> {
  const name = plant === null ? 'good' : `plant-${runs++}`
  const parts = await partsOf(build, plant, name)
  return link(builds[build], without(parts, '/addon/'), `${name}/driver`)
}

/** The package with the addon of a build; answers the path of the library. */
async function libraryOf(build: BuildName, plant: Plant | null = null): Promise<string> {
  const name = plant === null ? 'good' : `plant-${runs++}`
  const parts = await partsOf(build, plant, name)
  const copy = join(name, 'package')
  await link(
    builds[build],
    without(parts, 'driver.o'),
    join(copy, 'build/Release/ptrace-probe.node'),
    ['-shared'],
  )
  for (const each of ['package.json', 'dist']) {
    cpSync(join(root, each), join(builds[build].out, copy, each), { recursive: true })
  }
  return join(builds[build].out, copy, 'dist/index.js')
}

const watches = {
  address: {},
  addressInNode: { preload: runtime('clang++', addressRuntime) },
  // Node has its memory where ThreadSanitizer wants its own, unless it begins at a known place.
  threadInNode: { preload: runtime('g++', 'libtsan.so'), command: ['setarch', '-R'] },
  valgrind: {
    // Children leave without freeing. LeakSanitizer looks for leaks.
    command: [
      ...['valgrind', '-q', '--leak-check=no', '--run-libc-freeres=no'],
      ...['--run-cxx-freeres=no', '--log-file=LOG.%p'],
    ],
  },
} as const satisfies Readonly<Record<string, Watch>>

const drive = (watch: Watch, driver: string, times: number): Promise<Told> =>
  watched(watch, [driver, String(times)], plan)

const askNode = (watch: Watch, library: string, counts: Counts): Promise<Told> =>
  watched(watch, [process.execPath, '--expose-gc', subject, library, JSON.stringify(counts)])

const few: Counts = { attaches: 30, probes: 2, workers: 2, terminations: 4 }

function samplesOf(text: string): Sample[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** Null: as it should be; otherwise why not. */
type Check = () => Promise<string | null>

const clean = ({ status, findings }: Told): string | null =>
  status === '0' && findings === '' ? null : `ended with ${status}\n${findings}`

/** A plant must be found, by these words. */
const found = ({ findings }: Told, words: string): string | null =>
  findings.includes(words) ? null : `was not found: ${findings}`

async function loops(library: string, counts: Counts): Promise<string | null> {
  const told = await askNode({}, library, counts)
  const failed = clean(told)
  if (failed !== null) return failed
  const samples = samplesOf(told.text)
  const last = samples.at(-1)
  console.log(
    `    held at the end: ${JSON.stringify(last)}, at first: ${JSON.stringify(samples[0])}`,
  )
  if (values.verbose) console.log(told.text)
  return growth(samples).join('\n') || null
}

const leaking = { attaches: 400, probes: 100, workers: 0, terminations: 0 }

const checks: Readonly<Record<string, Check>> = {
  'AddressSanitizer finds a write behind the end of a buffer': async () => {
    const driver = await driverOf('address', plants['a write behind the end of a buffer'])
    return found(await drive(watches.address, driver, 1), 'buffer-overflow')
  },
  'UndefinedBehaviorSanitizer finds a shift by too much': async () => {
    const driver = await driverOf('address', plants['a shift by too much'])
    return found(await drive(watches.address, driver, 1), 'shift exponent')
  },
  'LeakSanitizer finds memory that is lost in the engine': async () => {
    const driver = await driverOf('address', plants['memory that is lost'])
    return found(await drive(watches.address, driver, 1), 'LeakSanitizer: detected memory leaks')
  },
  'LeakSanitizer finds memory that is lost in Node': async () => {
    const library = await libraryOf('address', plants['memory that is lost'])
    const counts = { attaches: 0, probes: 2, workers: 0, terminations: 0 }
    const told = await askNode(watches.addressInNode, library, counts)
    return found(told, 'LeakSanitizer: detected memory leaks')
  },
  'ThreadSanitizer finds a count without a lock': async () => {
    const library = await libraryOf('thread', plants['a count without a lock'])
    const counts = { attaches: 0, probes: 2, workers: 0, terminations: 0 }
    return found(await askNode(watches.threadInNode, library, counts), 'ptrace_probe::Measurement')
  },
  'valgrind finds a text without its end': async () => {
    const driver = await driverOf('kept', plants['a text without its end'])
    return found(await drive(watches.valgrind, driver, 1), 'uninitialised value')
  },
  'the loops find a descriptor that stays open': async () => {
    const wrong = await loops(
      await libraryOf('plain', plants['a descriptor that stays open']),
      leaking,
    )
    return wrong?.includes('descriptors grew') ? null : `was not found: ${wrong}`
  },
  'the loops find memory that grows': async () => {
    const wrong = await loops(await libraryOf('plain', plants['memory that grows']), leaking)
    return wrong?.includes('memory grew') ? null : `was not found: ${wrong}`
  },
  'the engine without Node under AddressSanitizer, UndefinedBehaviorSanitizer and LeakSanitizer':
    async () => clean(await drive(watches.address, await driverOf('address'), 5)),
  'the engine without Node under valgrind': async () =>
    clean(await drive(watches.valgrind, await driverOf('kept'), 1)),
  'the engine answers under AddressSanitizer what it answers without': async () => {
    const [plain, address] = await Promise.all(
      (['plain', 'address'] as const).map(async (name) => drive({}, await driverOf(name), 1)),
    )
    return plain?.text === address?.text && plain?.text !== '' ? null : 'it answers otherwise'
  },
  'the addon in Node under AddressSanitizer, UndefinedBehaviorSanitizer and LeakSanitizer':
    async () => clean(await askNode(watches.addressInNode, await libraryOf('address'), few)),
  'the threads of the addon under ThreadSanitizer': async () =>
    clean(await askNode(watches.threadInNode, await libraryOf('thread'), few)),
  [`memory, descriptors and threads after ${asked.attaches} canAttach, ${asked.probes} probe, ${asked.workers} Workers at a time and ${asked.terminations} terminations`]:
    async () => loops(join(root, 'dist/index.js'), asked),
}

const counted = { pass: 0, fail: 0 }
const chosen = Object.entries(checks).filter(([name]) => name.includes(values.only))
for (const [name, check] of chosen) {
  const begin = performance.now()
  const wrong = await check()
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  counted[wrong === null ? 'pass' : 'fail']++
  console.log(`${wrong === null ? 'ok' : 'not ok'} - ${name} (${seconds} s)`)
  if (wrong !== null) console.log(wrong.replace(/^/gm, '    '))
}
const { pass, fail } = counted
console.log(`# { total: ${pass + fail}, pass: ${pass}, fail: ${fail}, skip: 0 }`)
process.exitCode = fail > 0 ? 1 : 0
