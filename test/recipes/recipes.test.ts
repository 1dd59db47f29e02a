import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import t from 'tap'
import { plainEnvironment, root } from '../helpers/node.js'
import { cause } from './cause.js'
import { consent } from './consent.js'
import type { Change } from './edit.js'
import { finding } from './finding.js'
import { format } from './format.js'
import { policy } from './policy.js'
import { reader } from './reader.js'
import { relation } from './relation.js'
import { tool } from './tool.js'

const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')

/** Each proof is a build and some files of tests. */
t.setTimeout(600_000)

interface Recipe {
  /** The files of its steps. */
  readonly needed: readonly string[]
  /** The files that only some who follow it have to change: "if …". */
  readonly optional: readonly string[]
  /** The command that shows that it was followed. */
  readonly proof: string
}

function recipe(heading: string): Recipe {
  const [, section = ''] = contributing.split(`\n### ${heading}\n`)
  const [steps = '', rest = ''] = (section.split('\n### ')[0] ?? '').split('\nProof: ')
  const sentences = steps.replace(/\s+/g, ' ').split(/(?<=\.) (?=\d+\. |[A-Z`])/)
  const files = (text: string) =>
    [...text.matchAll(/`([\w.-]+\/[\w./-]+|README\.md)`/g)].map(([, path = '']) => path)
  const needed = sentences
    .filter((sentence) => !/\bif\b/.test(sentence))
    .flatMap((sentence) =>
      files(/^(?:\d+\. )?((?:`[^`]+`(?:, | and )?)+):/.exec(sentence)?.[1] ?? ''),
    )
  return {
    needed,
    optional: files(steps).filter((path) => !needed.includes(path)),
    proof: (/`([^`]+)`/.exec(rest)?.[1] ?? 'false').replaceAll('\n', ' '),
  }
}

/** A copy of the checkout, with the same packages and the addon that was built. */
function copy(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ptrace-probe-recipe-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  chmodSync(directory, 0o755) // tests run as other users, too
  const left = /^(node_modules|dist|prebuilds|\.git|\.tap|docs\/api)$/
  cpSync(root, directory, {
    recursive: true,
    filter: (path) => !left.test(relative(root, path)),
  })
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
  return directory
}

const followed: readonly (readonly [heading: string, change: Change])[] = [
  ['A relation', relation],
  ['A consent', consent],
  ['A policy', policy],
  ['A cause', cause],
  ['A finding, a remedy for it', finding],
  ['A tool', tool],
  ['A reader of sysctl.d', reader],
  ['A format', format],
]

for (const [heading, change] of followed) {
  t.test(`the recipe "${heading}" names what has to change, and its proof passes`, async (t) => {
    const { needed, optional, proof } = recipe(heading)
    const directory = copy()
    const isNew = (path: string) => !existsSync(join(directory, path))
    const changed = Object.keys(change).filter((path) => !optional.includes(path))
    // A recipe may name a directory: any file in it will do.
    const place = (path: string) => (needed.includes(path) ? path : dirname(path))
    t.strictSame(
      changed
        .filter((path) => !isNew(path))
        .map(place)
        .sort(),
      needed.toSorted(),
      'no file more and no file less',
    )
    for (const path of changed.filter(isNew)) {
      t.ok(
        needed.some((file) => dirname(file) === dirname(path)),
        `${path} is beside one of them`,
      )
    }
    for (const [path, edit] of Object.entries(change)) {
      const file = join(directory, path)
      writeFileSync(file, edit(isNew(path) ? '' : readFileSync(file, 'utf8')))
    }
    const { status, stdout, stderr } = spawnSync('sh', ['-c', proof], {
      cwd: directory,
      encoding: 'utf8',
      env: plainEnvironment(),
    })
    const failures = stdout.split('\n').filter((line) => /^ *not ok/.test(line))
    t.strictSame({ status, failures }, { status: 0, failures: [] }, proof, { stdout, stderr })
  })
}
