import { both, type Change, put } from './edit.js'

/** `narrowed`: the target named any process, and then its tracer. The last call counts. */
export const consent: Change = {
  'lib/model/consents.ts': put(
    /^ {2}unrelated: \{$/m,
    `  narrowed: {
    admits: true,
    label: ', narrowed to tracer',
    phrase: ' that named any process, then its tracer',
    about: 'first any process, then the tracer',
  },
$&`,
  ),
  'lib/probe/scenarios.ts': put(/'revoked', 'unrelated'\]/, "'revoked', 'narrowed', 'unrelated']"),
  'docs/guide/report.md': put(
    /^\| `unrelated` \|.*$/m,
    '| `narrowed` | first any process, then the tracer |\n$&',
  ),
  'native/probe/consents.cc': put(
    /^ {4}case Consent::kUnrelated:$/m,
    `    case Consent::kNarrowed:
      return Name(kAny) && NameProcess(family->board->members[kTracerRole]);
$&`,
  ),
  'test/helpers/model.ts': put(
    /\['tracer', 'ancestor', 'any'\]/,
    "['tracer', 'ancestor', 'any', 'narrowed']",
  ),
  'test/format/report.test.ts': put(
    /^ {2}sibling, named another .*$/m,
    '  sibling, narrowed to tracer ✓      ✓             ✓       ✓           ✓\n$&',
  ),
  'test/reference/cells.c': both(
    put(/REVOKED, UNRELATED \}/, 'REVOKED, NARROWED, UNRELATED }'),
    put(/"revoked", "unrelated", NULL/, '"revoked", "narrowed", "unrelated", NULL'),
    put(
      /^ {4}case UNRELATED:$/m,
      `    case NARROWED:
      return prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0) == 0 &&
             prctl(PR_SET_PTRACER, (unsigned long)board->tracer, 0, 0, 0) == 0;
$&`,
    ),
  ),
  'test/fixtures/truth.csv': put(/^(\w+,sibling\+)any(,.*)$/gm, '$&\n$1narrowed$2'),
}
