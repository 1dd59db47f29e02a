import { both, type Change, put } from './edit.js'

/** `idle`: the state of proc_pid_stat(5) that only kernel threads have. */
export const cause: Change = {
  'lib/model/causes.ts': put(
    /^ {2}zombie: \{/m,
    "  idle: { title: 'It is idle', because: 'it is idle' },\n$&",
  ),
  'lib/attach/rules/state.ts': put(
    /^export const traced: Rule/m,
    `export const idle: Rule = ({ target: { stat } }) =>
  stat?.state === 'I'
    ? because('idle', 'proved', 'it is idle', [{ source: '/proc/PID/stat state', result: 'I' }])
    : null

$&`,
  ),
  'lib/attach/rules/index.ts': both(
    put(/gone, itself, /, 'gone, idle, itself, '),
    put(/state: \[unusable, /, '$&idle, '),
  ),
  'lib/attach/remedies.ts': put(
    /overcomes: \['already-traced'\]/,
    "overcomes: ['already-traced', 'idle']",
  ),
  'docs/guide/check.md': put(/^\| `zombie` \|.*$/m, '| `idle` | it is idle |\n$&'),
  'test/attach/rules/state.test.ts': put(
    /^ {2}\[\n {4}'a zombie cannot be traced',$/m,
    `  [
    'an idle process cannot be traced',
    examination('granted', { state: 'I' }),
    circumstances(),
    { verdict: 'denied', cause: 'idle', certainty: 'proved' },
  ],
$&`,
  ),
}
