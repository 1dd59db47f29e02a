import * as v from 'valibot'

const remedy = v.object({ does: v.string(), command: v.optional(v.string()) })

/** What of a verdict of `ptrace-probe check --json` is shown, or decides. */
const verdictSchema = v.object({
  verdict: v.picklist(['allowed', 'denied', 'undetermined']),
  cause: v.nullable(v.string()),
  certainty: v.picklist(['proved', 'inferred', 'undetermined']),
  title: v.string(),
  message: v.string(),
  remedies: v.array(remedy),
})

export type Verdict = v.InferOutput<typeof verdictSchema>

/**
 * The verdict on the one process that `check --json` was asked about.
 *
 * @throws Error if what it printed is none
 */
export function readVerdict(printed: string): Verdict {
  const [verdict] = v.parse(v.tuple([verdictSchema]), JSON.parse(printed))
  return verdict
}

/** Only this may stop an attach: what is not proved may be wrong, and the debugger will say. */
export function isProvedRefusal({ verdict, certainty }: Verdict): boolean {
  return verdict === 'denied' && certainty === 'proved'
}

/** What stands below the title: why, and the remedies that need the least privilege. */
export function details({ message, cause, remedies }: Verdict): string {
  const helps = remedies.slice(0, 3).map(({ does, command }) => {
    return command === undefined ? `- ${does}` : `- ${does}\n    ${command}`
  })
  const why = `${message}${cause === null ? '' : ` (${cause})`}`
  const heading = cause === 'undetermined' ? 'What would tell more' : 'What would change it'
  return helps.length === 0 ? why : `${why}\n${heading}:\n${helps.join('\n')}`
}

/** A refusal in the words that users see where there is no title of its own. */
export function explain(verdict: Verdict): string {
  return `${verdict.title}. ${details(verdict)}`
}
