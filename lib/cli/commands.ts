import { type AnswerName, formatsOf } from '../format/index.js'
import type { CommandName } from './command-line.js'
import { check } from './commands/check.js'
import type { Command } from './context.js'
import { exitCodes } from './exits.js'
import {
  anyOperand,
  checkMistake,
  diffMistake,
  type FindMistake,
  noMistake,
  reportMistake,
  requireMistake,
  settingsMistake,
  surveyMistake,
} from './mistakes.js'
import { aboutOf, type Offer, type OptionName } from './options.js'
import type { WordList } from './words.js'

/**
 * Everything about one command. The parser, the help, the manual page and the completions of the
 * shells read it from here.
 */
export interface CommandRow {
  /** How its command line looks after `ptrace-probe `. */
  readonly synopsis: string
  /** A line for the list of commands. */
  readonly summary: string
  readonly about: string
  /** The options that it takes and what each does here, in the order of the help. */
  readonly options: Readonly<Partial<Record<OptionName, string>>>
  /** What the completions of the shells offer for its operands; nothing if it takes none. */
  readonly offers?: Offer
  /** What else its help explains. */
  readonly words?: readonly WordList[]
  /** The names that `--format` takes. */
  readonly formats: readonly string[]
  readonly mistake: FindMistake
  readonly exits: readonly (readonly [code: number, meaning: string])[]
  /**
   * Loads the code that carries it out. A run reads only what it needs. `check` is there from the
   * start, because debuggers wait for it, and to open one more file takes longer than to read its code.
   */
  readonly load: () => Promise<Command>
}

const usageExit = [exitCodes.usage, 'usage mistake'] as const
const failureExit = [exitCodes.notMeasured, 'could not measure'] as const

const plain = ['help', 'version'] as const
const printed = ['output', 'quiet', 'verbose', 'no-color', ...plain] as const
const common = aboutOf('timeout', ...printed)

