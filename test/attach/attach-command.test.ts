import t from 'tap'
import { attachCommand } from '../../lib/attach/attach-command.js'

t.test('a remedy attaches with the debugger that was asked about', async (t) => {
  for (const [tracer, command] of [
    ['child', 'gdb -p 7'],
    ['user:alice', 'gdb -p 7'],
    ['program:/usr/bin/gdb', 'gdb -p 7'],
    ['program:/usr/bin/strace', 'strace -p 7'],
    ['program:/usr/bin/lldb-14', 'lldb -p 7'],
    ['program:/usr/lib/llvm-14/bin/lldb-server', 'lldb -p 7'],
    ['program:/home/alice/go/bin/dlv', 'dlv attach 7'],
    ['program:/usr/bin/gcore', 'gcore 7'],
    ['program:/usr/bin/py-spy', 'gdb -p 7'],
    ['program:/opt/constructor', 'gdb -p 7'],
  ] as const) {
    t.equal(attachCommand(tracer, 7), command, tracer)
  }
})
