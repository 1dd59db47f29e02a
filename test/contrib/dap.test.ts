import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { DebugProtocol } from '@vscode/debugprotocol'
import t, { type Test } from 'tap'
import { bin, environment } from '../helpers/cli.js'
import { Client } from '../helpers/dap.js'
import { needs } from '../helpers/needs.js'
import { root } from '../helpers/node.js'

const proxy = [process.execPath, join(root, 'contrib/dap/dist/ptrace-probe-dap.cjs')]
const guest = join(root, 'test/kernels/guest')
const env = { PTRACE_PROBE_COMMAND: `${process.execPath} ${bin}`, HOME: '/tmp' }
const asUser = ['setpriv', '--reuid=1000', '--regid=1000', '--clear-groups', '--']
const lldb = ['lldb-vscode-14']
const dlv = ['--dial', '--', 'dlv', 'dap', '--client-addr={address}']
const canMake = needs.all(needs.root(), needs.program('cc'), needs.program('setpriv'))
const directory = t.testdir()
chmodSync(directory, 0o777)

/** The first process with each protection. */
async function makeTargets(): Promise<Readonly<Record<string, number>>> {
  execFileSync('cc', ['-o', join(directory, 'confine'), join(guest, 'confine.c')])
  const program = join(directory, 'targets')
  execFileSync('cc', ['-pthread', '-o', program, join(guest, 'judges/targets.c')])
  const child = spawn(program, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
  return JSON.parse(String(value))
}

function open(t: Test, command: readonly string[]): Client {
  const client = new Client(command, env)
  t.teardown(() => close(client))
  return client
}

/** By a signal that the proxy passes on: lldb 14's adapter does not end with its input. */
function close(client: Client): void {
  client.child.kill('SIGTERM')
}

/** What the adapter, or the proxy in its place, answers to an attach. */
async function attach(t: Test, command: readonly string[], args: unknown) {
  const client = open(t, command)
  await client.request('initialize', { adapterID: 'test', pathFormat: 'path' })
  const response = await client.request('attach', args)
  return { client, response, error: errorOf(response) }
}

function errorOf({ body, message }: DebugProtocol.Response): string {
  const { format = message ?? '', variables = {} } = body?.error ?? {}
  return Object.entries<string>(variables).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, () => value),
    format,
  )
}

t.test('before a real adapter', canMake, async (t) => {
  const targets = await makeTargets()
  const filter = [join(directory, 'confine'), 'ptrace=eperm', '--']
  const { plain = 0, zombie = 0, 'other-user': other = 0 } = targets

  t.test('lldb attaches where the verdict is that it may', async (t) => {
    const { client, response } = await attach(t, [...asUser, ...proxy, '--', ...lldb], {
      pid: plain,
    })
    t.equal(response.success, true, response.message ?? 'it attached')
    t.equal((await client.request('disconnect', { terminateDebuggee: false })).success, true)
    t.equal(await client.end(), 0, client.stderr)
  })

  const refused = [
    { what: 'a process of another user', pid: other, wrapper: [], reason: /another user/ },
    { what: 'a zombie', pid: zombie, wrapper: [], reason: /ended already/ },
    { what: 'any process, under a filter', pid: plain, wrapper: filter, reason: /seccomp filter/ },
  ]
  for (const { what, pid, wrapper, reason } of refused) {
    const adapters = [
      { id: 'lldb', line: ['--', ...lldb], args: { pid } },
      { id: 'dlv', line: dlv, args: { mode: 'local', processId: pid } },
    ]
    for (const { id, line, args } of adapters) {
      t.test(`the client of ${id} is told at once why ${what} is refused`, async (t) => {
        const command = [...asUser, ...wrapper, ...proxy, ...line]
        const { client, response, error } = await attach(t, command, args)
        t.equal(response.success, false)
        t.equal(response.body.error.showUser, true)
        t.match(error, reason)
        t.equal(response.message, error)
        // What is asked next is answered by the adapter.
        t.match(await client.request('disconnect', {}), { type: 'response', command: 'disconnect' })
      })
    }
  }

  t.test('with --warn the adapter refuses itself, and the client is told why before', async (t) => {
    const command = [...asUser, ...proxy, '--warn', '--', ...lldb]
    const { client, response, error } = await attach(t, command, { pid: other })
    t.equal(response.success, false)
    t.notMatch(error, /ptrace-probe|uid/)
    const said = client.seen.filter((each) => each.type === 'event' && 'body' in each)
    t.match(JSON.stringify(said), /its uid is 1001/)
  })

  t.test('dlv attaches where the verdict is that it may', async (t) => {
    const args = { mode: 'local', processId: plain }
    const { error } = await attach(t, [...asUser, ...proxy, ...dlv], args)
    // It debugs Go programs, but finds out only after it has attached that this is none.
    t.match(error, /debug info/)
  })

  t.test('without the command every attach is passed on, and the client is told', async (t) => {
    const client = new Client([...asUser, ...proxy, '--', ...lldb], {
      PTRACE_PROBE_COMMAND: '/no/such/command',
      HOME: '/tmp',
    })
    t.teardown(() => close(client))
    await client.request('initialize', { adapterID: 'test' })
    t.equal((await client.request('attach', { pid: plain })).success, true)
    t.match(JSON.stringify(client.seen), /ptrace-probe gave no verdict/)
    await client.request('disconnect', { terminateDebuggee: false })
  })
})

