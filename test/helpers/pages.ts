import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './node.js'

/** A script of a page of docs/, and what the page says that it prints. */
export interface Reproduction {
  /** Where it stands: the page and its place there. */
  readonly id: string
  readonly as: 'root' | 'user'
  readonly scope: 0 | 1 | 2 | 3
  readonly script: string
  readonly output: string
}

const marked =
  /^<!-- run as (root|user) at scope ([0-3]) -->\n\n```sh\n(.*?)^```\n\n```text\n(.*?)^```$/gms

/** The pages of docs/, one a question. */
export const pages: readonly string[] = readdirSync(join(root, 'docs')).filter((name) =>
  name.endsWith('.md'),
)

/** The scripts of a page that are marked to be run. */
export function reproductions(page: string): Reproduction[] {
  const text = readFileSync(join(root, 'docs', page), 'utf8')
  return [...text.matchAll(marked)].map(([, as, scope, script = '', output = ''], i) => ({
    id: `${page} ${i + 1}`,
    as: as as Reproduction['as'],
    scope: Number(scope) as Reproduction['scope'],
    script,
    output,
  }))
}

/**
 * Whether something printed what the page shows: numbers of two digits and more differ from run to
 * run, lines may break elsewhere, and three dots stand for what was left out.
 */
export function matches(printed: string, shown: string): boolean {
  const same = (text: string): string =>
    text
      .replace(/\d\d[\d.]*/g, '#')
      .replace(/\s+/g, ' ')
      .trim()
  const parts = shown.split(/^\.\.\.$/m).map((part) => {
    return same(part).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('.*')}$`).test(same(printed))
}
