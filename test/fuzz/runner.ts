// Runs one property: node runner.mjs LIBRARY NAME SECONDS SEED PATH. Without a name it lists all.

import type * as Library from '../../lib/index.js'
import { commandLineProperties } from './properties/command-line.js'
import { evaluationProperties } from './properties/evaluation.js'
import { functionProperties } from './properties/functions.js'
import { growthProperties } from './properties/growth.js'
import { machineProperties } from './properties/machines.js'
import type { Property } from './property.js'

const [, , libraryPath = '', name, seconds, seed, path] = process.argv
const library: typeof Library = await import(libraryPath)
const properties: readonly Property[] = [
  ...functionProperties(library),
  ...evaluationProperties,
  ...commandLineProperties,
  ...machineProperties,
  ...growthProperties,
]

if (name === undefined) {
  console.log(JSON.stringify(properties.map((each) => each.name)))
} else {
  const found = properties.find((each) => each.name === name)
  if (found === undefined) throw new Error(`There is no property '${name}'`)
  const inputs = await found.check({
    seed: Number(seed),
    seconds: Number(seconds),
    ...(path ? { path } : {}),
  })
  console.log(`${inputs} inputs`)
}
