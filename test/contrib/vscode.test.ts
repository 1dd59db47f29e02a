import t from 'tap'
import { buttons, type Editor, resolve } from '../../contrib/vscode/lib/resolve.js'
import { bin } from '../helpers/cli.js'
import { sleeper } from '../helpers/sleeper.js'

const absent = 2 ** 22 // the kernel's highest PID is one less (PID_MAX_LIMIT)
const command = {
  line: [process.execPath, bin],
  env: process.env,
} as const satisfies Parameters<typeof resolve>[2]

/** An editor in which that button is pressed, and what it was asked to do. */
function editor(pressed?: string, isEnabled = true) {
  const asked: unknown[][] = []
  const fake: Editor = {
    isEnabled: () => isEnabled,
    disable: async () => void asked.push(['disable']),
    copy: async (text) => void asked.push(['copy', text]),
    showRefusal: async (...shown) => {
      asked.push(['show', ...shown])
      return pressed
    },
  }
  return { fake, asked }
}
const attach = (processId: unknown, more: object = {}) => ({
  type: 'cppdbg',
  request: 'attach',
  name: 'it',
  processId,
  ...more,
})

t.test('what may be attached to is attached to, and nothing is shown', async (t) => {
  const { fake, asked } = editor()
  const configuration = attach(await sleeper(t))
  t.equal(await resolve(configuration, fake, command), configuration)
  t.strictSame(asked, [])
})

t.test('a proved refusal is shown, and the user decides', async (t) => {
  const configuration = attach(String(absent))
  for (const [pressed, goesOn, then] of [
    [undefined, false, []],
    [buttons.attach, true, []],
    [buttons.never, true, [['disable']]],
  ] as const) {
    const { fake, asked } = editor(pressed)
    const found = await resolve(configuration, fake, command)
    t.equal(found, goesOn ? configuration : undefined)
    const [[, title, detail, offered] = [], ...rest] = asked
    t.equal(title, 'There is no such process')
    t.match(String(detail), /4194304/)
    t.notMatch(String(detail), 'There is no such process', 'the title is not said twice')
    t.strictSame(offered, [buttons.attach, buttons.never])
    t.strictSame(rest, then)
  }
})

t.test('a remedy that is a command can be copied, and is not run', async (t) => {
  const refused = {
    verdict: 'denied',
    cause: 'owner',
    certainty: 'proved',
    title: 'It runs as another user or group',
    message: 'It is not yours.',
    remedies: [{ does: 'Wait.' }, { does: 'Be root.', command: 'sudo gdb -p 5' }],
  }
  const says = `console.log(${JSON.stringify(JSON.stringify([refused]))})`
  const { fake, asked } = editor(buttons.copy)
  const line = [process.execPath, '-e', says] as const
  t.equal(await resolve(attach(5), fake, { line, env: process.env }), undefined)
  t.match(asked, [
    ['show', refused.title, /Wait\.\n- Be root\.\n {4}sudo gdb -p 5/, Object.values(buttons)],
    ['copy', 'sudo gdb -p 5'],
  ])
})

t.test('what is not checked goes on as it is', async (t) => {
  const gone = { line: ['/no/such/command'], env: process.env } as const
  for (const [configuration, enabled, how] of [
    [attach(absent), false, command],
    [{ ...attach(absent), request: 'launch' }, true, command],
    [attach('name'), true, command],
    [attach(absent, { miDebuggerServerAddress: 'board:1' }), true, command],
    [attach(absent), true, gone],
  ] as const) {
    const { fake, asked } = editor(undefined, enabled)
    t.equal(await resolve(configuration, fake, how), configuration)
    t.strictSame(asked, [])
  }
})