/** What comes back from an adapter that sends everything back. */
async function echoed(bytes: Buffer): Promise<Buffer> {
  const [command = '', ...args] = [...proxy, '--', 'cat']
  const child = spawn(command, args, { env: environment(env), stdio: 'pipe' })
  const chunks: Buffer[] = []
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => {
    said += String(chunk)
  })
  child.stdin.end(bytes)
  const [code] = await once(child, 'close')
  t.equal(code, 0)
  t.equal(said, '')
  return Buffer.concat(chunks)
}

const framed = (body: string): Buffer =>
  Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
const request = (command: string, args: unknown): string =>
  JSON.stringify({ seq: 7, type: 'request', command, arguments: args })

const passedOn: Readonly<Record<string, Buffer>> = {
  'messages with other spaces and key orders': Buffer.concat([
    framed('{ "command" : "threads", "seq" : 1, "type":"request" }'),
    framed(request('evaluate', { expression: '"attach"' })),
  ]),
  'an attach without a PID': framed(request('attach', { program: '/bin/true' })),
  'an attach that is no request': framed('{"type":"event","command":"attach","seq":1}'),
  'JSON that is cut': framed('{"command":"attach"'),
  'random bytes': randomBytes(100_000),
  'a message of 64 MB': framed(request('evaluate', { expression: 'x'.repeat(64 << 20) })),
  'an attach that is longer than is looked at': framed(
    request('attach', { pid: 1, rest: 'x'.repeat(2 << 20) }),
  ),
  'half of a message at the end': framed(request('threads', {})).subarray(0, 30),
  nothing: Buffer.alloc(0),
}

for (const [what, bytes] of Object.entries(passedOn)) {
  t.test(`passes on byte by byte: ${what}`, async (t) => {
    t.ok((await echoed(bytes)).equals(bytes))
  })
}

t.test('ends as the adapter ends', async (t) => {
  const script = (text: string): Client => open(t, [...proxy, '--', 'sh', '-c', text])
  t.equal(await script('exit 5').end(), 5)
  t.equal(await script('kill -KILL $$').end(), 'SIGKILL')
  const half = script('printf "Content-Length: 100\\r\\n\\r\\n{"; exit 3')
  t.equal(await half.end(), 3)
})

t.test('ends with the adapter, whatever it left behind holds its output', async (t) => {
  const text = 'sleep 1000 2>/dev/null & echo >&2 $!; exit 6'
  const client = open(t, [...proxy, '--', 'sh', '-c', text])
  t.equal(await client.end(), 6)
  process.kill(Number(client.stderr), 'SIGKILL')
})

t.test('says nothing where the client reads nothing more', async (t) => {
  const client = open(t, [...proxy, '--', 'sh', '-c', 'yes 2>/dev/null; exit 7'])
  await once(client.child.stdout ?? client.child, 'data')
  client.child.stdout?.destroy()
  t.equal(await client.end(), 7)
  t.equal(client.stderr, '')
})

t.test('an adapter that cannot be started is named', async (t) => {
  const client = open(t, [...proxy, '--', '/no/such/adapter'])
  t.equal(await client.end(), 127)
  t.match(client.stderr, /^ptrace-probe-dap: \/no\/such\/adapter could not be started: .*ENOENT/)
  const silent = open(t, [...proxy, '--dial', '--', 'true', '{address}'])
  t.equal(await silent.end(), 127)
  t.match(silent.stderr, /it ended before it had connected/)
})

t.test('a mistake on the command line shows the usage', async (t) => {
  for (const args of [[], ['--'], ['--warn'], ['--other', '--', 'cat'], ['--dial', '--', 'cat']]) {
    const client = open(t, [...proxy, ...args])
    t.equal(await client.end(), 2, { args })
    t.match(client.stderr, /^usage: ptrace-probe-dap /)
  }
})

t.test('a signal reaches the adapter', async (t) => {
  const client = open(t, [...proxy, '--', 'sh', '-c', 'trap "exit 9" TERM; echo >&2 up; read _'])
  while (!client.stderr.includes('up')) await once(client.child.stderr ?? client.child, 'data')
  client.child.kill('SIGTERM')
  const [code] = await once(client.child, 'close')
  t.equal(code, 9)
})
