import { type Change, put } from './edit.js'

/** `exampletrace`: a tracer that attaches by PTRACE_SEIZE and starts nothing. */
export const tool: Change = {
  'lib/tools/table.ts': put(
    /^ {2}\{ names: \['ltrace'\]/m,
    "  { names: ['exampletrace'], ...tracers, start: null, by: [['seize']] },\n$&",
  ),
  'docs/guide/tools.md': put(/`strace`, /, '$&`exampletrace`, '),
  'test/tools/tools.test.ts': put(
    /^ {2}\['eu-stack', .*$/m,
    "$&\n  ['exampletrace', '- works', '- works', '- refused', '- refused', '- refused'],",
  ),
}
