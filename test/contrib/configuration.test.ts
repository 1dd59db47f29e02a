import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { attachOf, findProgram } from '../../contrib/check/configuration.js'

t.test('the PID is found in what each adapter is sent', async (t) => {
  const sent: readonly (readonly [unknown, string | null, number, readonly string[]])[] = [
    [{ type: 'cppdbg', processId: '77', MIMode: 'gdb' }, null, 77, ['gdb']],
    [
      { type: 'cppdbg', processId: 77, miDebuggerPath: '/opt/gdb' },
      '/x/OpenDebugAD7',
      77,
      ['/opt/gdb', 'gdb'],
    ],
    [{ type: 'cppdbg', processId: 77, MIMode: 'lldb' }, null, 77, ['lldb-server']],
    [{ type: 'lldb-dap', pid: 77 }, null, 77, ['lldb-server']],
    [{ pid: 77 }, '/l/bin/lldb-vscode', 77, ['/l/bin/lldb-server', 'lldb-server']],
    [{ type: 'lldb', pid: '77' }, '/c/codelldb', 77, ['/c/lldb-server', 'lldb-server']],
    [{ mode: 'local', processId: 77 }, '/go/bin/dlv', 77, ['/go/bin/dlv', 'dlv']],
    [{ type: 'go', mode: 'local', processId: 77 }, null, 77, ['dlv', 'dlv']],
    [{ type: 'debugpy', processId: 77 }, null, 77, ['gdb']],
    [{ type: 'cuda-gdb', processId: 77 }, null, 77, ['cuda-gdb']],
    [{ pid: 77 }, '/usr/bin/gdb', 77, ['/usr/bin/gdb', 'gdb']],
    [{ pid: 77 }, '/usr/bin/other', 77, ['/usr/bin/other']],
  ]
  for (const [configuration, adapter, pid, tracers] of sent) {
    t.strictSame(attachOf(configuration, adapter), { pid, tracers })
  }
})

t.test('what names no process of this machine is not checked', async (t) => {
  for (const configuration of [
    undefined,
    null,
    'attach',
    {},
    { pid: 0 },
    { pid: -1 },
    { pid: 1.5 },
    { pid: '12x' },
    { pid: 9_999_999_999 },
    { processId: 'my-program' },
    { mode: 'remote', processId: 77 },
    { pid: 77, miDebuggerServerAddress: 'board:3333' },
    { pid: 77, pipeTransport: { pipeProgram: 'ssh' } },
    { pid: 77, 'gdb-remote-port': 1234 },
    { pid: 77, attachCommands: ['target remote :1'] },
    { pid: 77, coreFile: '/tmp/core' },
  ]) {
    t.equal(attachOf(configuration, null), null, { configuration })
  }
})

t.test('a program is found as execvp(3) finds it', async (t) => {
  const directory = t.testdir({ a: { tool: '' }, b: { tool: '', other: '' } })
  const [a, b] = [join(directory, 'a'), join(directory, 'b')]
  chmodSync(join(b, 'tool'), 0o755)
  t.equal(findProgram('tool', `${a}:${b}`), join(b, 'tool'))
  t.equal(findProgram(join(b, 'tool'), ''), join(b, 'tool'))
  t.equal(findProgram('other', `${a}:${b}`), null)
})
