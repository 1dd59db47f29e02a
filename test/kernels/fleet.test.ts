/** The role of contrib/ansible over SSH, on hosts that differ in their scopes. */

import { mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'

import { commandIn } from '../helpers/command.js'
import type { Ended } from '../helpers/node.js'
import { portable, recapOf } from '../helpers/playbook.js'
import { chosenHosts } from './fleet/hosts.js'
import { user, withFleet } from './fleet/lane.js'
import { type Found, factFile } from './fleet/results.js'
import { temporary } from './host.js'

const hosts = chosenHosts()
// The path of a socket, which SSH keeps below it, may have 108 characters only.
const directory = temporary(tmpdir(), 'probe-fleet-')
const bin = join(directory, 'bin')
mkdirSync(bin)
const variables = {
  ptrace_probe_archives: await portable(directory, true),
  ptrace_probe_results: join(directory, 'hosts'),
  ptrace_probe_page: join(directory, 'fleet.html'),
  ptrace_probe_command: join(commandIn(bin), 'ptrace-probe'),
  ptrace_probe_policies: ['stig'],
}
const read = (path: string) => readFileSync(join(directory, path), 'utf8')

/** What Ansible itself leaves on every host. */
const ansibles = [`/home/${user}/.ansible`, `/home/${user}/.ansible/tmp`]
const facts = [dirname(dirname(factFile)), dirname(factFile), factFile]

/** The paths of which more or something else is there than before. */
function changed({ before, after }: { before: Found; after: Found }): string[] {
  const paths = new Set([...Object.keys(before.files), ...Object.keys(after.files)])
  return [...paths].filter((path) => before.files[path] !== after.files[path])
}

t.test('the role over SSH tells hosts apart and leaves them as they were', async (t) => {
  const begin = performance.now()
  const say = (message: string) => t.comment(message)
  const note = (what: string) =>
    say(`${what} after ${((performance.now() - begin) / 1000).toFixed(0)} s`)
  const plays: Ended[] = []
  const gone = await withFleet(
    hosts,
    directory,
    async ({ play }) => {
      note('the hosts listened')
      for (const _ of ['the first time', 'and again']) {
        plays.push(await play(variables))
        note('a play had ended')
      }
    },
    say,
  )
  note('the hosts were off')
  const [first, second] = plays
  for (const { code, stdout, stderr } of plays) t.equal(code, 0, 'it plays', { stdout, stderr })
  for (const [i, { name, scope, fact }] of hosts.entries()) {
    t.test(`${name}, booted with ${scope === null ? 'no Yama' : `scope ${scope}`}`, async (t) => {
      const ok = { failed: 0, unreachable: 0 }
      t.match(recapOf(first?.stdout ?? '')[name], { ...ok, ...(fact ? {} : { changed: 0 }) })
      t.match(recapOf(second?.stdout ?? '')[name], { ...ok, changed: 0 }, 'again nothing changes')
      const { host, report, asserts } = JSON.parse(read(`hosts/${name}.json`))
      t.equal(host, name)
      t.match(report.scope, {
        yama: scope !== null,
        declared: { value: scope },
        enforced: { value: scope, certainty: 'proved' },
      })
      t.match(asserts, [{ policy: { id: 'stig' }, met: scope === 1 }])
      t.match(read('fleet.html'), name, 'it is on the page')
      const [results] = gone.slice(i).map((each) => each.results)
      if (results === undefined) throw new Error(`Nothing came back from ${name}`)
      const left = changed(results).filter((path) => !ansibles.includes(path))
      t.strictSame(
        left.filter((path) => !fact || !facts.includes(path)),
        [],
        'nothing else is left',
      )
      t.strictSame(results.after.processes, results.before.processes, 'no process either')
      t.equal(results.after.scope, scope === null ? null : String(scope))
      const written = { yama: scope !== null, enforced: { value: scope } }
      t.match(JSON.parse(results.after.fact ?? 'null'), fact ? written : null, 'the fact')
    })
  }
})
