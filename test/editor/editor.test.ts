/// <reference lib="dom" />
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createVSIX } from '@vscode/vsce'
import type { Page } from 'playwright-core'
import t from 'tap'
import { buttons } from '../../contrib/vscode/lib/resolve.js'
import { root, run } from '../helpers/node.js'
import { startBrowser } from '../pictures/browser.js'
import { installEditor } from './install.js'
import { startServer } from './server.js'

const types = ['cppdbg', 'lldb', 'lldb-dap', 'cuda-gdb', 'go', 'debugpy'] as const
const limitMs = 120_000
const pictures = process.env['PTRACE_PROBE_PICTURES']

/** Processes of every kind, until the test is over. */
async function makeTargets(directory: string): Promise<Readonly<Record<string, number>>> {
  const program = join(directory, 'targets')
  const source = join(root, 'test/kernels/guest/judges/targets.c')
  execFileSync('cc', ['-pthread', '-o', program, source])
  const child = spawn(program, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
  return JSON.parse(String(value))
}

/** Both extensions, packed. */
async function packExtensions(directory: string): Promise<string[]> {
  const [ours, standIn] = [join(directory, 'ours.vsix'), join(directory, 'stand-in.vsix')]
  const pack = `const { packExtension } = await import('${root}/scripts/vsix.mjs')
await packExtension('${ours}')`
  const packed = await run(pack)
  if (packed.code !== 0) throw new Error(packed.stderr)
  const options = { dependencies: false, allowMissingRepository: true, skipLicense: true }
  await createVSIX({ cwd: join(root, 'test/editor/stand-in'), packagePath: standIn, ...options })
  return [ours, standIn]
}

/** Starts a configuration as a user would who types its name. */
async function debug(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+P')
  await page.keyboard.type(`debug ${name}`)
  await page.locator(`.quick-input-list .monaco-list-row[aria-label^="${name}"]`).click()
}

/** What the page's clipboard holds after the next time that the editor has written to it. */
const nextCopy = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const { clipboard } = navigator
        const write = clipboard.writeText.bind(clipboard)
        clipboard.writeText = async (text) => {
          await write(text)
          resolve(await clipboard.readText())
        }
      }),
  )

t.test('VS Code asks before it attaches, and does what the user decides', async (t) => {
  const directory = t.testdir()
  const [packages, extensions, targets] = await Promise.all([
    installEditor(),
    packExtensions(directory),
    makeTargets(directory),
  ])
  const [mine = 0, other = 0] = [targets['naming-any'], targets['other-user']]
  const attach = { request: 'attach', mode: 'local' }
  const server = await startServer(t, packages, extensions, [
    { ...attach, type: 'cppdbg', name: 'mine', processId: mine },
    ...types.map((type) => ({ ...attach, type, name: `other by ${type}.`, processId: other })),
  ])
  const browser = await startBrowser()
  t.teardown(() => browser.close())
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  context.setDefaultTimeout(limitMs)
  const page = await context.newPage()
  const box = page.locator('.monaco-dialog-box')
  const status = (text: string) => page.getByText(text, { exact: true }).waitFor()
  const press = async (button: string): Promise<void> => {
    await box.getByRole('button', { name: button, exact: true }).click()
    await box.waitFor({ state: 'detached' })
  }
  await page.goto(server.address)
  await status('no debugger was started')

  await debug(page, 'mine')
  await status('attached: mine')
  t.equal(await box.count(), 0, 'nothing is shown of what is allowed')

  for (const type of types) {
    await debug(page, `other by ${type}.`)
    await box.waitFor()
    const text = await box.innerText()
    t.equal(text.split('It runs as another user or group').length, 2, `the title once, ${type}`)
    t.match(text, `may not attach to`, type)
    t.match(text, `(${other})`, type)
    const offered = await box.getByRole('button').allInnerTexts()
    const words = offered.filter((each) => each !== '').sort()
    t.strictSame(words, [...Object.values(buttons), 'Cancel'].sort(), type)
    if (pictures) await page.screenshot({ path: join(pictures, `${type}.png`) })
    await press('Cancel')
  }

  await debug(page, 'other by cppdbg.')
  // The extension writes after the dialog has closed.
  const copied = nextCopy(page)
  await press(buttons.copy)
  t.match(await copied, `gdb -p ${other}`)

  await debug(page, 'other by cppdbg.')
  await press(buttons.attach)
  await status('attached: mine, other by cppdbg.')

  await debug(page, 'other by go.')
  await press(buttons.never)
  await status('attached: mine, other by cppdbg., other by go.')
  t.match(JSON.parse(readFileSync(server.settings, 'utf8')), { 'ptraceProbe.enabled': false })

  await debug(page, 'other by lldb.')
  await status('attached: mine, other by cppdbg., other by go., other by lldb.')
  t.equal(await box.count(), 0, 'it does not ask again')
})
