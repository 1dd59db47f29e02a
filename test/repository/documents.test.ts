import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { remediesFor } from '../../lib/attach/remedies.js'
import { judge } from '../../lib/attach/verdict.js'
import type { CommandName } from '../../lib/cli/command-line.js'
import { commands } from '../../lib/cli/commands.js'
import { exitCodes } from '../../lib/cli/exits.js'
import { helpText } from '../../lib/cli/help.js'
import { render as renderChecked } from '../../lib/format/check.js'
import { render } from '../../lib/format/report.js'
import { render as renderSettings } from '../../lib/format/settings.js'
import { consents } from '../../lib/model/consents.js'
import type { Report } from '../../lib/model/index.js'
import { methods } from '../../lib/model/methods.js'
import { relations } from '../../lib/model/relations.js'
import { scopeNames } from '../../lib/model/scopes.js'
import { checkPolicy } from '../../lib/policy/check.js'
import { isMistake } from '../../lib/policy/mistake.js'
import { settings } from '../../lib/settings/settings.js'
import { parseRequirement } from '../../lib/skip/requirement.js'
import { guidePages } from '../../scripts/guide.mjs'
import { distributions } from '../fixtures/distributions.js'
import { install } from '../helpers/distribution.js'
import { fleetEnvelope, fleetOf } from '../helpers/envelopes.js'
import { circumstances, examination } from '../helpers/examinations.js'
import { needs } from '../helpers/needs.js'
import { root, run } from '../helpers/node.js'
import { pages, reproductions } from '../helpers/pages.js'
import { report } from '../helpers/report.js'
import { overridden, running, system } from '../helpers/systems.js'
import { runCommand } from '../helpers/verdicts.js'
import { untested } from '../kernels/judges/rooms.js'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const guides = readdirSync(join(root, 'docs/guide')).map((name) => `docs/guide/${name}`)
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...pages.map((name) => `docs/${name}`),
  ...guides,
  'test/fixtures/README.md',
]
const texts = new Map(documents.map((name) => [name, read(name)]))
const readme = read('README.md')
const guide = (name: string): string => read(`docs/guide/${name}.md`)
/** The README and what it leads to for details. */
const manual = [readme, ...guides.map(read)].join('\n')
const manifest = JSON.parse(read('package.json')) as {
  readonly bin: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
}

/** The first group of every match, each once. */
function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, group = '']) => group))].sort()
}

/** What stands between this heading and the next of its level or above. */
function section(text: string, heading: string): string {
  const [level = ''] = heading.split(' ')
  const [, after] = text.split(`\n${heading}\n`)
  if (after === undefined) throw new Error(`there is no section "${heading}"`)
  return after.split(new RegExp(`^#{1,${level.length}} `, 'm'))[0] ?? ''
}

/** The contents of the fenced blocks. */
function blocks(text: string, language: string): string[] {
  return found(text, new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))
}

/** The content of the one fenced block that contains a text. */
function block(text: string, language: string, containing = ''): string {
  const [content, ...others] = blocks(text, language).filter((each) => each.includes(containing))
  if (content === undefined || others.length > 0) {
    throw new Error(`not one block of ${language} contains "${containing}"`)
  }
  return content
}

/** Asserts that a sample is what was printed; three dots on a line stand for what is left out. */
function isSample(t: Test, sample: string, printed: string): void {
  const parts = sample.replace(/^\$ .*\n/, '').split(/^\.\.\.\n/m)
  t.ok(printed.startsWith(parts[0] ?? ''), 'it begins alike')
  t.ok(printed.endsWith(parts.at(-1) ?? ''), 'it ends alike')
  let rest = printed
  for (const part of parts) {
    const at = `\n${rest}`.indexOf(`\n${part}`)
    t.not(at, -1, part)
    rest = rest.slice(at + part.length)
  }
}

