// What programs load: dist/index.js, an ES module, dist/index.cjs for require(), and the types of that.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** What lib/index.ts exports besides types: the names by the folder that they come from. */
function libraryExports(root) {
  const text = readFileSync(join(root, 'lib/index.ts'), 'utf8')
  const lines = text.matchAll(/^export \{ (.+) \} from '\.\/(.+)\/index\.js'$/gm)
  return new Map(Array.from(lines, ([, names, folder]) => [folder, names.split(', ')]))
}

/** The functions and the other values of each folder. */
function parts(root, directory) {
  const require = createRequire(join(directory, 'index.js'))
  return [...libraryExports(root)].map(([folder, names]) => {
    const file = `./${folder}.cjs`
    const functions = names.filter((name) => isFunction(require(file)[name]))
    return { folder, file, functions, values: names.filter((name) => !functions.includes(name)) }
  })
}

/**
 * The text of both: they load the same files, so that a program that has both has one library. Each
 * file is loaded when a function of its own is called, so that a program does not wait for what it
 * does not use. It is loaded by `require`: to import CommonJS, Node parses it once more, which takes
 * longer than all the rest.
 *
 * @param words - how this kind of module exports a value and a function
 */
function moduleText(root, directory, { head, value, callable }) {
  const lines = parts(root, directory).flatMap(({ folder, file, functions, values }) => [
    ...values.map((name) => value(name, file)),
    ...(functions.length === 0 ? [] : [`let ${variable(folder)}`]),
    ...functions.map((name) => {
      const loaded = `(${variable(folder)} ??= require('${file}'))`
      return `${callable(name)}(...args) {\n  return ${loaded}.${name}(...args)\n}`
    }),
  ])
  return `${head}${lines.join('\n')}\n`
}

/** The text of dist/index.js. */
export function libraryModule(root, directory) {
  return moduleText(root, directory, {
    head: `import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
`,
    value: (name, file) => `export const { ${name} } = require('${file}')`,
    callable: (name) => `export function ${name}`,
  })
}

/** The text of dist/index.cjs. */
export function commonModule(root, directory) {
  return moduleText(root, directory, {
    head: "'use strict'\n",
    value: (name, file) => `exports.${name} = require('${file}').${name}`,
    callable: (name) => `exports.${name} = function ${name}`,
  })
}

/** The text of dist/index.d.cts: the types of dist/index.js, for a program that is CommonJS. */
export function commonTypes(root, directory) {
  const from = "import('./index.js', { with: { 'resolution-mode': 'import' } })"
  const lines = parts(root, directory).flatMap(({ functions, values }) => [
    ...functions.map((name) => `export declare const ${name}: typeof ${from}.${name}`),
    ...values.flatMap((name) => [
      `export declare const ${name}: typeof ${from}.${name}`,
      // A class is a type, too.
      ...(/^[A-Z]/.test(name) ? [`export type ${name} = ${from}.${name}`] : []),
    ]),
  ])
  const all = "export type * from './index.js' with { 'resolution-mode': 'import' }"
  return `${[all, ...lines].join('\n')}\n`
}

/** Not a class. */
function isFunction(value) {
  return /^(async )?function\b/.test(String(value))
}

function variable(folder) {
  return `${folder}File`
}
