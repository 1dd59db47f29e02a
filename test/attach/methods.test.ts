import { execFileSync } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { judge } from '../../lib/attach/verdict.js'
import { accessMethods } from '../../lib/model/index.js'
import { circumstances, examination } from '../helpers/examinations.js'
import { needs } from '../helpers/needs.js'
import { built, run } from '../helpers/node.js'

const { errno } = constants
const eperm = { works: false, answer: 'EPERM' } as const
const works = { works: true } as const
const sysPtrace = 1n << 19n

/** Only the READ oracle was asked, as for method `read`. */
const onlyRead = (read: number) => ({ pidfdGetfd: null, read })

for (const [title, examined, around, expected] of [
  [
    'a filter on PTRACE_ATTACH alone refuses gdb, and the message says that it lets strace through',
    examination('granted'),
    circumstances({ method: 'attach', call: eperm, other: works, filtered: true }),
    { verdict: 'denied', cause: 'seccomp', message: /PTRACE_ATTACH answers EPERM .*strace/ },
  ],
  [
    'the same filter lets PTRACE_SEIZE through',
    examination('granted'),
    circumstances({ method: 'seize', call: works, other: eperm, filtered: true }),
    { verdict: 'allowed' },
  ],
  [
    'a filter on both requests is one on ptrace itself',
    examination('granted'),
    circumstances({ method: 'seize', call: eperm, other: eperm, filtered: true }),
    { verdict: 'denied', cause: 'seccomp', message: /ptrace itself answers EPERM/ },
  ],
  [
    'a filter on process_vm_readv refuses that, and is no filter on ptrace',
    examination('granted'),
    circumstances({ method: 'vm-read', call: eperm, other: null, filtered: true }),
    { verdict: 'denied', cause: 'seccomp', message: /: process_vm_readv answers EPERM/ },
  ],
  [
    'a call that the kernel does not have is no filter',
    examination('granted'),
    circumstances({ method: 'pidfd-getfd', call: { works: false, answer: 'ENOSYS' }, other: null }),
    { verdict: 'denied', cause: 'undetermined', message: /kernels do that have no such call/ },
  ],
  [
    'under qemu-user ptrace is missing, whatever filter the container has',
    examination('granted'),
    circumstances({
      call: { works: false, answer: 'ENOSYS' },
      other: { works: false, answer: 'ENOSYS' },
      filtered: true,
      standIn: { kind: 'interpreter', name: 'qemu-aarch64-static' },
    }),
    {
      verdict: 'denied',
      cause: 'undetermined',
      message: /ptrace itself answers ENOSYS .*: qemu-aarch64-static stands in for the kernel here/,
    },
  ],
  [
    'proot knows no process but those that it traces',
    examination('granted'),
    circumstances({ standIn: { kind: 'tracer', name: 'proot', pid: 77 } }),
    { verdict: 'denied', cause: 'undetermined', message: /proot \(77\) emulates ptrace here/ },
  ],
  [
    'what proot allows among the processes that it traces cannot be asked',
    examination('granted', { tracer: 77 }),
    circumstances({ standIn: { kind: 'tracer', name: 'proot', pid: 77 } }),
    { verdict: 'undetermined', message: /proot \(77\) traces both/ },
  ],
  [
    'a tracer that only watches, as strace does, changes nothing',
    examination('granted'),
    circumstances({ standIn: { kind: 'tracer', name: 'strace', pid: 77 } }),
    { verdict: 'allowed' },
  ],
  [
    'proot does not stand between a process and the memory of another',
    examination('granted', {}, {}, { pidfdGetfd: null, vmRead: errno.EFAULT }),
    circumstances({
      method: 'vm-read',
      other: null,
      standIn: { kind: 'tracer', name: 'proot', pid: 77 },
    }),
    { verdict: 'allowed' },
  ],
  [
    'a process that has a tracer can still be read',
    examination('granted', { tracer: 9 }, {}, { pidfdGetfd: null, vmRead: errno.EFAULT }),
    circumstances({ method: 'vm-read', other: null }),
    { verdict: 'allowed', message: /may read the memory of sleep \(1234\) with process_vm_readv/ },
  ],
  [
    'a process may read its own memory, and not trace itself',
    examination('granted', { threadGroup: 2000 }),
    circumstances({ method: 'pidfd-getfd', other: null }),
    { verdict: 'allowed' },
  ],
  [
    'a thread of the kernel has no memory that could be read',
    examination('granted', { flags: 0x00200000 }),
    circumstances({ method: 'proc-mem', other: null }),
    { verdict: 'denied', cause: 'kernel-thread', message: /which has no memory of its own/ },
  ],
  [
    'Yama never refuses READ access',
    examination('attach-refused', {}, {}, onlyRead(0)),
    circumstances({ method: 'read', other: null, scope: 3 }),
    { verdict: 'allowed', method: 'read' },
  ],
  [
    'READ access is refused by the owner as ATTACH is',
    examination('refused', { uids: [0, 0, 0] }, {}, onlyRead(errno.EPERM)),
    circumstances({ method: 'read', other: null, scope: 1 }),
    { verdict: 'denied', cause: 'owner', causes: [{ id: 'owner' }] },
  ],
  [
    'SELinux has a permission of its own for READ',
    examination(
      'refused',
      { label: 'u:r:target_t' },
      { label: 'u:r:tracer_t' },
      onlyRead(errno.EPERM),
    ),
    circumstances({
      method: 'read',
      other: null,
      lsm: ['selinux'],
      selinux: {
        attach: true,
        read: false,
        capability: { initial: true, child: true },
        denyPtrace: false,
      },
    }),
    { verdict: 'denied', cause: 'selinux', message: /read one of this context/ },
  ],
  [
    'READ access is not known where get_robust_list cannot be asked',
    examination('attach-refused', {}, {}, onlyRead(0)),
    circumstances({ method: 'read', other: null, read: false }),
    { verdict: 'undetermined' },
  ],
  [
    'CAP_SYS_PTRACE alone does not open /proc/PID/mem, which has an owner as any file has',
    examination(
      'attach-refused',
      { filesUid: 0, directoryUid: 0, uids: [0, 0, 0] },
      { capEffective: sysPtrace, capPermitted: sysPtrace },
      { pidfdGetfd: null, procMem: errno.EACCES },
    ),
    circumstances({ method: 'proc-mem', other: null }),
    { verdict: 'denied', cause: 'owner', certainty: 'proved', message: /lacks CAP_DAC_OVERRIDE/ },
  ],
] as const) {
  t.test(title, async (t) => {
    t.match(judge(examined, around), expected)
  })
}

