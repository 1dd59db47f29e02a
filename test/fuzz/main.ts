// npm run test:fuzz: what the engine, the addon and the library make of inputs that are made up.
//
//   npm run test:fuzz -- [--seconds N] [--only NAME] [--seed S] [--path P] [--keep]

import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Build, compile, link, planted, sourcesOf } from '../helpers/native.js'
import { targets } from './targets.js'

const [root = '', ...args] = process.argv.slice(2)
const { values } = parseArgs({
  args,
  options: {
    seconds: { type: 'string', default: '40' },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: String(1 + (Date.now() % 1e9)) },
    path: { type: 'string', default: '' },
    keep: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)
const out = join(root, 'build/fuzz')
const corpora = join(root, 'test/fuzz/corpus')
type TargetName = keyof typeof targets

/** What a run printed, and whether it ended as it should. */
interface Told {
  readonly ok: boolean
  readonly text: string
}

function run(
  command: readonly string[],
  limit: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const [file = '', ...rest] = command
  return new Promise((resolve) => {
    execFile(
      file,
      rest,
      {
        timeout: 1000 * limit,
        killSignal: 'SIGKILL',
        maxBuffer: 2 ** 26,
        env: { ...process.env, ...env },
      },
      (error, stdout, stderr) => {
        const end = error?.killed ? `It did not end within ${limit} s.\n` : ''
        resolve({ ok: error === null, text: `${stdout}${stderr}${end}` })
      },
    )
  })
}

const runtime = (name: string): string =>
  execFileSync('clang++', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim()

const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize=vptr']
const builds = {
  program: {
    ...{ root, out: join(out, 'program'), compiler: 'clang++' },
    flags: [...sanitizers, '-fsanitize=fuzzer'],
  },
  addon: {
    ...{ root, out: join(out, 'addon'), compiler: 'clang++' },
    flags: [...sanitizers, '-fsanitize=fuzzer-no-link', '-shared-libasan'],
  },
} as const satisfies Readonly<Record<string, Build>>

/** A fuzzer, and the same with an error in it. */
interface Fuzzer {
  readonly name: TargetName
  readonly good: string
  readonly wrong: string
}

async function build(name: TargetName): Promise<Fuzzer> {
  const { sources, inNode, plant } = targets[name]
  const each = inNode ? builds.addon : builds.program
  const own = { ...each, out: join(each.out, name) }
  const driver = { path: join(root, `test/fuzz/native/${name}.cc`), name }
  // The addon's own list of functions would be one too many.
  const all = sourcesOf(root, sources).filter((source) => source.name !== 'addon/addon.cc')
  const objects = await compile(own, [...all, driver])
  const wrong = await planted(own, objects, plant, 'plant')
  // AddressSanitizer's own library has functions of these names that count nothing.
  const flags = inNode ? ['-shared', '-Wl,-Bsymbolic'] : []
  const library = inNode ? [runtime('libclang_rt.fuzzer_no_main-x86_64.a')] : []
  return {
    name,
    good: await link(own, [...objects, ...library], 'good', flags),
    wrong: await link(own, [...wrong, ...library], 'wrong', flags),
  }
}

/** Node frees nothing at its end, so leaks are not looked for. */
const nodeEnvironment = {
  LD_PRELOAD: runtime('libclang_rt.asan-x86_64.so'),
  ASAN_OPTIONS: 'detect_leaks=0',
}

const environment = ({ name }: Fuzzer) => (targets[name].inNode ? nodeEnvironment : {})

const leakOptions = (name: TargetName): readonly string[] =>
  targets[name].inNode ? ['-detect_leaks=0'] : []

function commandOf({ name }: Fuzzer, file: string, options: readonly string[]): readonly string[] {
  const script = join(out, 'test/arguments.mjs')
  return [...(targets[name].inNode ? [process.execPath, script] : []), file, ...options]
}

/** Runs a fuzzer for a time on a copy of its corpus; answers where that copy is, too. */
async function fuzz(
  fuzzer: Fuzzer,
  file: string,
  limit: number,
): Promise<Told & { readonly corpus: string }> {
  const { name } = fuzzer
  const directory = join(out, 'runs', `${name}-${file.endsWith('good') ? 'good' : 'wrong'}`)
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  const corpus = join(directory, 'corpus')
  cpSync(join(corpora, name), corpus, { recursive: true })
  const options = [
    ...[`-max_total_time=${limit}`, `-seed=${values.seed}`, '-max_len=4096', '-timeout=20'],
    ...['-print_final_stats=1', `-artifact_prefix=${directory}/`, ...leakOptions(name)],
  ]
  const command = commandOf(fuzzer, file, [...options, corpus])
  const told = await run(command, limit + 60, environment(fuzzer))
  return { ...told, corpus }
}

/** What libFuzzer names by its hash; other names say what was found once. */
const isHash = (name: string): boolean => /^[0-9a-f]{40}$/.test(name)

/** Puts into the corpus of the repository what reaches new code, and no more than that takes. */
async function keep(fuzzer: Fuzzer, found: string): Promise<void> {
  const corpus = join(corpora, fuzzer.name)
  const kept = join(out, 'runs', `${fuzzer.name}-kept`)
  rmSync(kept, { recursive: true, force: true })
  cpSync(corpus, kept, { recursive: true, filter: (path) => !isHash(basename(path)) })
  const options = ['-merge=1', '-use_counters=0', ...leakOptions(fuzzer.name), kept, found]
  const { ok, text } = await run(commandOf(fuzzer, fuzzer.good, options), 600, environment(fuzzer))
  if (!ok) throw new Error(text.slice(-2000))
  rmSync(corpus, { recursive: true, force: true })
  cpSync(kept, corpus, { recursive: true })
}

/** One thing to find out. Null: as it should be. */
interface Check {
  readonly name: string
  readonly run: () => Promise<{ readonly wrong: string | null; readonly said: string }>
}

const again = (name: string, path = ''): string =>
  `npm run test:fuzz -- --only '${name}' --seed ${values.seed}${path === '' ? '' : ` --path ${path}`}`

function checksOf(fuzzer: Fuzzer): Check[] {
  const { name } = fuzzer
  return [
    {
      name: `${name}: a planted error is found`,
      run: async () => {
        const { ok, text } = await fuzz(fuzzer, fuzzer.wrong, seconds)
        const isFound = !ok && /ERROR: (libFuzzer|AddressSanitizer)/.test(text)
        return { wrong: isFound ? null : text.slice(-2000), said: '' }
      },
    },
    {
      name: `${name}: no input makes it fail`,
      run: async () => {
        const { ok, text, corpus } = await fuzz(fuzzer, fuzzer.good, seconds)
        const [, inputs = '0'] = /number_of_executed_units: (\d+)/.exec(text) ?? []
        if (ok && values.keep) await keep(fuzzer, corpus)
        const isDone = ok && Number(inputs) > 0
        return {
          wrong: isDone ? null : `${text.slice(-6000)}\n${again(name)}`,
          said: `${inputs} inputs`,
        }
      },
    },
  ]
}

const runner = join(out, 'test/runner.mjs')
const library = join(root, 'dist/index.js')

function propertyCheck(name: string, share: number): Check {
  return {
    name,
    run: async () => {
      const command = [process.execPath, runner, library, name, String(share), values.seed]
      const { ok, text } = await run([...command, values.path], share + 180)
      const [, path = ''] = /path: "([^"]+)"/.exec(text) ?? []
      return { wrong: ok ? null : `${text.slice(-6000)}\n${again(name, path)}`, said: text.trim() }
    },
  }
}

