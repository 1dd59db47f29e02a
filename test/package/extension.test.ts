import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { root, run } from '../helpers/node.js'
import { sleeper } from '../helpers/sleeper.js'

const absent = 2 ** 22 // the kernel's highest PID is one less (PID_MAX_LIMIT)

t.test('the packed extension registers itself and asks by its own binary', async (t) => {
  const directory = t.testdir()
  const file = join(directory, 'it.vsix')
  const pack = `const { packExtension } = await import('${root}/scripts/vsix.mjs')
await packExtension('${file}')`
  const packed = await run(pack)
  t.equal(packed.code, 0, packed.stderr)
  execFileSync('python3', ['-m', 'zipfile', '-e', file, directory])
  const extension = join(directory, 'extension')
  const manifest = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8'))
  const program = `import { createRequire } from 'node:module'
import Module from 'node:module'
const registered = {}, shown = []
const vscode = {
  workspace: { getConfiguration: () => ({ get: (_, value) => value, update: async () => {} }) },
  env: { clipboard: { writeText: async () => {} } },
  window: { showErrorMessage: async (...words) => { shown.push(words) } },
  debug: { registerDebugConfigurationProvider: (type, provider) => { registered[type] = provider } },
  ConfigurationTarget: { Global: 1 },
}
const load = Module._load
Module._load = (name, ...rest) => name === 'vscode' ? vscode : load(name, ...rest)
const { activate } = createRequire('${extension}/')('./${manifest.main}')
activate({ extensionPath: '${extension}', subscriptions: [] })
const provider = registered.cppdbg
const ask = (processId) => provider.resolveDebugConfigurationWithSubstitutedVariables(undefined,
  { type: 'cppdbg', request: 'attach', name: 'it', processId })
const refused = await ask(${absent})
const own = await ask(String(${await sleeper(t)}))
console.log(JSON.stringify({ types: Object.keys(registered), refused: refused ?? null, own, shown }))`
  const { stdout, stderr } = await run(program)
  const said = JSON.parse(stdout || JSON.stringify({ stderr }))
  t.strictSame(
    said.types.map((type: string) => `onDebugResolve:${type}`),
    manifest.activationEvents,
  )
  t.equal(said.refused, null)
  t.match(said.own, { type: 'cppdbg' })
  t.match(said.shown, [['There is no such process', { modal: true }]])
  t.equal(said.shown.length, 1)
})
