import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { commands } from '../../lib/cli/commands.js'
import type { Outside } from '../../lib/cli/context.js'
import { helpText } from '../../lib/cli/help.js'
import type { Observation, Report } from '../../lib/model/index.js'
import { checkProbeOptions } from '../../lib/probe/options.js'
import { cli, shell } from '../helpers/cli.js'
import { report, unknownScope } from '../helpers/report.js'
import { runCommand as run } from '../helpers/verdicts.js'

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string }

const failing = (message: string, code?: string) => async (): Promise<Report> => {
  throw Object.assign(new Error(message), code === undefined ? {} : { code })
}

t.test(
  'without options the report is printed as text and measured with the defaults',
  async (t) => {
    const { code, stdout, stderr, asked } = await run([])
    t.equal(code, 0)
    t.match(stdout, /^Yama restricts ptrace/)
    t.equal(stderr, '')
    t.same(asked, [['probe', {}]])
  },
)

t.test('--json and --format json print the same JSON', async (t) => {
  const { stdout } = await run(['--json'])
  t.equal(stdout, `${JSON.stringify(report(), null, 2)}\n`)
  t.equal((await run(['--format', 'json'])).stdout, stdout)
  t.equal((await run(['--format=json'])).stdout, stdout)
})

t.test('the last of several formats counts', async (t) => {
  t.match((await run(['--json', '--format', 'text'])).stdout, /^Yama/)
})

t.test('users and the timeout reach the measurement', async (t) => {
  const argv = ['--as-user', 'alice', '--as-user=bob', '--as-user', 'alice', '--timeout', '250']
  const { asked } = await run(argv)
  const identities = ['caller', 'unprivileged', 'owner', 'user:alice', 'user:bob']
  t.same(asked, [['probe', { timeoutMs: 250, identities }]])
})

t.test('--help and --version measure nothing', async (t) => {
  const mistaken = ['check', 'x', '--help']
  for (const argv of [['--help'], ['-h'], ['--version'], ['-V'], ['--json', '-h'], mistaken]) {
    const { code, stderr, asked } = await run(argv)
    t.equal(code, 0)
    t.equal(stderr, '')
    t.same(asked, [])
  }
  t.equal((await run(['--version'])).stdout, '1.2.3\n')
})

for (const [name, { options }] of Object.entries(commands)) {
  const argv = name === 'report' ? ['--help'] : [name, '--help']
  t.test(`${argv.join(' ')} names every option of the command and fits 80 columns`, async (t) => {
    const { code, stdout, asked } = await run(argv)
    t.equal(code, 0)
    t.same(asked, [])
    t.same(
      [...stdout.matchAll(/^ {2}(?:-\w,| {3}) --([a-z-]+)/gm)].map(([, option]) => option),
      Object.keys(options),
    )
    t.same(
      stdout.split('\n').filter((line) => line.length > 80 || / $/.test(line)),
      [],
    )
  })
}

t.test('the help lists every command, and none that there is not', async (t) => {
  const [listed = ''] = helpText().split('\nOptions:\n')
  const names = [...listed.matchAll(/^ {2}([a-z]+) {2}/gm)].map(([, name]) => name)
  t.same(names, Object.keys(commands))
})

t.test('the help ends with the files of the package, which are there', async (t) => {
  const { stdout } = cli(['--help'])
  const listed = [...stdout.matchAll(/^ {2}\S.* {2}(?:man )?(\/\S+)$/gm)].map(
    ([, path = '']) => path,
  )
  t.equal(listed.length, 4)
  for (const path of listed) t.ok(existsSync(path), path)
  t.notMatch(cli(['check', '--help']).stdout, 'Files')
})

t.test('the command may stand after options, and after --', async (t) => {
  for (const argv of [
    ['--json', 'check', '12'],
    ['--tracer', 'self', '--json', 'check', '12'],
    ['--json', '--', 'check', '12'],
    ['check', '--json', '--', '12'],
  ]) {
    t.same((await run(argv)).asked, [['canAttach', 12, { tracer: 'self' }]], argv.join(' '))
  }
})

