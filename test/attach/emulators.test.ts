import { spawn, spawnSync } from 'node:child_process'
import t from 'tap'
import { needs } from '../helpers/needs.js'
import { built } from '../helpers/node.js'

const proot = needs.all(needs.program('proot'), needs.program('gdb'))

t.test('outside of proot its gdb attaches to nothing, and memory can be read', proot, async (t) => {
  const sleeper = spawn('sleep', ['1000'], { stdio: 'ignore' })
  t.teardown(() => sleeper.kill())
  const pid = String(sleeper.pid)
  const program = `
    const { canAttachSync } = await import(${JSON.stringify(built)})
    const found = ['attach', 'seize', 'vm-read'].map((method) => canAttachSync(${pid}, { method }))
    console.log(found.map(({ verdict }) => verdict).join(), found[0].message)
  `
  const node = ['--input-type=module', '-e', program]
  const foretold = spawnSync('proot', [process.execPath, ...node], { encoding: 'utf8' })
  t.match(
    foretold.stdout,
    /^denied,(denied|undetermined),allowed .*proot \(\d+\) emulates ptrace/,
    {
      stderr: foretold.stderr,
    },
  )
  const gdb = spawnSync('proot', ['gdb', '-nx', '-batch', '-p', pid], { encoding: 'utf8' })
  t.match(gdb.stdout + gdb.stderr, /ptrace: No such process/)
})

/** qemu-user for the processor of this machine: what it runs is emulated all the same. */
const emulator = `qemu-${process.arch === 'x64' ? 'x86_64' : 'aarch64'}`
const qemu = needs.all(needs.program(emulator), needs.program('strace'))

t.test('under qemu-user strace attaches to nothing, and Node foretells it', qemu, async (t) => {
  const sleeper = spawn('sleep', ['1000'], { stdio: 'ignore' })
  t.teardown(() => sleeper.kill())
  const pid = String(sleeper.pid)
  const program = `
    const { canAttachSync } = await import(${JSON.stringify(built)})
    for (const method of ['attach', 'seize']) {
      const { verdict, message } = canAttachSync(${pid}, { method })
      console.log(verdict, message)
    }
  `
  const node = [process.execPath, '--input-type=module', '-e', program]
  const { stdout, stderr } = spawnSync(emulator, node, { encoding: 'utf8' })
  const lines = stdout.trim().split('\n')
  t.equal(lines.length, 2, stderr)
  for (const line of lines)
    t.match(line, /^denied .* answers ENOSYS .*qemu-\w+ stands in for the kernel/)
  const strace = spawnSync(emulator, ['/usr/bin/strace', '-p', pid], { encoding: 'utf8' })
  t.match(
    strace.stderr,
    /^\S*strace: attach: ptrace\(PTRACE_\w+, \d+.*\): Function not implemented$/m,
  )
})
