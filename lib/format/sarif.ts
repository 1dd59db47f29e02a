import type { Assignment, SettingsReport } from '../model/index.js'
import { asciiJson } from './json.js'

const source = 'https://docs.kernel.org/admin-guide/LSM/Yama.html'

/** What is told of a line: a rule each, in the order of the log. */
const rules = {
  'scope-classic': {
    level: 'warning',
    name: 'ScopeClassic',
    short: 'A boot ends with scope 0.',
    full: 'This line sets kernel.yama.ptrace_scope to 0, so a process may attach to every other process of its user.',
    help: 'Set 1 instead, or remove the line. `ptrace-probe settings --root DIR` says what else sets it.',
  },
  'no-effect': {
    level: 'note',
    name: 'NoEffect',
    short: 'The line has no effect at boot.',
    full: 'This line says something about kernel.yama.ptrace_scope, but a boot does not end with it.',
    help: 'Remove the line, or the one that overrides it.',
  },
} as const
type RuleId = keyof typeof rules

/**
 * SARIF 2.1.0 of an unpacked system, for code scanning: a result for each line that lifts the
 * restriction or has no effect. Each has a place in a file: GitHub refuses a result without one.
 */
export function settings(report: SettingsReport): string {
  const results = report.assignments.flatMap((each) => {
    const rule = ruleOf(each, report)
    return rule === null ? [] : [result(rule, each, report.root)]
  })
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            semanticVersion: report.tool.version,
            informationUri: 'https://www.npmjs.com/package/ptrace-probe',
            rules: Object.entries(rules).map(([id, { level, name, short, full, help }]) => ({
              id,
              name,
              shortDescription: { text: short },
              fullDescription: { text: full },
              help: { text: help, markdown: help },
              helpUri: source,
              defaultConfiguration: { level },
              properties: { tags: ['security'], precision: 'very-high' },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  }
  return `${asciiJson(log, 2)}\n`
}

function ruleOf({ effective }: Assignment, { persistent }: SettingsReport): RuleId | null {
  if (!effective) return 'no-effect'
  return persistent.value === 0 ? 'scope-classic' : null
}

function result(ruleId: RuleId, { file, line, value, reason }: Assignment, root: string) {
  return {
    ruleId,
    ruleIndex: Object.keys(rules).indexOf(ruleId),
    level: rules[ruleId].level,
    message: { text: reason },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: address(root, file) },
          region: { startLine: line },
        },
      },
    ],
    // Without the line, so that the result stays the same when lines are added above it.
    partialFingerprints: { 'ptraceProbe/v1': `${ruleId}:${file}:${value ?? '-'}` },
  }
}

/**
 * The file as a relative reference, which is one to the root of the repository for GitHub. A root
 * with a path from `/` is no part of it, and then only the path below that root is.
 */
function address(root: string, file: string): string {
  const below = root.startsWith('/') ? [] : root.split('/')
  const parts = [...below, ...file.split('/')].filter((part) => part !== '' && part !== '.')
  // encodeURIComponent() refuses half a character.
  return parts.map((part) => encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'))).join('/')
}
