import t from 'tap'
import {
  busyboxGrammar,
  procpsGrammar,
  systemdGrammar,
} from '../../../lib/settings/sysctl-d/grammars.js'

t.test('each reader has a grammar of its own', async (t) => {
  const readers = { systemd: systemdGrammar, procps: procpsGrammar, busybox: busyboxGrammar }
  const seen = (line: string) =>
    Object.values(readers).map(({ parse }) => {
      const parsed = parse(line)
      return parsed === null || 'mistake' in parsed ? '-' : (parsed.value ?? 'excludes')
    })
  for (const [line, ...expected] of [
    ['kernel.yama.ptrace_scope = 1', '1', '1', '1'],
    ['kernel.yama/ptrace_scope = 1', '-', '-', '1'],
    ['kernel..yama.ptrace_scope = 1', '1', '1', '-'],
    ['-kernel.yama.ptrace_scope = 1', '1', '1', '-'],
    ['- kernel.yama.ptrace_scope = 1', '1', '-', '-'],
    ['--kernel.yama.ptrace_scope = 1', '-', '1', '-'],
    ['-kernel.yama.ptrace_scope', 'excludes', 'excludes', '-'],
    ['kernel.yama.* = 1', '1', '1', '-'],
    ['kernel.yama.ptrace_scope 1', '-', '-', '1'],
    ['kernel.yama.ptrace_scope = 1 # why', '1 # why', '1 # why', '1'],
    ['; kernel.yama.ptrace_scope = 1', '-', '-', '-'],
    ['kernel/../kernel/yama/ptrace_scope = 1', '-', '1', '-'],
    ['\vkernel.yama.ptrace_scope = 1', '-', '1', '-'],
  ] as const) {
    t.same(seen(line), expected, line)
  }
})
