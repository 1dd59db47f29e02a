import type { Tool, ToolPrivileges, ToolsReport } from '../../lib/model/index.js'
import { effectsOf } from '../../lib/tools/outcomes.js'
import { type ToolRow, toolRows } from '../../lib/tools/table.js'
import type { Machine } from './model.js'
import { report } from './report.js'

/** The row of that tool. */
export function rowOf(name: string): ToolRow {
  const row = toolRows.find(({ names }) => names.includes(name))
  if (row === undefined) throw new Error(`There is no tool ${name}`)
  return row
}

/** A tool of the table on a modelled machine. */
export function tool(
  name: string,
  world: Partial<Machine> = {},
  privileges: ToolPrivileges | null = null,
): Tool {
  const row = rowOf(name)
  const seen = report(world)
  return {
    name,
    kind: row.kind,
    path: `/usr/bin/${name}`,
    package: name,
    version: '1.0-1',
    privileges,
    start: effectsOf(row.start, privileges, seen),
    attach: effectsOf(row.attach, privileges, seen),
    note: row.note ?? null,
    warning: privileges === null ? null : `/usr/bin/${name} gets CAP_SYS_PTRACE.`,
  }
}

/** All tools of PATH on a modelled machine. */
export function toolsReport(
  world: Partial<Machine> = {},
  differences: Partial<ToolsReport> = {},
): ToolsReport {
  const { schemaVersion, tool: self, time, host, caller, scope } = report(world)
  const names = toolRows.flatMap((row) => row.names)
  return {
    schemaVersion,
    tool: self,
    time,
    host,
    caller,
    scope,
    tools: names.map((name) => tool(name, world)),
    unread: [],
    ...differences,
  }
}
