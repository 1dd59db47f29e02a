import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { commands } from '../../lib/cli/commands.js'
import { helpText } from '../../lib/cli/help.js'
import { needs } from '../helpers/needs.js'
import { root } from '../helpers/node.js'

const { man, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  /** npm links it only where it is an array. */
  readonly man: readonly [string]
  readonly version: string
}
const page = join(root, man[0])

/** The page as a reader sees it, without the overstriking of terminals. */
function rendered(): string {
  const { stdout } = spawnSync('mandoc', ['-Tutf8', '-Owidth=200', page], { encoding: 'utf8' })
  return stdout.replace(/.[\b]/gu, '')
}

t.test('the manual page is clean mdoc(7)', needs.program('mandoc'), async (t) => {
  const { stdout, status } = spawnSync('mandoc', ['-Tlint', '-Wwarning', page], {
    encoding: 'utf8',
  })
  t.equal(stdout, '')
  t.equal(status, 0)
})

t.test('the manual page is of this version', needs.program('mandoc'), async (t) => {
  t.match(rendered(), `ptrace-probe ${version}`)
})

for (const [name, { about, exits, options }] of Object.entries(commands)) {
  t.test(
    `the manual page says of ${name} what its help says`,
    needs.program('mandoc'),
    async (t) => {
      const text = rendered().replace(/\s+/g, ' ')
      for (const paragraph of about.split('\n\n')) t.match(text, paragraph.replaceAll('\n', ' '))
      for (const does of Object.values(options)) t.match(text, does.replace(/\s+/g, ' '))
      t.match(text, exits.map(([code, meaning]) => `${code} ${meaning}`).join(', '))
      for (const [form] of helpText(name as keyof typeof commands).matchAll(/^ {2}.{4}--\S+/gm)) {
        t.match(text, form.trim())
      }
    },
  )
}

t.test('the variables of the manual page are those that the command reads', async (t) => {
  const named = [...readFileSync(page, 'utf8').matchAll(/^\.It Ev (\w+)$/gm)].map(
    ([, name]) => name,
  )
  const sources = ['cli/main', 'skip/requirement'].map((name) =>
    readFileSync(join(root, `lib/${name}.ts`), 'utf8'),
  )
  for (const name of named) t.match(sources.join(), name)
  t.equal(named.length, 3)
})
