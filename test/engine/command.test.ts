import t from 'tap'
import { commandForRoot, commandFrom } from '../../lib/engine/command.js'

/** What is installed where: each path, and where it leads. */
const started = (links: Readonly<Record<string, string>>, electron = false) =>
  commandFrom({
    root: '/opt/pkg',
    node: '/opt/node/bin/node',
    electron,
    follow: (path) => links[path] ?? null,
  })

const script = { '/opt/pkg/dist/bin.cjs': '/opt/pkg/dist/bin.cjs' }

t.test('where sudo finds this command, its name is enough', async (t) => {
  t.equal(
    started({ ...script, '/usr/local/bin/ptrace-probe': '/opt/pkg/dist/bin.cjs' }),
    'ptrace-probe',
  )
})

t.test('npx and a project have no command that root finds, so paths are named', async (t) => {
  t.equal(started(script), '/opt/node/bin/node /opt/pkg/dist/bin.cjs')
  t.equal(
    started({ ...script, '/usr/bin/ptrace-probe': '/usr/lib/another/dist/bin.cjs' }),
    '/opt/node/bin/node /opt/pkg/dist/bin.cjs',
    'the command of that name is another one',
  )
})

t.test('an editor is Node only where it is told so', async (t) => {
  t.equal(
    started(script, true),
    'env ELECTRON_RUN_AS_NODE=1 /opt/node/bin/node /opt/pkg/dist/bin.cjs',
  )
})

t.test('the portable folder has a program of its own', async (t) => {
  const launcher = { '/opt/pkg/ptrace-probe': '/opt/my pkg/ptrace-probe' }
  t.equal(started(launcher), "'/opt/my pkg/ptrace-probe'")
  t.equal(
    started({ ...launcher, '/usr/local/bin/ptrace-probe': '/opt/my pkg/ptrace-probe' }),
    'ptrace-probe',
  )
})

t.test('where the package has no command, its name stands for one', async (t) => {
  t.equal(started({}), 'ptrace-probe')
})

t.test('of this process it is one that can be run', async (t) => {
  t.match(commandForRoot(), /^(?:ptrace-probe|\/.*\/dist\/bin\.cjs)$/)
})
