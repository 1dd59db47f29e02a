import { spawnSync } from 'node:child_process'
import t from 'tap'
import { explain } from '../../lib/explain/explain.js'
import { needs } from '../helpers/needs.js'

/** What a program prints to an ordinary user who attaches it to a process of root. */
const attempts: Readonly<Record<string, readonly [id: string, ...args: string[]]>> = {
  gdb: ['gdb-attach', '-batch', '-p'],
  strace: ['strace-attach', '-p'],
  ltrace: ['ltrace-attach', '-p'],
  lldb: ['lldb-attach', '--batch', '-p'],
  dlv: ['delve-owner', 'attach', '--allow-non-terminal-interactive=true'],
  'eu-stack': ['eu-stack', '-p'],
}

for (const [program, [id, ...args]] of Object.entries(attempts)) {
  t.test(
    `what ${program} prints when it is refused is explained`,
    needs.all(needs.root(), needs.program(program)),
    async (t) => {
      const { stdout, stderr } = spawnSync(program, [...args, String(process.pid)], {
        uid: 65534,
        gid: 65534,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' },
      })
      const ids = explain(`${stdout}${stderr}`).explanations.map((each) => each.id)
      t.ok(ids.includes(id), `${ids.join()}: ${stdout}${stderr}`)
    },
  )
}
