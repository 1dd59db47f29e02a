import { both, type Change, put } from './edit.js'

/** `fostered`: a child of a tracer that is a subreaper. For Yama a child as any other. */
export const relation: Change = {
  'lib/model/relations.ts': put(
    /^\} as const satisfies Readonly<Record<string, RelationRow>>$/m,
    `  fostered: {
    tree: { ...plain, targetParent: 'tracer', tracerAdopts: true },
    descends: true,
    label: 'child of a subreaper',
    phrase: 'a child of a subreaper',
    about: 'a child of a tracer that is a subreaper',
  },
$&`,
  ),
  'lib/probe/scenarios.ts': put(
    /^const rows.*$/m,
    "$&\n  { relations: ['fostered'], consents: ['none'], attempts: access },",
  ),
  'test/helpers/model.ts': put(/'adopted'\]\)/, "'adopted', 'fostered'])"),
  'test/format/report.test.ts': put(
    /^ {2}orphan {6}.*$/m,
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
  'docs/guide/report.md': put(
    /^\| `orphan` \|.*$/m,
    '$&\n| `fostered` | a child of a tracer that is a subreaper |',
  ),
}
