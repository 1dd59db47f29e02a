import t from 'tap'
import { adopters, asking } from '../helpers/adopters.js'
import { needs } from '../helpers/needs.js'
import { sleeper } from '../helpers/sleeper.js'

for (const adopter of adopters.filter(({ language }) =>
  ['ts', 'python', 'csharp'].includes(language),
)) {
  const { language, program } = adopter
  t.test(
    `the ${language} of the guide blocks only what is proved`,
    needs.program(program),
    async (t) => {
      const ask = asking(t, adopter)
      t.equal(await ask(await sleeper(t)), 'it may\n')
      t.match(await ask(2 ** 22), /^There is no such process\n.*4194304/)
      t.match(await ask(process.ppid, language === 'ts'), /^it may$/m)
    },
  )
}