const mistakes: readonly (readonly [argv: readonly string[], expected: RegExp])[] = [
  [['--jsno'], /unknown option '--jsno'\. Did you mean '--json'\?$/],
  [['--nothing'], /unknown option '--nothing', expected one of --json, --format, /],
  [['-x'], /unknown option '-x', expected one of /],
  [['-1'], /check expects a PID, a whole number from 1 to \d+, got '-1'/],
  [['--no-json'], /unknown option '--no-json'/],
  [
    ['verify', '1'],
    /unknown command 'verify', expected one of report, check, survey, settings, assert, tools, /,
  ],
  [['chekc', '1'], /unknown command 'chekc'\. Did you mean 'check'\?$/],
  [['chek', '1'], /unknown command 'chek'\. Did you mean 'check'\?$/],
  [['help', 'chek'], /unknown command 'chek'\. Did you mean 'check'\?$/],
  [
    ['check', '1', '--formt', 'json'],
    /unknown option '--formt' for check\. Did you mean '--format'/,
  ],
  [['report', '1'], /unexpected argument '1', report takes only options/],
  [['--output='], /option --output expects the name of a file, got ''/],
  [['toString'], /unknown command 'toString'/],
  [['--tracer', 'child', 'chekc', '1'], /unknown command 'chekc'/],
  [['1234'], /unknown command '1234'\. Did you mean 'check 1234'\?$/],
  [['--root', '/mnt'], /option --root is for settings, not for report/],
  [['--', '--json'], /unknown command '--json'/],
  [['-'], /unknown command '-'/],
  [[''], /unknown command ''/],
  [['--tracer', 'self'], /option --tracer is for check and survey, not for report/],
  [['check'], /check needs a PID, or --name NAME/],
  [['check', '0'], /check expects a PID, a whole number from 1 to 2147483647, got '0'/],
  [['check', '12', 'x\u001b'], /check expects a PID, .* got 'x\?'/],
  [['check', '2147483648'], /check expects a PID/],
  [['check', '1e3'], /check expects a PID/],
  [['check', '-512'], /check expects a PID, a whole number from 1 to \d+, got '-512'/],
  [['check', '1', '--name='], /option --name expects the name of a process, got ''/],
  [
    ['check', '1', '--tracer', 'me'],
    /option --tracer expects one of self, child, stranger, user:NAME, pid:N, program:PATH, got 'me'/,
  ],
  [
    ['check', '1', '--method', 'traceme'],
    /option --method expects one of attach, .* \(traceme is what the target does itself\), got 'traceme'/,
  ],
  [
    ['check', '1', '--tracer', 'self', '--as-user', 'a'],
    /--tracer and --as-user exclude each other/,
  ],
  [['check', '1', '--tool', 'gdb', '--tracer', 'self'], /--tool and --tracer exclude each other/],
  [
    ['check', '1', '--as-user', 'a', '--as-user', 'b'],
    /check takes one --as-user, got 'a' and 'b'/,
  ],
  [['survey', '1'], /unexpected argument '1', survey takes only options/],
  [['survey', '--name', 'sh'], /option --name is for check, not for survey/],
  [['require'], /require needs to know what: RELATION/],
  [['require', 'child', 'sibling'], /unexpected argument 'sibling', require takes one/],
  [['require', 'child', '--json'], /option --json is for report, check, .*, not for require/],
  [['--json=yes'], /option --json takes no value, got 'yes'/],
  [['--format'], /option --format needs a value \(NAME\), got nothing/],
  [['--format', '--json'], /option --format needs a value \(NAME\), got '--json'/],
  [['--format', 'jso'], /unknown value 'jso' of --format\. Did you mean 'json'\?$/],
  [['--format', 'xml'], /option --format expects one of (\w+, )*text, json.*, got 'xml'/],
  [['--format', 'toString'], /option --format expects one of .*, got 'toString'/],
  [['--as-user='], /option --as-user expects the name of a user, got ''/],
  [
    ['--timeout', 'soon'],
    /option --timeout expects a whole number of milliseconds from 1 to 600000, got 'soon'/,
  ],
  [['--timeout', '0'], /option --timeout expects a whole number .* got '0'/],
  [['--timeout', '1.5'], /expects a whole number .* got '1\.5'/],
  [['--timeout=-5'], /expects a whole number .* got '-5'/],
  [['--timeout', '600001'], /expects a whole number .* got '600001'/],
  [['--timeout', '9'.repeat(400)], /expects a whole number /],
  [['\u001b[31mred'], /unknown command '\?\[31mred'/],
]
for (const [argv, expected] of mistakes) {
  t.test(`a usage mistake is named in one sentence: ${JSON.stringify(argv)}`, async (t) => {
    const { code, stdout, stderr, asked } = await run(argv)
    const [line = '', ...rest] = stderr.split('\n')
    const [sentence = '', place] = line.split(' (see ')
    t.equal(code, 2)
    t.equal(stdout, '')
    t.match(sentence, /^ptrace-probe: /)
    t.match(sentence, expected)
    t.same(rest, [''])
    const [command] = argv.filter((word) => Object.hasOwn(commands, word) && word !== 'report')
    const help = `'ptrace-probe help${command === undefined ? '' : ` ${command}`}')`
    t.equal(place, sentence.endsWith('?') ? undefined : help)
    t.same(asked, [])
  })
}

