/** The role of contrib/ansible, on this machine. */

import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { commandIn } from '../helpers/command.js'
import { needs } from '../helpers/needs.js'
import { root } from '../helpers/node.js'
import { playbook, portable, recapOf } from '../helpers/playbook.js'
import { execute } from '../package/project.js'

const role = join(root, 'contrib/ansible')
const place = t.testdir({ bin: {}, opt: {}, etc: {}, lint: {} })
const hosts = join(place, 'hosts')
const page = join(place, 'fleet.html')
/** Names of an inventory that mean something in a path, to a shell, or in a page. */
const hostile = [
  'plain',
  '../../escaped',
  "a b';$(touch pwned)`touch pwned`",
  '<script>ü&amp;',
  '..',
]

function inventory(names: readonly string[]): string {
  const file = join(place, 'hosts.json')
  const local = { ansible_connection: 'local', ansible_python_interpreter: '/usr/bin/python3' }
  const entries = names.map((name) => [name, local])
  writeFileSync(file, JSON.stringify({ all: { hosts: Object.fromEntries(entries) } }))
  return file
}

/** Plays it where /opt and /etc/ansible are of the test, and this host has that name. */
async function play(
  names: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
  hostName = 'probed',
) {
  const variables = {
    ptrace_probe_archives: archives,
    ptrace_probe_results: hosts,
    ptrace_probe_page: page,
    ptrace_probe_command: join(place, 'bin/ptrace-probe'),
    ...more,
  }
  const script = `mkdir -p /etc/ansible
    mount --bind '${place}/opt' /opt
    mount --bind '${place}/etc' /etc/ansible
    printf %s "$0" > /proc/sys/kernel/hostname
    exec "$@"`
  const around = ['unshare', '--mount', '--uts', 'sh', '-ec', script, hostName]
  const ended = await playbook(inventory(names), variables, place, {
    around,
    path: dirname(process.execPath),
  })
  return { ...ended, recap: recapOf(ended.stdout) }
}

const files = (path: string) => readdirSync(join(place, path), { recursive: true }).sort()
const read = (path: string) => readFileSync(join(place, path), 'utf8')
const fact = 'etc/facts.d/ptrace_probe.fact'

const archives = await portable(place, true)
commandIn(join(place, 'bin'))

t.test('ansible-lint has nothing to say at its profile for production', async (t) => {
  const lint = async (change: (text: string) => string) => {
    const copy = join(place, 'lint')
    cpSync(role, copy, { recursive: true })
    const tasks = join(copy, 'roles/ptrace_probe/tasks/fact.yml')
    writeFileSync(tasks, change(readFileSync(tasks, 'utf8')))
    return execute(
      ['ansible-lint', '--offline', '--nocolor', '--profile', 'production', 'playbook.yml'],
      { cwd: copy, env: { HOME: place, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } },
    )
  }
  const { code, stderr } = await lint((text) => text)
  t.equal(code, 0, { stderr })
  t.match(stderr, /Passed with production profile: 0 failure\(s\), 0 warning\(s\) on [5-9] files/)
  t.not((await lint((text) => text.replace('ansible.builtin.slurp', 'slurp'))).code, 0)
})

t.test('it measures, writes the fact and removes its folder', needs.root(), async (t) => {
  const first = await play(['plain'], { ptrace_probe_policies: ['stig'] })
  t.equal(first.code, 0, { stdout: first.stdout, stderr: first.stderr })
  const envelope = JSON.parse(read('hosts/plain.json'))
  t.match(envelope, { host: 'probed', asserts: [{ policy: { id: 'stig' } }] })
  const { collected: _, ...written } = JSON.parse(read(fact))
  const { value, name, certainty } = envelope.report.scope.enforced
  t.match(written, {
    enforced: { value, name, certainty },
    policies: { stig: envelope.asserts[0].met },
  })
  t.strictSame(files('opt'), [])
  t.match(read('fleet.html'), 'probed')
  const second = await play(['plain'], { ptrace_probe_policies: ['stig'] })
  t.match(second.recap, { plain: { changed: 0, failed: 0 } })
  const { collected: __, ...again } = JSON.parse(read(fact))
  t.strictSame(again, written, 'a second run changes nothing but the time')
})

t.test('a host where it fails keeps nothing of it', needs.root(), async (t) => {
  const before = [files('opt'), files('etc')]
  t.not((await play(['plain'], { ptrace_probe_policies: ['none'] })).code, 0)
  t.strictSame([files('opt'), files('etc')], before)
})

t.test('names that mean something elsewhere are names', needs.root(), async (t) => {
  const before = [files('opt'), files('etc')]
  const { code, stdout, stderr } = await play(
    hostile,
    { ptrace_probe_fact: false },
    '$(touch pwned)<b>;',
  )
  t.equal(code, 0, { stdout, stderr })
  t.strictSame([files('opt'), files('etc')], before, 'without the fact, nothing is left')
  t.equal(files('hosts').length, hostile.length)
  t.ok(readdirSync(hosts).every((name) => name.endsWith('.json')))
  const strange = readdirSync(place).filter((name) => /pwned|escaped/.test(name))
  t.strictSame(strange, [])
  t.match(JSON.parse(read('hosts/plain.json')), { host: '$(touch pwned)<b>;' })
  t.match(read('fleet.html'), '$(touch pwned)&#60;b&#62;;')
})

t.test('a folder that stays is unpacked once, and mended', needs.root(), async (t) => {
  const staying = { ptrace_probe_stay: true, ptrace_probe_policies: ['stig', 'cis'] }
  const first = await play(['plain'], staying)
  t.match(first.recap, { plain: { changed: 2, failed: 0 } }, 'the folder and the fact')
  t.match(files('opt'), ['ptrace-probe', 'ptrace-probe/LICENSE'])
  t.match((await play(['plain'], staying)).recap, { plain: { changed: 0, failed: 0 } })
  writeFileSync(join(place, 'opt/ptrace-probe/ptrace-probe'), '')
  t.match((await play(['plain'], staying)).recap, { plain: { changed: 1, failed: 0 } })
  t.match(read('opt/ptrace-probe/ptrace-probe'), '#!/bin/sh')
})
