import { type AnswerName, formatsOf } from '../format/index.js'
import { relations } from '../model/index.js'
import type { CommandName } from './command-line.js'
import { check } from './commands/check.js'
import type { Command } from './context.js'
import { exitCodes } from './exits.js'
import {
  anyOperand,
  checkMistake,
  type FindMistake,
  requireMistake,
  surveyMistake,
} from './mistakes.js'
import type { Offer, OptionName } from './options.js'

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

const common = {
  timeout: 'give up after that many milliseconds',
  output: 'write into that file, which changes all at once',
  'no-color': 'do not colour the output',
  help: 'print this text',
  version: 'print the version',
}

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
      format: `print the report as ${listed('report')}`,
      'as-user': 'measure as that user too; root only, may be repeated',
      ...common,
    },
    formats: formatsOf('report'),
    mistake: anyOperand,
    exits: [[exitCodes.measured, 'measured'], usageExit, failureExit],
    load: async () => (await import('./commands/report.js')).report,
  },
  check: {
    synopsis: 'check PID... [OPTION]...',
    summary: 'whether a process may be attached to; if not, why, and what helps',
    about: `Says whether a debugger may attach to processes that run already, and if not,
which rule refuses and what is the least that would change it. They are neither
attached to nor stopped: they cannot notice. A PID may be that of a thread.

Without --tracer, text tells of all three tracers, while JSON and the exit
status are about self.`,
    options: {
      name: 'check every process of that name, too; may be repeated',
      tracer:
        'self: this process; child: a debugger that it starts;\nstranger: an unrelated process of this user',
      'as-user': 'check for a process of that user; root only',
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
      tracer: 'self, child or stranger (the default), as for check',
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
      root: 'read the unpacked system in that directory instead',
      json: 'print JSON (see schema/settings.json), as --format json',
      format: `print the answer as ${listed('settings')}`,
      output: common.output,
      'no-color': common['no-color'],
      help: common.help,
      version: common.version,
    },
    formats: formatsOf('settings'),
    mistake: anyOperand,
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
      policy: 'expect what that policy wants; may be repeated',
      'policy-file': 'the same of your own (see schema/policy.json)',
      scope: 'expect the behaviour of one of these scopes',
      relation: 'expect that it is allowed, or denied; may be repeated',
      'list-policies': 'print the policies, with sources and dates, and exit',
      'as-user': 'expect it for that user, too; root only',
      json: 'print JSON (see schema/assert.json), as --format json',
      format: `print the answer as ${listed('assert')}`,
      ...common,
    },
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
    options: {
      timeout: common.timeout,
      output: common.output,
      help: common.help,
      version: common.version,
    },
    offers: relations,
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
}

/** `a, b or c`. */
function listed(answer: AnswerName): string {
  return formatsOf(answer)
    .join(', ')
    .replace(/, ([^,]+)$/, ' or $1')
}