t.test('help COMMAND prints what COMMAND --help prints', async (t) => {
  for (const name of Object.keys(commands)) {
    const { code, stdout, asked } = await run(['help', name])
    t.match({ code, asked }, { code: 0, asked: [] })
    t.equal(stdout, (await run([name, '--help'])).stdout)
  }
  t.equal((await run(['help'])).stdout, (await run(['--help'])).stdout)
})

t.test('report is the command that runs without a name', async (t) => {
  t.same(await run(['report', '--json']), await run(['--json']))
})

t.test('--output writes into a file what is otherwise printed, without colour', async (t) => {
  const files: string[][] = []
  const writeFile = async (...file: string[]) => void files.push(file)
  const terminal = { isTTY: true, columns: 50, env: {} }
  const { code, stdout } = await run(['--output', 'f'], { ...terminal, writeFile })
  t.match({ code, stdout }, { code: 0, stdout: '' })
  t.strictSame(files, [['f', (await run([])).stdout]])
})

t.test('a file that cannot be written is one sentence and exit code 3', async (t) => {
  const writeFile = async () => {
    throw new Error('ENOENT: no such file or directory')
  }
  const { code, stdout, stderr } = await run(['--output', 'a/b'], { writeFile })
  t.match({ code, stdout }, { code: 3, stdout: '' })
  t.equal(stderr, "ptrace-probe: cannot write 'a/b': ENOENT: no such file or directory\n")
})

t.test('the file of --output is replaced at once, and a failure leaves nothing', async (t) => {
  const directory = t.testdir({ old: 'before', link: t.fixture('symlink', 'old'), full: {} })
  const file = join(directory, 'old')
  chmodSync(file, 0o640)
  const { ino } = statSync(file)
  t.match(cli(['help', '--output', file]), { code: 0, stdout: /^Usage/ })
  t.match(cli(['settings', '--json', '--output', join(directory, 'link')]), { stdout: '' })
  t.match(JSON.parse(readFileSync(file, 'utf8')), { schemaVersion: 1 })
  t.not(statSync(file).ino, ino, 'it is another file')
  t.equal(statSync(file).mode & 0o777, 0o640, 'with the mode of the old one')
  t.match(cli(['settings', '--output', join(directory, 'none/f')]), { code: 3, stderr: /ENOENT/ })
  t.match(cli(['settings', '--output', '/dev/full']), { code: 3, stderr: /ENOSPC/ })
  t.strictSame(readdirSync(directory).sort(), ['full', 'link', 'old'])
})