/** The rows of the first table, as cells. */
function rows(text: string): string[][] {
  const [table = ''] = /^\|.*?(?=\n[^|]|\n\n)/ms.exec(text) ?? []
  return table.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

/** Names of headings as GitHub makes them. */
function anchors(text: string): string[] {
  return found(text.replace(/^```.*?^```$/gms, ''), /^#+ (.*)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

for (const [name, text] of texts) {
  t.test(`every link of ${name} leads to a file, and to a heading of it`, async (t) => {
    for (const link of found(text, /\](?:\(|: )([^)\s]+)/g)) {
      if (/^\w+:/.test(link)) {
        t.match(new URL(link), { protocol: 'https:', hostname: /\w\.\w/ }, link)
        continue
      }
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? name : join(dirname(name), path)
      t.ok(existsSync(join(root, target)), link)
      if (anchor !== undefined) t.ok(anchors(read(target)).includes(anchor), link)
    }
    t.pass('all were followed')
  })

  t.test(`every npm script that ${name} names exists`, async (t) => {
    const scripts = found(text, /\bnpm run ([\w:-]+)/g)
    if (/\bnpm test\b/.test(text)) scripts.push('test')
    t.strictSame(
      scripts.filter((script) => manifest.scripts[script] === undefined),
      [],
    )
  })

  t.test(`every file that ${name} names exists`, async (t) => {
    const paths = found(text, /(?<![\w/])((?:lib|native|test|scripts|bench)\/[\w./-]*\w)/g)
    t.strictSame(
      paths.filter((path) => !existsSync(join(root, path))),
      [],
    )
  })
}

for (const name of pages) {
  t.test(`docs/${name} has scripts that are run, and no other`, async (t) => {
    const scripts = blocks(read(`docs/${name}`), 'sh')
    t.ok(scripts.length > 0)
    t.strictSame(
      reproductions(name)
        .map(({ script }) => script)
        .sort(),
      scripts,
    )
  })

  t.test(`docs/${name} is among the questions of the README`, async (t) => {
    t.match(readme, `](docs/${name})`)
  })
}

for (const name of guides) {
  t.test(`the README leads to ${name}`, async (t) => {
    t.match(readme, new RegExp(`\\]\\(${name}[)#]`))
  })
}

const names = Object.keys(commands) as CommandName[]

t.test('the guide says of each command which options it takes', async (t) => {
  const listed = rows(section(guide('command-line'), '## Options')).slice(2)
  for (const name of names) {
    t.strictSame(
      listed
        .filter(([, takers = '']) => takers.split(', ').includes(name))
        .map(([option = '']) => /--([a-z-]+)/.exec(option)?.[1])
        .sort(),
      Object.keys(commands[name].options).sort(),
      name,
    )
  }
  const option = /(--[a-z][a-z-]*)/g
  t.strictSame(
    found(listed.map(([first]) => first).join(), option),
    found(names.map((name) => helpText(name)).join(), option),
  )
})

t.test('the README says of each command how it can exit', async (t) => {
  const [head = [], , ...listed] = rows(section(readme, '## Commands'))
  const codes = head.slice(2).map(Number)
  // A mistake on the command line is the same for all, and said below the table.
  t.strictSame(
    codes,
    Object.values(exitCodes).filter((code) => code !== exitCodes.usage),
  )
  t.match(section(readme, '## Commands'), `exit codes; ${exitCodes.usage} is a mistake`)
  t.strictSame(
    listed.map(([command = '']) => /`(?:ptrace-probe)?([a-z]*).*`/.exec(command)?.[1] || 'report'),
    names,
  )
  for (const [i, name] of names.entries()) {
    const said = codes.filter((_, column) => listed[i]?.[column + 2] !== '')
    t.strictSame(
      [...said, exitCodes.usage].sort((a, b) => a - b),
      commands[name].exits.map(([code]) => code),
      name,
    )
  }
})

t.test('the documents have every command, and each in a sample of its own', async (t) => {
  for (const name of names) {
    if (name === 'report') continue
    t.match(manual, `\`\`\`text\n$ ptrace-probe ${name}`)
  }
})

for (const { name, text, wanted } of guidePages()) {
  t.test(`the tables of docs/guide/${name}.md are those of lib/`, async (t) => {
    t.match(text, /<!-- table of /)
    t.equal(text, wanted, 'npm run docs:tables writes them')
  })
}

t.test('the assertion in the documents is what the command prints at scope 1', async (t) => {
  const { stdout } = await runCommand(['assert', '--policy', 'cnspec'], {
    probe: async () => report({ yama: 1 }),
    env: { LANG: 'C.UTF-8' },
  })
  for (const text of [guide('assert'), readme]) {
    isSample(t, block(text, 'text', '$ ptrace-probe assert'), stdout)
  }
})

t.test('the policy in the guide can be read', async (t) => {
  t.notOk(isMistake(checkPolicy(JSON.parse(block(guide('assert'), 'json')), 'program')))
})

t.test('the error codes in the guide are those of the library', async (t) => {
  const codes = /\b(ERR_[A-Z_]+)\b/g
  t.strictSame(found(guide('library'), codes), found(read('lib/model/errors.ts'), codes))
})

t.test('the guide explains every word of the report', async (t) => {
  const words = [...relations, ...consents, ...methods, ...scopeNames]
  const explained = section(guide('report'), '## How to read it')
  t.strictSame(
    words.filter((word) => !explained.includes(`\`${word}\``)),
    [],
  )
})

t.test('the ids in the documents are ids of the report, or begin them', async (t) => {
  const { observations, controls } = report()
  const known = [...observations, ...controls].map(({ id }) => id)
  const ids = found(manual, /\b((?:caller|unprivileged|owner|control)\/[a-z+/-]*[a-z])/g)
  t.ok(ids.length > 0)
  t.strictSame(
    // Without a method they stand for all of a target's.
    ids.filter((id) => !known.some((each) => each === id || each.startsWith(`${id}/`))),
    [],
  )
})

t.test('the report in the documents is the real one of docs/report.json', async (t) => {
  const measured: Report = JSON.parse(read('docs/report.json'))
  const printed = render(measured, { color: false, unicode: true, columns: 80 })
  t.equal(block(guide('report'), 'text'), printed)
  isSample(t, block(section(readme, '## How to read the report'), 'text'), printed)
})

/** The verdict of the documents on their machine. */
function refused(tracer: 'self' | 'child' | 'stranger') {
  const asked = examination('attach-refused', { parent: 121, threadGroup: 123 })
  const ancestors = [
    { pid: 121, name: 'bash' },
    { pid: 1, name: 'busybox' },
  ]
  const { closer } = asked
  const examined = { ...asked, pid: 123, closer: closer && { ...closer, ancestors } }
  const judged = judge(examined, circumstances({ scope: 1, tracer }))
  const here = {
    container: null,
    childNamespace: false,
    capable: false,
    sealed: false,
    withheld: false,
    denyPtrace: false,
    rootRefused: false,
    systemd: true,
    tracerUid: 1000,
    maySwitch: false,
    group: null,
    command: 'ptrace-probe',
    inShell: true,
    targetOutside: false,
    namespaces: false,
    owner: null,
    os: { id: 'debian', version: '13' },
  }
  if (judged.verdict !== 'denied') throw new Error('Scope 1 refuses this')
  return { ...judged, remedies: remediesFor(judged, here) }
}

t.test(
  'the check in the documents is what the command prints, with gaps where three dots stand',
  async (t) => {
    const printed = renderChecked(
      [{ verdict: refused('self'), others: [refused('child'), refused('stranger')], failures: [] }],
      { color: false, unicode: true, columns: 80 },
    )
    for (const text of [guide('check'), readme]) {
      isSample(t, block(text, 'text', '$ ptrace-probe check'), printed)
    }
  },
)

/** What `settings` prints of a tree as if that stood elsewhere; its commands name the place. */
async function settingsAt(root: string, place: string): Promise<string> {
  const style = { color: false, unicode: true, columns: 80 }
  return renderSettings(await settings({ root }), style).replaceAll(root, place)
}

t.test('the fleet in the guide is what the commands print', async (t) => {
  process.chdir(t.testdir(fleetOf()))
  t.teardown(() => process.chdir(root))
  const page = guide('fleet')
  for (const line of [
    'merge hosts',
    'diff before.json after.json',
    'collect --policy stig --format prometheus',
  ]) {
    const collect = async () => fleetEnvelope()
    const { stdout } = await runCommand(line.split(' '), { collect })
    t.equal(block(page, 'text', `$ ptrace-probe ${line}`), `$ ptrace-probe ${line}\n${stdout}`)
  }
})

t.test('the settings in the documents are what the command prints', async (t) => {
  const printed = await settingsAt(system(t, overridden, running(1)), '')
  t.equal(block(guide('settings'), 'text'), `$ ptrace-probe settings\n${printed}`)
  isSample(t, block(readme, 'text', '$ ptrace-probe settings'), printed)
})

t.test(
  'the settings of Fedora 45 are what the command prints of its packages',
  needs.all(needs.root(), needs.program('rpmbuild')),
  async (t) => {
    const printed = await settingsAt(install(t, distributions['fedora-45-debuggers']), '/mnt')
    isSample(t, block(read('docs/fedora-45.md'), 'text', '$ ptrace-probe settings'), printed)
  },
)

t.test('the explanation in the guide is what the command prints', async (t) => {
  const { stdout } = await runCommand(['explain', 'ptrace: Operation not permitted.'], {
    env: { LANG: 'C.UTF-8' },
  })
  t.equal(
    block(guide('errors'), 'text'),
    `$ ptrace-probe explain 'ptrace: Operation not permitted.'\n${stdout}`,
  )
})

t.test('the reason in the README is the one that is given at scope 1', async (t) => {
  const { stdout, stderr } = await runCommand(['require', 'sibling'], {
    probe: async () => report({ yama: 1 }),
  })
  t.match(block(readme, 'text', '$ ptrace-probe require'), `sibling\n${stdout}${stderr}$`)
})

t.test('the JSON in the guide is the scope of that report', async (t) => {
  const [scope = ''] = blocks(guide('json'), 'json').filter((text) => text.includes('"enforced"'))
  const { enforced, effective, declared, agrees } = JSON.parse(scope)
  const { scope: modelled } = report({ yama: 1 })
  const { evidence, ...conclusion } = enforced
  t.match(modelled.enforced, conclusion)
  t.equal(effective.value, modelled.effective.value)
  t.strictSame({ declared, agrees }, { declared: modelled.declared, agrees: modelled.agrees })
  t.ok(evidence.length > 0)
})

t.test(
  'the verdict in the guide is that of the check, with gaps where three dots stand',
  async (t) => {
    const [text = ''] = blocks(guide('json'), 'json').filter((each) => each.includes('"verdict"'))
    const shown = JSON.parse(text, (_, value) => {
      return typeof value === 'string' && value.endsWith('…')
        ? new RegExp(`^${value.slice(0, -1).replace(/[()]/g, '\\$&')}`)
        : value
    })
    const { remedies, ...verdict } = refused('self')
    t.match(verdict, { ...shown, remedies: undefined })
    t.strictSame(Object.keys(shown), [...Object.keys(verdict), 'remedies'])
    for (const remedy of shown.remedies) {
      t.strictSame(
        remedies.find(({ id }) => id === remedy.id),
        remedy,
      )
    }
  },
)

t.test('the program in the guide runs', async (t) => {
  const { code, stdout, stderr } = await run(block(guide('library'), 'js'))
  t.match({ code, stderr }, { code: 0, stderr: '' })
  t.match(stdout, /^[a-z-]+ (proved|inferred|undetermined) [a-z-]+\n/)
  t.match(stdout, /^(allowed|denied|undetermined) .+\.\n$/m)
})

t.test('the programs in the README run', async (t) => {
  const asks = await run(block(readme, 'js', 'canAttach'))
  t.match(asks, { code: 0, stdout: '', stderr: /^(.+\.\n)?$/ })
  const skips = await run(block(readme, 'js', 'skipReason'))
  t.match(skips, { code: 0, stdout: /attaches to a sibling/ })
})

t.test('the tests in the guide are those that every runner runs', async (t) => {
  const code = (text: string): string =>
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('//'))
      .join('\n')
  const harness = join(root, 'test/harness')
  t.strictSame(
    blocks(section(guide('tests'), '## From JavaScript'), 'js')
      .map(code)
      .sort(),
    readdirSync(harness)
      .filter((name) => existsSync(join(harness, name, 'attach.test.js')))
      .map((name) => code(readFileSync(join(harness, name, 'attach.test.js'), 'utf8')))
      .sort(),
  )
})

t.test(
  'the tests of other languages in the guide are those that their harnesses run',
  async (t) => {
    const text = guide('tests')
    const shown = {
      cmake: ['ctest/CMakeLists.txt'],
      meson: ['meson/meson.build'],
      make: ['automake/Makefile.am'],
      bats: ['bats/attach.bats'],
      python: ['pytest/conftest.py', 'pytest/test_attach.py'],
      go: ['go/attach_test.go'],
      rust: ['cargo/tests/attach.rs'],
    }
    for (const [language, files] of Object.entries(shown)) {
      const contents = files.map((file) => read(join('test/harness', file)))
      t.strictSame(blocks(text, language).sort(), contents.sort(), language)
    }
  },
)

t.test('what the documents require can be required', async (t) => {
  const needs = found(manual, /\bptrace-probe require ([a-z+/-]+)/g)
  t.ok(needs.length > 0)
  for (const need of needs) t.doesNotThrow(() => parseRequirement(need), need)
})

t.test('the first command of the README is the one that the build makes', async (t) => {
  t.match(readme, /^npm ci && npx ptrace-probe$/m)
  const { 'ptrace-probe': path = '' } = manifest.bin
  t.ok(existsSync(join(root, path)), path)
})

t.test('what the documents import from the package is exported', async (t) => {
  const { resolve } = createRequire(import.meta.url)
  for (const path of found(manual, /`ptrace-probe(\/[\w./-]+)`/g)) {
    t.doesNotThrow(() => resolve(`ptrace-probe${path}`), path)
  }
})

t.test('the guide has every schema of the package', async (t) => {
  t.strictSame(
    found(section(guide('json'), '## Schemas'), /`ptrace-probe(\/schema\/[\w./-]+)`/g),
    readdirSync(join(root, 'dist/schema'))
      .map((name) => `/schema/${name}`)
      .sort(),
  )
})

t.test('the variables that the documents name are read by the code or the tests', async (t) => {
  const sources = ['lib', 'test']
    .flatMap((directory) =>
      readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => read(join(directory, name))),
    )
    .join('\n')
  const variable = /\b(PTRACE_PROBE_[A-Z]+)\b/g
  const variables = (text: string) => found(text.replace(/ERR_\w+/g, ''), variable)
  t.strictSame(variables(manual + read('CONTRIBUTING.md')), variables(sources))
})

t.test('the guide says what no debugger has judged', async (t) => {
  const lines = section(guide('limits'), '## What is not tested').split('\n')
  for (const line of untested) t.ok(lines.includes(`- ${line}`), line)
})
