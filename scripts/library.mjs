// dist/index.js, the ES module that programs import.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** What lib/index.ts exports besides types: the names by the module that they come from. */
export function libraryExports(root) {
  const text = readFileSync(join(root, 'lib/index.ts'), 'utf8')
  const lines = text.matchAll(/^export \{ (.+) \} from '\.\/(.+)\.js'$/gm)
  return new Map(Array.from(lines, ([, names, module]) => [module, names.split(', ')]))
}

/**
 * Its text. Each file is loaded when a function of its own is called, so that nobody waits for what
 * he does not use. To import CommonJS takes Node a parser of its own, which is slower than all the
 * rest: hence `require`.
 */
export function libraryModule(root, directory) {
  const require = createRequire(join(directory, 'index.js'))
  const parts = [...libraryExports(root)].map(([module, names]) => {
    const file = `./${module.replaceAll('/', '-')}.cjs`
    const functions = names.filter((name) => isFunction(require(file)[name]))
    const values = names.filter((name) => !functions.includes(name))
    return [
      ...values.map((name) => `export const { ${name} } = require('${file}')`),
      ...(functions.length === 0 ? [] : [`let ${variable(module)}`]),
      ...functions.map((name) => {
        const loaded = `(${variable(module)} ??= require('${file}'))`
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

function variable(module) {
  return `${module.replace(/\W(.)/g, (_, letter) => letter.toUpperCase())}File`
}
