import t from 'tap'
import { testHarnesses } from '../harness/run.js'
import { adopters, asking } from '../helpers/adopters.js'
import { large } from '../helpers/harnesses.js'
import { needs } from '../helpers/needs.js'
import { sleeper } from '../helpers/sleeper.js'

testHarnesses(large)

for (const adopter of adopters.filter(({ language }) => ['go', 'rust'].includes(language))) {
  const { language, program } = adopter
  t.test(
    `the ${language} of the guide blocks only what is proved`,
    needs.program(program),
    async (t) => {
      const ask = asking(t, adopter)
      t.equal(await ask(await sleeper(t)), 'it may\n')
      t.match(await ask(2 ** 22), /^There is no such process\n.*4194304/)
      t.equal(await ask(process.ppid, false), 'it may\n')
    },
  )
}
