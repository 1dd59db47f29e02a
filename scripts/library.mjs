// dist/index.js, the ES module that programs import.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** What lib/index.ts exports besides types: the names by the folder that they come from. */
function libraryExports(root) {
  const text = readFileSync(join(root, 'lib/index.ts'), 'utf8')
  const lines = text.matchAll(/^export \{ (.+) \} from '\.\/(.+)\/index\.js'$/gm)
  return new Map(Array.from(lines, ([, names, folder]) => [folder, names.split(', ')]))
}

/**
 * Its text. Each file is loaded when a function of its own is called, so that a program does not
 * wait for what it does not use. It is loaded by `require`: to import CommonJS, Node parses it once
 * more, which takes longer than all the rest.
 */
export function libraryModule(root, directory) {
  const require = createRequire(join(directory, 'index.js'))
  const parts = [...libraryExports(root)].map(([folder, names]) => {
    const file = `./${folder}.cjs`
    const functions = names.filter((name) => isFunction(require(file)[name]))
    const values = names.filter((name) => !functions.includes(name))
    return [
      ...values.map((name) => `export const { ${name} } = require('${file}')`),
      ...(functions.length === 0 ? [] : [`let ${variable(folder)}`]),
      ...functions.map((name) => {
        const loaded = `(${variable(folder)} ??= require('${file}'))`
        return `export function ${name}(...args) {\n  return ${loaded}.${name}(...args)\n}`
      }),
    ].join('\n')
  })
  return `import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
${parts.join('\n')}
`
}

/** Not a class. */
function isFunction(value) {
  return /^(async )?function\b/.test(String(value))
}

function variable(folder) {
  return `${folder}File`
}
