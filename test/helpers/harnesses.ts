/** Test harnesses of other languages, each with a project of one test in test/harness. */

export interface Harness {
  readonly id: 'ctest' | 'meson' | 'automake' | 'bats' | 'pytest' | 'go' | 'cargo'
  /** Programs that it needs besides a shell. */
  readonly programs: readonly string[]
  /** A line of shell that runs the one test in a copy of the project. */
  readonly line: string
  /** What its own summary says, each only in that case. */
  readonly said: Readonly<Record<'passed' | 'skipped' | 'failed', RegExp>>
}

export const harnesses: readonly Harness[] = [
  {
    id: 'ctest',
    programs: ['cmake', 'ctest'],
    line: 'cmake -S . -B build >&2 && ctest --test-dir build --output-on-failure --verbose',
    said: {
      passed: /Test +#1: attach \.+ +Passed/,
      skipped: /Test +#1: attach \.+\*\*\*Skipped/,
      failed: /Test +#1: attach \.+\*\*\*Failed/,
    },
  },
  {
    id: 'meson',
    programs: ['meson', 'ninja'],
    line: 'meson setup build >&2 && meson test -C build --verbose',
    said: { passed: /^Ok: +1/m, skipped: /^Skipped: +1/m, failed: /^Fail: +1/m },
  },
  {
    id: 'automake',
    programs: ['autoreconf', 'automake', 'make'],
    line: 'autoreconf -i >&2 && ./configure >&2 && { make check; status=$?; cat *.log; exit $status; }',
    said: { passed: /^# PASS: +1$/m, skipped: /^# SKIP: +1$/m, failed: /^# FAIL: +1$/m },
  },
  {
    id: 'bats',
    programs: ['bats'],
    line: 'bats --tap attach.bats',
    said: {
      passed: /^ok 1 attaches to a child$/m,
      skipped: /^ok 1 attaches to a child # skip /m,
      failed: /^not ok 1 attaches to a child$/m,
    },
  },
  {
    id: 'pytest',
    programs: ['pytest-3'],
    line: 'pytest-3 -rs -p no:cacheprovider',
    said: { passed: /^=+ 1 passed/m, skipped: /^=+ 1 skipped/m, failed: /^=+ 1 (failed|error)/m },
  },
  {
    id: 'go',
    programs: ['go'],
    line: 'go test -count=1 -v ./...',
    said: {
      passed: /^--- PASS: TestAttachesToAChild/m,
      skipped: /^--- SKIP: TestAttachesToAChild/m,
      failed: /^--- FAIL: TestAttachesToAChild/m,
    },
  },
  {
    id: 'cargo',
    programs: ['cargo'],
    line: 'cargo test --offline --test attach -- --show-output',
    // What cannot be skipped passes, and says why.
    said: {
      passed: /^test attaches_to_a_child \.\.\. ok$(?![\s\S]*^skipped: )/m,
      skipped: /^test attaches_to_a_child \.\.\. ok$[\s\S]*^skipped: /m,
      failed: /^test attaches_to_a_child \.\.\. FAILED$/m,
    },
  },
]

/** They compile for long, so their tests have a file of their own. */
export const large: readonly Harness['id'][] = ['go', 'cargo']
