import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pack } from '../../scripts/pack.mjs'
import { testHarnesses } from '../harness/run.js'
import { harnesses } from '../helpers/harnesses.js'
import { temporary } from '../kernels/host.js'
import { install } from './project.js'

const directory = temporary(tmpdir(), 'ptrace-probe-harnesses-')
const project = join(directory, 'project')
mkdirSync(project)
const installed = await install(pack(directory), project)

testHarnesses(
  harnesses.map(({ id }) => id),
  join(installed, 'dist/bin.cjs'),
)