t.test('the longest timeout of the command is the longest of the library', async (t) => {
  const { asked } = await run(['--timeout', '600000'])
  t.same(asked, [['probe', { timeoutMs: 600_000 }]])
  t.doesNotThrow(() => checkProbeOptions({ timeoutMs: 600_000 }))
  t.throws(() => checkProbeOptions({ timeoutMs: 600_001 }), RangeError)
})

t.test('an argument that the library refuses is a usage mistake, too', async (t) => {
  for (const code of ['ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_VALUE', 'ERR_OUT_OF_RANGE']) {
    const result = await run(['--as-user', 'nosuch'], { probe: failing("no user 'nosuch'", code) })
    t.equal(result.code, 2)
    t.equal(result.stderr, "ptrace-probe: no user 'nosuch' (see 'ptrace-probe help')\n")
  }
})

t.test('what cannot be measured is one sentence and exit code 3', async (t) => {
  for (const code of ['ERR_PTRACE_PROBE_PLATFORM', 'ERR_PTRACE_PROBE_ENGINE', undefined]) {
    const result = await run([], { probe: failing('cannot\nat file.js:1', code) })
    t.equal(result.code, 3)
    t.equal(result.stdout, '')
    t.equal(result.stderr, 'ptrace-probe: cannot\n')
  }
  const thrown = async () => {
    throw 'a string' as unknown
  }
  t.equal((await run([], { probe: thrown as Outside['probe'] })).stderr, 'ptrace-probe: a string\n')
})

t.test('a report of nothing is printed, with exit code 3', async (t) => {
  const base = report()
  const nothing: Report = {
    ...base,
    scope: { ...base.scope, enforced: unknownScope },
    observations: base.observations.map(
      (each): Observation => ({ ...each, status: 'inconclusive', step: 'not-run' }),
    ),
  }
  const { code, stdout } = await run([], { probe: async () => nothing })
  t.equal(code, 3)
  t.match(stdout, 'could not be determined')
})

t.test('an answer that leaves two scopes is an answer', async (t) => {
  const probe = async () => report({ yama: 2, userNamespaces: false })
  t.equal((await run([], { probe })).code, 0)
})

t.test('a reader that went away changes nothing, another write error is reported', async (t) => {
  const write = (code: string) => async () => {
    throw Object.assign(new Error(`${code}: write`), { code })
  }
  const gone = await run([], { write: write('EPIPE') })
  t.equal(gone.code, 0)
  t.equal(gone.stderr, '')
  const full = await run([], { write: write('ENOSPC') })
  t.equal(full.code, 3)
  t.equal(full.stderr, 'ptrace-probe: cannot write the output: ENOSPC: write\n')
})

const colours: readonly (readonly [boolean, boolean, Outside['env'], ...string[]])[] = [
  [true, true, {}],
  [false, false, {}],
  [false, true, { TERM: 'dumb' }],
  [false, true, { NO_COLOR: '1' }],
  [true, true, { NO_COLOR: '' }],
  [false, true, {}, '--no-color'],
  [true, false, { FORCE_COLOR: '1' }],
  [true, false, { FORCE_COLOR: '', NO_COLOR: '1' }],
  [false, true, { FORCE_COLOR: '0' }],
  [false, false, { FORCE_COLOR: '1' }, '--no-color'],
]
for (const [expected, isTTY, env, ...argv] of colours) {
  const place = isTTY ? 'a terminal' : 'a pipe'
  t.test(`colour on ${place} with ${JSON.stringify(env)} ${argv}: ${expected}`, async (t) => {
    t.equal((await run(argv, { isTTY, env })).stdout.includes('\u001b['), expected)
  })
}