const counted = { pass: 0, fail: 0 }

async function lane(waiting: Check[]): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const begin = performance.now()
    const { wrong, said } = await next.run()
    const took = ((performance.now() - begin) / 1000).toFixed(1)
    counted[wrong === null ? 'pass' : 'fail']++
    const more = wrong === null && said !== '' ? `, ${said}` : ''
    console.log(`${wrong === null ? 'ok' : 'not ok'} - ${next.name} (${took} s${more})`)
    if (wrong !== null) console.log(wrong.replace(/^/gm, '    '))
  }
}

console.log(`seed ${values.seed}`)
const isAsked = (name: string): boolean => name.includes(values.only)
const names: string[] = JSON.parse(
  execFileSync(process.execPath, [runner, library], { encoding: 'utf8' }),
)
const native = (['processes', 'memory', 'arguments'] as const).filter(
  (name) => isAsked(name) || !names.some(isAsked),
)
for (const name of native) mkdirSync(join(corpora, name), { recursive: true })
const checks: Check[] = []
for (const name of native) checks.push(...checksOf(await build(name)))
// Together they take as long as the fuzzers of the other processor.
const asked = names.filter(isAsked)
const share = values.only === '' ? Math.max(1, (3 * seconds) / Math.max(1, asked.length)) : seconds
checks.push(...asked.map((name) => propertyCheck(name, share)))
const waiting = checks
await Promise.all(Array.from({ length: availableParallelism() }, () => lane(waiting)))

const { pass, fail } = counted
console.log(`# { total: ${pass + fail}, pass: ${pass}, fail: ${fail}, skip: 0 }`)
process.exitCode = fail > 0 ? 1 : 0
