import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { needs } from '../helpers/needs.js'
import { built, run } from '../helpers/node.js'

const compiler = needs.program('cc')
const confine = join(t.testdir(), 'confine')
if (compiler.skip === false) {
  const source = fileURLToPath(new URL('../kernels/guest/confine.c', import.meta.url))
  execFileSync('cc', ['-o', confine, source])
}

/** What an ordinary user is told about process 1, which is root's. */
const program = `
  const { canAttachSync } = await import(${JSON.stringify(built)})
  canAttachSync(process.pid)
  if (process.getuid() === 0) {
    process.setgroups([])
    process.setgid(65534)
    process.setuid(65534)
  }
  const { verdict, cause } = canAttachSync(1)
  console.log(verdict, cause)
`

for (const [filters, expected] of [
  [['pidfd_getfd=ebadf'], 'denied owner'],
  [['pidfd_getfd=kill'], 'denied owner'],
  [['pidfd_open=esrch'], 'denied owner'],
  [['pidfd_open=kill'], 'denied owner'],
  [['ptrace=kill'], 'denied seccomp'],
] as const) {
  t.test(`a filter is not taken for the kernel: ${filters.join(', ')}`, compiler, async (t) => {
    const { code, stdout, stderr } = await run(program, {}, [confine, ...filters, '--'])
    t.equal(stdout.trim(), expected, { code, stderr })
  })
}

t.test('a filter that answers as if there were no process permits none', compiler, async (t) => {
  const program = `
    import { spawn } from 'node:child_process'
    const { canAttachSync } = await import(${JSON.stringify(built)})
    const child = spawn('sleep', ['1000'])
    console.log(canAttachSync(child.pid).verdict)
    child.kill()
  `
  const { stdout, stderr } = await run(program, {}, [confine, 'ptrace=esrch', '--'])
  t.match(stdout.trim(), /^(denied|undetermined)$/, { stderr })
})

/** Asks about a process of our own under a filter that refuses to read the memory of that one alone. */
const asked = async (t: Test, method: string, filters: readonly string[]) => {
  const target = spawn('sleep', ['1000'], { stdio: 'ignore' })
  t.teardown(() => target.kill('SIGKILL'))
  await once(target, 'spawn')
  const ask = `
    const { canAttachSync } = await import(${JSON.stringify(built)})
    const { verdict, cause, message } = canAttachSync(${target.pid}, { method: '${method}' })
    console.log(verdict, cause, message)
  `
  const filtered = [...filters, `process_vm_readv:${target.pid}:1=eperm`]
  const { stdout, stderr } = await run(ask, {}, [confine, ...filtered, '--'])
  return { stdout, stderr }
}

for (const [method, verdict] of [
  ['attach', 'undetermined'],
  ['seize', 'undetermined'],
  ['vm-read', 'denied'],
] as const) {
  t.test(
    `a filter that refuses a call about one process is no security module: ${method}`,
    compiler,
    async (t) => {
      const { stdout, stderr } = await asked(t, method, ['pidfd_getfd=enosys'])
      t.match(stdout, new RegExp(`^${verdict} undetermined .* answer differently`), { stderr })
    },
  )
}