const locales: readonly (readonly [boolean, Outside['env']])[] = [
  [false, {}],
  [true, { LANG: 'en_US.UTF-8' }],
  [true, { LANG: 'C.utf8' }],
  [false, { LANG: 'en_US.ISO-8859-1' }],
  [false, { LC_ALL: 'C', LANG: 'en_US.UTF-8' }],
  [true, { LC_ALL: '', LC_CTYPE: 'de_DE.UTF-8@euro', LANG: 'C' }],
]
for (const [expected, env] of locales) {
  t.test(`characters outside ASCII with ${JSON.stringify(env)}: ${expected}`, async (t) => {
    t.equal(/\P{ASCII}/u.test((await run([], { env })).stdout), expected)
  })
}

t.test('a narrow terminal gets narrow lines, a wide one 80 columns', async (t) => {
  const longest = async (columns: number) => {
    const { stdout } = await run([], { isTTY: true, columns, env: { NO_COLOR: '1' } })
    return Math.max(...stdout.split('\n').map((line) => line.length))
  }
  t.ok((await longest(50)) <= 50)
  t.ok((await longest(300)) <= 80)
})

t.test('the built command measures and prints the report', async (t) => {
  const { code, stdout, stderr } = cli([])
  t.equal(stderr, '')
  t.equal(code, 0)
  t.match(stdout, /\n {2}enforced {3}/)
  t.ok(stdout.split('\n').every((line) => line.length <= 80))
})

t.test('the built command answers a mistake with exit code 2', async (t) => {
  const { code, stdout, stderr } = cli(['--wrong'])
  t.equal(code, 2)
  t.equal(stdout, '')
  t.match(stderr, /^ptrace-probe: unknown option '--wrong'/)
})

t.test('the built command prints its version', async (t) => {
  t.match(cli(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' })
})

// Says so when the addon is loaded.
const watch = `const load = process.dlopen
process.dlopen = (...args) => {
  process._rawDebug('the addon is loaded')
  return load(...args)
}`

t.test('help and version are printed without the addon', async (t) => {
  const watcher = `${t.testdir({ 'watch.cjs': watch })}/watch.cjs`
  const said = (args: readonly string[]) => cli(args, ['--require', watcher]).stderr
  t.equal(said(['--version']), '')
  for (const command of ['check', 'survey', 'require']) t.equal(said([command, '--help']), '')
  t.equal(said(['--help']), '')
  t.equal(said([]), 'the addon is loaded\n')
})

t.test('a reader that stops early sees no error', async (t) => {
  for (const args of [[], ['--json'], ['--help']]) {
    const { code, stderr, stdout } = shell('"$@" | head -n 1', args)
    t.equal(stderr, '')
    t.equal(code, 0)
    t.equal(stdout.split('\n').length, 2)
  }
  t.equal(shell('"$@" | true', ['--json']).stderr, '')
})

t.test('a sentence that is longer than a pipe holds arrives whole', async (t) => {
  const word = 'x'.repeat(100_000)
  const { stdout } = shell('"$@" 2>&1 | cat', ['check', word])
  t.equal(stdout, cli(['check', 'word']).stderr.replace('word', word))
})

t.test('a closed or full standard output is no crash', async (t) => {
  const full = shell('"$@" >/dev/full', ['--help'])
  t.equal(full.code, 3)
  t.match(full.stderr, /^ptrace-probe: cannot write the output: ENOSPC[^\n]*\n$/)
  t.notMatch(shell('"$@" >&-', ['--help']).stderr, /\n {4}at /)
})

t.test('the help is as wide as the terminal', async (t) => {
  for (const columns of [40, 60, 80]) {
    for (const name of Object.keys(commands)) {
      const { stdout } = await run(['help', name], { isTTY: true, columns })
      const wide = stdout.split('\n').filter((line) => line.length > columns)
      // A path and a synopsis are for copying.
      t.same(
        wide.filter((line) => !/\/usr\/lib|\[/.test(line)),
        [],
        `${name} at ${columns}`,
      )
    }
  }
  const narrow = await run(['help', 'check'], { isTTY: true, columns: 40 })
  t.match(narrow.stdout, '  --no-color\n      do not colour the output\n')
})
