import t from 'tap'
import { growth, type Sample } from './flat.js'

const megabyte = 1024 * 1024

/** Twenty samples: `grown` is what each has more than the one before. */
function samples(grown: Partial<Sample>): Sample[] {
  const { memory = 0, descriptors = 0, threads = 0 } = grown
  return Array.from({ length: 20 }, (_, i) => ({
    memory: 60 * megabyte + i * memory,
    descriptors: 20 + Math.floor(i * descriptors),
    threads: 11 + Math.floor(i * threads),
  }))
}

t.test('a process that holds the same all the time does not grow', async (t) => {
  t.strictSame(growth(samples({})), [])
})

t.test('a heap that breathes does not grow', async (t) => {
  const breathing = samples({}).map((each, i) => ({
    ...each,
    memory: each.memory + (i % 3) * 8 * megabyte,
  }))
  t.strictSame(growth(breathing), [])
})

t.test('memory that is never given back is told', async (t) => {
  t.match(growth(samples({ memory: megabyte })), [/^memory grew by 5242880 bytes/])
})

t.test('a single descriptor or thread more is told', async (t) => {
  t.strictSame(growth(samples({ descriptors: 1 / 19 })), ['descriptors grew from 20 to 21'])
  t.strictSame(growth(samples({ threads: 1 / 19 })), ['threads grew from 11 to 12'])
})

t.test('what is too short to be judged is not judged', async (t) => {
  t.throws(() => growth(samples({}).slice(0, 7)), { message: /eight samples or more, got 7/ })
})