const compiler = needs.program('cc')
const confine = join(t.testdir(), 'confine')
if (compiler.skip === false) {
  const source = fileURLToPath(new URL('../kernels/guest/confine.c', import.meta.url))
  execFileSync('cc', ['-o', confine, source])
}

/** What is foretold of a child by every method, and the program that says it. */
const program = `
  import { spawn } from 'node:child_process'
  const { canAttachSync } = await import(${JSON.stringify(built)})
  const child = spawn('sleep', ['1000'])
  const methods = ${JSON.stringify(accessMethods)}
  const found = methods.map((method) => canAttachSync(child.pid, { method }))
  console.log(found.map(({ method, verdict, cause }) => method + ' ' + (cause ?? verdict)).join(', '))
  child.kill()
`
/** By the numbers of PTRACE_ATTACH and PTRACE_SEIZE (linux/ptrace.h), whose third argument is 0. */
for (const [filters, refused] of [
  [[], []],
  [['ptrace=eperm'], ['attach', 'seize']],
  [['ptrace:16:0=eperm'], ['attach']],
  [['ptrace:16902:0=eperm'], ['seize']],
  [['pidfd_getfd=eperm'], ['pidfd-getfd']],
] as const) {
  t.test(`by real filters: ${filters.join() || 'none'}`, compiler, async (t) => {
    const { stdout, stderr } = await run(program, {}, [confine, ...filters, '--'])
    const expected = accessMethods.map((method) => {
      const isRefused = refused.some((name) => name === method)
      return `${method} ${isRefused ? 'seccomp' : 'allowed'}`
    })
    t.equal(stdout.trim(), expected.join(', '), { stderr })
  })
}
