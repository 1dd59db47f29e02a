import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findTool } from '../../lib/tools/attaching.js'
import type { ToolRow } from '../../lib/tools/table.js'

const rows: readonly ToolRow[] = [
  { names: ['dbg-x'], kind: 'debugger', start: null, attach: 'trace-other' },
  { names: ['core-x'], kind: 'debugger', start: null, attach: 'trace-other', through: 'dbg-x' },
  { names: ['core-y'], kind: 'debugger', start: null, attach: 'trace-other', through: 'dbg-y' },
  {
    names: ['trace-x'],
    kind: 'tracer',
    start: null,
    attach: 'trace-other',
    by: [['seize', 'attach']],
  },
  { names: ['prof-x'], kind: 'profiler', start: null, attach: null, note: 'it reads a file' },
]
const directory = t.testdir({ 'dbg-x': '', 'trace-x': '', 'core-x': '' })
for (const name of ['dbg-x', 'trace-x', 'core-x']) chmodSync(join(directory, name), 0o755)
const find = (name: string) => findTool(name, directory, rows)

t.test('a tool is found in PATH, with the calls by which it attaches', async (t) => {
  t.same(find('dbg-x'), { path: join(directory, 'dbg-x'), by: [['attach']] })
  t.same(find('trace-x'), { path: join(directory, 'trace-x'), by: [['seize', 'attach']] })
})

t.test('of a script it is the program that it starts which attaches', async (t) => {
  t.equal(find('core-x').path, join(directory, 'dbg-x'))
  t.throws(() => find('core-y'), { message: /no program dbg-y, which core-y starts, is installed/ })
})

t.test('what attaches to nothing, or is not known, is no tracer', async (t) => {
  t.throws(() => find('prof-x'), {
    message: 'prof-x does not attach to processes: it reads a file',
  })
  t.throws(() => find('other'), {
    message: /unknown tool 'other', expected one of dbg-x, core-x/,
  })
})
