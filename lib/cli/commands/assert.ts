import { rendererFor } from '../../format/index.js'
import {
  type Assertion,
  type Identity,
  invalidArgument,
  isUser,
  type Policy,
  quote,
  type Report,
  type Scope,
} from '../../model/index.js'
import {
  commonScopes,
  contradiction,
  expectationsOf,
  judgePolicy,
  parseRelation,
  parseScopes,
  policies,
  remediesFor,
  type Unreadable,
} from '../../policy/index.js'
import { again } from '../again.js'
import type { CommandLine } from '../command-line.js'
import type { Command, Context } from '../context.js'
import { exitCodes } from '../exits.js'
import { policiesNamed, policyNames } from '../policies.js'

/** `ptrace-probe assert`: compares the observed behaviour with policies. */
export const assert: Command = async (commandLine, context) => {
  const { print, style } = context
  if (commandLine.listPolicies) {
    const render = await rendererFor('policies', commandLine.format)
    await print(render(policies, style))
    return exitCodes.measured
  }
  const asked = await askedFor(commandLine, context)
  const report = await context.probe({
    ...commandLine.timeout,
    ...commandLine.kernel,
    identities: identities(commandLine, asked),
  })
  const answer = assertion(report, asked, context.argv)
  const render = await rendererFor('assert', commandLine.format)
  await print(render(answer, style))
  if (answer.met === null) return exitCodes.notMeasured
  return answer.met ? exitCodes.measured : exitCodes.denied
}

/** Every policy that the command line names or describes. */
async function askedFor(commandLine: CommandLine, context: Context): Promise<readonly Policy[]> {
  const { policies: names } = commandLine
  const named = policiesNamed(names)
  const own = ownPolicy(commandLine)
  const read: Policy[] = []
  for (const path of commandLine.policyFiles) read.push(await context.readPolicy(path))
  const asked = [...named, ...read, ...(own === null ? [] : [own])]
  if (asked.length > 0) return asked
  throw invalidArgument(
    'value',
    'assert needs to know what: --policy NAME, --policy-file FILE, --scope SCOPES or ' +
      `--relation CELL; NAME is all, or one of ${policyNames()}`,
  )
}

/** What --scope and --relation say, as one policy; null where there is neither. */
function ownPolicy({ scopes, relations }: CommandLine): Policy | null {
  const accepted = scopes.map((text) => readable('scope', text, parseScopes(text)))
  const expectations = relations.map((text) => readable('relation', text, parseRelation(text)))
  if (accepted.length + expectations.length === 0) return null
  const scope = accepted.reduce<readonly Scope[] | null>(
    (left, right) => left?.filter((value) => right.includes(value)) ?? right,
    null,
  )
  const clash = contradiction(scope, expectations)
  if (clash !== null) throw invalidArgument('value', `nothing can meet this: ${clash}`)
  return {
    origin: 'command-line',
    id: 'command-line',
    title: 'what the command line asks for',
    source: null,
    date: null,
    scope,
    relations,
  }
}

function readable<T extends object>(option: string, text: string, read: T | Unreadable): T {
  if (!('wanted' in read)) return read
  throw invalidArgument('value', `option --${option} expects ${read.wanted}, got ${quote(text)}`)
}

/** The defaults, and the users whom an option or an expectation names. */
function identities({ users }: CommandLine, asked: readonly Policy[]): Identity[] {
  const expected = asked
    .flatMap(({ relations }) => expectationsOf(relations))
    .flatMap(({ asker }) => (isUser(asker) ? [asker] : []))
  const named = users.map((user): Identity => `user:${user}`)
  return [...new Set<Identity>(['caller', 'unprivileged', 'owner', ...named, ...expected])]
}

function assertion(report: Report, asked: readonly Policy[], argv: readonly string[]): Assertion {
  const evaluations = asked.map((policy) => {
    const evaluation = judgePolicy(report, policy)
    return { ...evaluation, remedies: again(evaluation.remedies, argv) }
  })
  const answers = evaluations.map(({ met }) => met)
  const met = answers.includes(false) ? false : answers.includes(null) ? null : true
  const deciding = evaluations.filter((each) => each.met === met)
  const { tool, time, scope } = report
  return {
    schemaVersion: 1,
    tool,
    time,
    met,
    certainty:
      met === null
        ? 'undetermined'
        : deciding.every(({ certainty }) => certainty === 'proved')
          ? 'proved'
          : 'inferred',
    message: message(
      met,
      deciding.map(({ message }) => message),
      asked,
    ),
    scope: { declared: scope.declared, enforced: scope.enforced },
    evaluations,
    remedies: met === true ? [] : again(remediesFor(report, asked, met), argv),
  }
}

/** The one answer, or how many of them decide. */
function message(met: boolean | null, messages: readonly string[], asked: readonly Policy[]) {
  const [first = ''] = messages
  if (asked.length === 1) return first
  const all = `all ${asked.length} that were asked for`
  if (met === true) return `This machine meets ${all}.`
  const some = messages.length < asked.length
  const count = some ? `${messages.length} of the ${asked.length} that were asked for` : all
  if (met === null) return `Whether this machine meets ${count} could not be measured.`
  const never = commonScopes(asked).length === 0 ? ', and no scope meets all of them' : ''
  return some
    ? `This machine does not meet ${count}${never}.`
    : `This machine meets none of the ${asked.length} that were asked for${never}.`
}
