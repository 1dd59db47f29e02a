import { both, type Change, put } from './edit.js'

/** `fostered`: a child of a tracer that is a subreaper. For Yama a child as any other. */
export const relation: Change = {
  'lib/model/vocabulary.ts': put(/'adopted'\] as const/, "'adopted', 'fostered'] as const"),
  'lib/probe/scenarios.ts': both(
    put(
      /^ {2}adopted: \{.*$/m,
      "$&\n  fostered: { ...plain, targetParent: 'tracer', tracerAdopts: true },",
    ),
    put(
      /^const rows.*$/m,
      "$&\n  { relations: ['fostered'], consents: ['none'], attempts: access },",
    ),
  ),
  'lib/format/matrix.ts': put(
    /^ {2}\['child', 'child'\],$/m,
    "$&\n  ['fostered', 'child of a subreaper'],",
  ),
  'lib/model/sentences.ts': put(/^ {2}adopted: .*$/m, "$&\n  fostered: 'a child of a subreaper',"),
  'lib/model/yama.ts': put(/'adopted'\]\.includes/, "'adopted', 'fostered'].includes"),
  'schema/report.json': both(
    put(/"adopted"\]/, '"adopted", "fostered"]'),
    put(/\|adopted\)/, '|adopted|fostered)'),
  ),
  'schema/tools.json': put(/\|adopted\b/g, '$&|fostered'),
  'schema/assert.json': put(/\|adopted\b/g, '$&|fostered'),
  'schema/policy.json': put(/\|adopted\b/g, '$&|fostered'),
  'test/helpers/model.ts': put(/'adopted'\]\)/, "'adopted', 'fostered'])"),
  'test/format/report.test.ts': put(
    /^ {2}child {6}.*$/m,
    '$&\n  child of a subreaper        ✓      ✓             ✓       ✓           ✓',
  ),
  'test/reference/cells.c': both(
    put(/ORPHAN, ADOPTED \}/, 'ORPHAN, ADOPTED, FOSTERED }'),
    put(/"adopted", NULL/, '"adopted", "fostered", NULL'),
    put(
      /^ {4}case CHILD:$/m,
      '    case FOSTERED:\n      prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);\n      /* fall through */\n$&',
    ),
  ),
  'test/fixtures/truth.csv': (text) =>
    text.replace(/^(\w+,)child(,(?!traceme).*)$/gm, (row, tracer, answers) =>
      tracer === 'owner,' ? row : `${row}\n${tracer}fostered${answers}`,
    ),
  'docs/guide/report.md': put(/^ {2}`adopted` \(.*?\)/m, '$&, or `fostered`'),
}
