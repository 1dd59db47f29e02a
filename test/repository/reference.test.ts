import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import { plainEnvironment, root, run } from '../helpers/node.js'

interface BlockTag {
  readonly tag: string
  readonly content: readonly { readonly text: string }[]
}

interface Reflection {
  readonly name: string
  readonly children?: readonly Reflection[]
  readonly signatures?: readonly Reflection[]
  readonly comment?: { readonly blockTags?: readonly BlockTag[] }
}

const typedoc = join(createRequire(import.meta.url).resolve('typedoc'), '../../bin/typedoc')
const out = join(t.testdir(), 'api.json')
const args = [typedoc, '--json', out, '--logLevel', 'Warn']
const { status, stdout, stderr } = spawnSync(process.execPath, args, {
  cwd: root,
  encoding: 'utf8',
  env: plainEnvironment(),
})

t.test('the comments of the API have no holes and no broken links', async (t) => {
  t.equal(`${stdout}${stderr}`, '')
  t.equal(status, 0)
})

const { children = [] }: Reflection = JSON.parse(readFileSync(out, 'utf8'))
const tags = ({ comment }: Reflection): string[] => (comment?.blockTags ?? []).map(({ tag }) => tag)

/** What cannot fail. */
const harmless = ['isSupported']

t.test('every function says what it returns, and what it throws if it can fail', async (t) => {
  for (const { name, signatures = [] } of children) {
    for (const signature of signatures) {
      t.ok(tags(signature).includes('@returns'), name)
      t.equal(tags(signature).includes('@throws'), !harmless.includes(name), name)
    }
  }
})

t.test('every option says its default', async (t) => {
  const options = children.filter(({ name }) => name.endsWith('Options'))
  t.ok(options.length >= 2)
  for (const { name, children: properties = [] } of options) {
    for (const property of properties) {
      t.ok(tags(property).includes('@defaultValue'), `${name}.${property.name}`)
    }
  }
})

t.test('every function has an example, which runs as it stands', async (t) => {
  for (const { name, signatures = [] } of children) {
    for (const { comment } of signatures) {
      const example = comment?.blockTags?.find(({ tag }) => tag === '@example')
      const text = example?.content.map((part) => part.text).join('') ?? ''
      const [, program = ''] = /^```js\n(.*)\n```$/s.exec(text.trim()) ?? []
      t.match(program, new RegExp(`import .*\\b${name}\\b.* from 'ptrace-probe'`), name)
      const { code, stderr } = await run(program)
      t.equal(code, 0, { name, stderr })
    }
  }
})
