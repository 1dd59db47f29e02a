import { existsSync } from 'node:fs'
import { build } from 'esbuild'
import t from 'tap'
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

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  t.test(`${signal} ends the process, its child and the temporary directory`, async (t) => {
    const { outputFiles } = await build({
      stdin: { contents: program(signal), resolveDir: root },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
    })
    // The output is closed only when the child has ended, too.
    const ended = await run(outputFiles[0]?.text ?? '')
    t.equal(ended.signal, signal)
    t.match(ended.stdout, /ptrace-probe-/)
    t.notOk(existsSync(ended.stdout))
  })
}
