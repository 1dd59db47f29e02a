import { testHarnesses } from '../harness/run.js'
import { harnesses, large } from '../helpers/harnesses.js'

testHarnesses(harnesses.map(({ id }) => id).filter((id) => !large.includes(id)))
