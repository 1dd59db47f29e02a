import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import t from 'tap'
import { withTemporaryDirectory } from '../../lib/machine/packages/temporary.js'
import { needs } from '../helpers/needs.js'
import { root, run } from '../helpers/node.js'

/** Makes a temporary directory, starts a child that inherits the output, and gets a signal. */
const program = (signal: string) => `
import { spawn } from 'node:child_process'
import { withTemporaryDirectory } from './lib/machine/packages/temporary.js'
await withTemporaryDirectory(async (path, ending) => {
  const options = { signal: ending, killSignal: 'SIGKILL', stdio: ['ignore', 'inherit', 'ignore'] }
  const child = spawn('sleep', ['1000'], options).once('error', () => {})
  process.stdout.write(path)
  child.once('spawn', () => process.kill(process.pid, '${signal}'))
  await new Promise((done) => setTimeout(done, 1_000_000))
})`

async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  t.test(`${signal} ends the process, its child and the temporary directory`, async (t) => {
    // The output is closed only when the child has ended, too.
    const ended = await run(await bundled(program(signal)))
    t.equal(ended.signal, signal)
    t.match(ended.stdout, /ptrace-probe-/)
    t.notOk(existsSync(ended.stdout))
  })
}

t.test('the signal that ends the process is sent again, to this process alone', async (t) => {
  const sent = t.capture(process, 'kill', () => true)
  await withTemporaryDirectory(async (path, ending) => {
    // The listener that was added last is the one in question.
    process.listeners('SIGTERM').at(-1)?.('SIGTERM')
    t.ok(ending.aborted)
    t.notOk(existsSync(path))
  })
  t.strictSame(
    sent().map(({ args }) => args),
    [[process.pid, 'SIGTERM']],
  )
})

const cage = needs.all(needs.root(), needs.program('cc'), needs.program('unshare'))

t.test('a process that does not know its number sends no signal', cage, async (t) => {
  const confine = join(t.testdir(), 'confine')
  execFileSync('cc', ['-o', confine, join(root, 'test/kernels/guest/confine.c')])
  // The listeners are called as for a signal; to send one would take the number that is not known.
  const program = await bundled(`
import { withTemporaryDirectory } from './lib/machine/packages/temporary.js'
await withTemporaryDirectory(async (path) => {
  process.stdout.write(path + ' ' + process.pid)
  process.emit('SIGTERM', 'SIGTERM')
  await new Promise((done) => setTimeout(done, 1_000_000))
})`)
  const namespace = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', '--']
  const ended = await run(program, {}, [...namespace, confine, 'getpid=eperm', '--'])
  t.equal(ended.code, 143, { stderr: ended.stderr })
  const [path = '', pid] = ended.stdout.split(' ')
  t.equal(pid, '-1')
  t.notOk(existsSync(path))
})