/** THE table of commands. */
export const commands: Readonly<Record<CommandName, CommandRow>> = {
  report: {
    synopsis: '[OPTION]...',
    summary: 'the whole report, which is also printed without a command',
    about: `Finds out, by trying, what this machine lets one process do to another with
ptrace, and reports the Yama scope that is really enforced. Only processes that
it starts itself are attached to.`,
    options: {
      json: 'print JSON (see schema/report.json), as --format json',
      format: `print as ${listed('report')}`,
      'as-user': 'measure as that user too; root only, may be repeated',
      profile: 'add what a guide advises: desktop, server or dmz',
      watch: `measure again whenever the scope in /proc changes, and\nsay what changed; until interrupted`,
      ...aboutOf('quiet-kernel'),
      ...common,
    },
    formats: formatsOf('report'),
    mistake: reportMistake,
    exits: [[exitCodes.measured, 'measured'], usageExit, failureExit],
    load: async () => (await import('./commands/report.js')).report,
  },
  check: {
    synopsis: 'check PID... [OPTION]...',
    summary: 'whether a process may be attached to; if not, why, and what helps',
    about: `Says whether a debugger may attach to processes that run already, and if not,
which rule refuses and what is the least that would change it. They are neither
attached to nor stopped: they cannot notice. A PID may be that of a thread.

Without --tracer, text tells about self, child and stranger; JSON and the exit
status are about self.`,
    options: {
      ...aboutOf('name', 'tracer', 'tool', 'method'),
      'as-user': 'check for a process of that user; root only',
      watch: `check again whenever the scope in /proc or a process\nchanges, and say what changed; until interrupted`,
      json: 'print an array of verdicts (see schema/verdict.json)',
      format: `print the verdicts as ${listed('check')}`,
      ...common,
    },
    offers: 'pids',
    formats: formatsOf('check'),
    mistake: checkMistake,
    exits: [
      [exitCodes.measured, 'all allowed'],
      [exitCodes.denied, 'one denied'],
      usageExit,
      [exitCodes.notMeasured, 'undetermined'],
    ],
    load: async () => check,
  },
  survey: {
    synopsis: 'survey [OPTION]...',
    summary: 'the same for every process of the machine, summed up',
    about: `Checks every process of the machine as check does: what could a hijacked process
of this user read, and which rules protect the rest?`,
    options: {
      tracer: 'as for check; stranger is the default',
      method: 'as for check',
      'as-user': 'survey for a process of that user; root only',
      json: 'print one verdict a line (see schema/verdict.json)',
      format: `print the survey as ${listed('survey')}`,
      ...common,
    },
    formats: formatsOf('survey'),
    mistake: surveyMistake,
    exits: [[exitCodes.measured, 'surveyed'], usageExit, failureExit],
    load: async () => (await import('./commands/survey.js')).survey,
  },
  settings: {
    synopsis: 'settings [OPTION]...',
    summary: 'who sets the scope, and what a reboot will make of it',
    about: `Says what is configured for Yama's scope: which file sets it and which package
owns that file, what overrides what and why, what a reboot will make of it, and
how to change it. Nothing is changed.`,
    options: {
      ...aboutOf('root'),
      json: 'print JSON (see schema/settings.json), as --format json',
      format: `print the answer as ${listed('settings')}`,
      ...aboutOf(...printed),
    },
    formats: formatsOf('settings'),
    mistake: settingsMistake,
    exits: [
      [exitCodes.measured, 'consistent'],
      [exitCodes.denied, 'drift'],
      usageExit,
      [exitCodes.notMeasured, 'could not read'],
    ],
    load: async () => (await import('./commands/settings.js')).settings,
  },
  assert: {
    synopsis: 'assert EXPECTATION... [OPTION]...',
    summary: 'whether the machine behaves as a policy wants it to',
    about: `Compares what the machine does, found out by trying, with what hardening guides
and auditors ask for, or with expectations of your own. All that is asked for
has to be met. The value in the kernel's file alone decides nothing: where it
and the behaviour disagree, that is said.

SCOPES is a comparison such as >=1, or a list such as 1,2. CELL is
[IDENTITY/]RELATION[+CONSENT][/METHOD]=allowed, or =denied, in the words of the
report. Without IDENTITY it is about processes without privileges; capable is a
tracer with CAP_SYS_PTRACE over its target.`,
    options: {
      ...aboutOf('policy', 'policy-file', 'scope', 'relation', 'exit-style', 'list-policies'),
      'as-user': 'expect it for that user, too; root only',
      ...aboutOf('quiet-kernel'),
      json: 'print JSON (see schema/assert.json), as --format json',
      format: `print the answer as ${listed('assert')}`,
      ...common,
    },
    words: ['relations', 'consents', 'methods'],
    formats: formatsOf('assert'),
    mistake: anyOperand,
    exits: [[exitCodes.measured, 'met'], [exitCodes.denied, 'not met'], usageExit, failureExit],
    load: async () => (await import('./commands/assert.js')).assert,
  },
  tools: {
    synopsis: 'tools [OPTION]...',
    summary: 'which debuggers, profilers and crash handlers can do their work',
    about: `Finds the debuggers, tracers, profilers, sanitizers, crash handlers and
checkpointers of this machine and says which of them can start a program under
ptrace and which can attach to one that runs already, and why not: derived from
the attempts of the report, not from the configured value. None of them is run.`,
    options: {
      'as-user': 'for that user too; root only, may be repeated',
      json: 'print JSON (see schema/tools.json), as --format json',
      format: `print the tools as ${listed('tools')}`,
      ...common,
    },
    formats: formatsOf('tools'),
    mistake: anyOperand,
    exits: [[exitCodes.measured, 'measured'], usageExit, failureExit],
    load: async () => (await import('./commands/tools.js')).tools,
  },
  require: {
    synopsis: 'require RELATION[+CONSENT][/METHOD] [OPTION]...',
    summary: 'for test harnesses: exit 77 where a test has to be skipped',
    about: `For test harnesses such as CTest (SKIP_RETURN_CODE 77) and automake: tells by
its exit status whether this machine lets this process do what a test needs,
such as sibling, sibling+any or child/traceme, and if not, why. The words are
those of the report; METHOD is attach where none is given. Where
PTRACE_PROBE_REQUIRE=1 is in the environment, nothing may be skipped.`,
    options: aboutOf('quiet-kernel', 'cache', 'timeout', 'output', ...plain),
    offers: 'needs',
    words: ['relations', 'consents', 'methods'],
    formats: ['text'],
    mistake: requireMistake,
    exits: [
      [exitCodes.measured, 'met'],
      [exitCodes.denied, 'not met where required'],
      usageExit,
      [exitCodes.skip, 'not met'],
    ],
    load: async () => (await import('./commands/require.js')).requireRelation,
  },
  explain: {
    synopsis: 'explain [TEXT] [OPTION]...',
    summary: 'what is behind the error text of a debugger',
    about: `Says what an error text of gdb, strace, lldb, delve, LeakSanitizer, py-spy, rr,
VS Code, jhsdb, perf, criu and others may mean, in which order to look for the
cause, and which command tells. Nothing is measured. Without TEXT the texts that
are known are printed.`,
    options: {
      json: 'print JSON (see schema/explain.json), as --format json',
      format: `print the answer as ${listed('explain')}`,
      ...aboutOf(...printed),
    },
    formats: formatsOf('explain'),
    mistake: noMistake,
    exits: [[exitCodes.measured, 'explained'], [exitCodes.denied, 'not known'], usageExit],
    load: async () => (await import('./commands/explain.js')).explain,
  },
  collect: {
    synopsis: 'collect [OPTION]...',
    summary: 'everything about this host on one line, to be compared with others',
    about: `Prints an envelope: the name of the host, the report, the settings, and whether
the host meets policies, as one line of JSON. What brings the envelopes of many
hosts together is up to you; merge sums them up, and diff compares two. With
--format it prints what other programs read of a host.`,
    options: {
      policy: 'say whether the host meets that policy, or all of them',
      'as-user': 'measure as that user too; root only, may be repeated',
      json: 'print the envelope (see schema/envelope.json)',
      format: `print ${listed('collect')}`,
      ...aboutOf('timeout', 'output', ...plain),
    },
    formats: formatsOf('collect'),
    mistake: anyOperand,
    exits: [[exitCodes.measured, 'measured'], usageExit, failureExit],
    load: async () => (await import('./commands/collect.js')).collect,
  },
  merge: {
    synopsis: 'merge [PATH]... [OPTION]...',
    summary: 'the envelopes of many hosts in one summary',
    about: `Sums up the envelopes that collect printed on many hosts, one a line: what is
enforced, whether it is what is declared, what a reboot changes, findings,
policies and kernels, each with up to five hosts. PATH is a file, or a directory
whose files that end with .json, .ndjson or .jsonl are read; without PATH, or
for -, it is standard input. Of several envelopes of a host the latest counts.
A line that is no envelope is named on standard error, and counted.`,
    options: {
      json: 'print JSON (see schema/fleet.json), as --format json',
      format: `print the summary as ${listed('merge')}`,
      ...aboutOf('output', 'quiet', 'no-color', ...plain),
    },
    offers: 'files',
    formats: formatsOf('merge'),
    mistake: noMistake,
    exits: [
      [exitCodes.measured, 'every line was read'],
      [exitCodes.denied, 'one was not'],
      usageExit,
    ],
    load: async () => (await import('./commands/merge.js')).merge,
  },
  diff: {
    synopsis: 'diff BEFORE AFTER [OPTION]...',
    summary: 'what changed between two reports or envelopes',
    about: `Says in sentences what changed between two files, such as before and after an
upgrade. Each has the JSON of the report or of collect. What only one of them
says is not compared, and that is said.`,
    options: {
      json: 'print JSON (see schema/diff.json), as --format json',
      format: `print the changes as ${listed('diff')}`,
      ...aboutOf('output', 'quiet', 'no-color', ...plain),
    },
    offers: 'files',
    formats: formatsOf('diff'),
    mistake: diffMistake,
    exits: [[exitCodes.measured, 'nothing'], [exitCodes.denied, 'something'], usageExit],
    load: async () => (await import('./commands/diff.js')).diff,
  },
}

/** `a, b or c`. */
function listed(answer: AnswerName): string {
  return formatsOf(answer)
    .join(', ')
    .replace(/, ([^,]+)$/, ' or $1')
}
