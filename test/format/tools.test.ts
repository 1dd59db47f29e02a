import t from 'tap'
import { render } from '../../lib/format/tools.js'
import type { ToolPrivileges } from '../../lib/model/index.js'
import { tool, toolsReport } from '../helpers/tools.js'

const style = { color: false, unicode: true, columns: 80 }

const capability: ToolPrivileges = {
  setUid: null,
  capabilities: ['CAP_SYS_PTRACE'],
  effective: true,
  ignored: null,
}

t.test('the text has a table for each fate, and every reason once', async (t) => {
  const text = render(toolsReport({ yama: 1, capable: true }), style)
  t.match(text, /^Started by an ordinary user \(without CAP_SYS_PTRACE\)\n/m)
  t.match(text, /^Started by this process \(uid \d+, with CAP_SYS_PTRACE\)\n/m)
  t.match(text, /^ {2}gdb +1\.0-1 +works +refused$/m)
  t.match(text, /^ {2}gdb +1\.0-1 +works +works$/m)
  t.equal(text.match(/Cannot attach to a program that runs already \(/g)?.length, 1)
  t.notMatch(render(toolsReport({ yama: 1 }), style), /with CAP_SYS_PTRACE\)/)
})

t.test('the text says what a file endangers, and what could not be read', async (t) => {
  const risky = tool('gdb', { yama: 1 }, capability)
  const unread = [{ name: 'rpm', reason: 'cannot run rpm: ENOENT' }] as const
  const text = render(toolsReport({ yama: 1 }, { tools: [risky], unread }), style)
  t.match(text, /^One tool that uses ptrace was found here\.$/m)
  t.match(text, /^ {2}warning: \/usr\/bin\/gdb gets CAP_SYS_PTRACE/m)
  t.match(text, /^The packages of rpm could not be read: cannot run rpm: ENOENT\.$/m)
  t.match(render(toolsReport({}, { tools: [] }), style), /^No tools that use ptrace were found/)
})

t.test('no name moves the cursor, and no line is too long', async (t) => {
  const evil = { ...tool('gdb'), version: '1\u001b[2J\n2', warning: 'x\u001b]0;y\u0007' }
  for (const columns of [80, 60, 40]) {
    for (const yama of [null, 1, 3] as const) {
      const base = toolsReport({ yama })
      const text = render({ ...base, tools: [evil, ...base.tools] }, { ...style, columns })
      t.notMatch(text.replaceAll('\n', ''), /\p{C}/u)
      t.strictSame(
        text.split('\n').filter((line) => line.length > columns || /\s$/.test(line)),
        [],
      )
    }
  }
})
