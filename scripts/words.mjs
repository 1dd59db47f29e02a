// Writes native/words/words.h, the words of lib/ as the enums of the engine, from the one table of them
// (lib/engine/words.ts). A build of the addon in a checkout does this first; the package brings the
// file.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadModule } from './tables.mjs'

const header = join(dirname(fileURLToPath(import.meta.url)), '../native/words/words.h')

/** `control-vm-read` is kControlVmRead. */
const enumerator = (word) => `k${word.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase())}`

function enumOf(name, words, rows = {}) {
  const values = words.map((word) => {
    const about = rows[word]?.about
    return `  ${enumerator(word)},${about === undefined ? '' : `  // ${about.replaceAll('`', '')}`}\n`
  })
  return `enum class ${name} : uint8_t {
${values.join('')}};

template <>
struct WordsOf<${name}> {
  static constexpr std::string_view kText = "${words.join(' ')}";
  static constexpr size_t kCount = ${words.length};
};
`
}

function headerOf({ abi, enums, words, consentRows, methodRows, stepRows }) {
  const rows = { Consent: consentRows, Method: methodRows, Step: stepRows }
  const longest = Math.max(...words.split(/\s/).map(({ length }) => length))
  return `// The words of lib/. Written by scripts/words.mjs from lib/engine/words.ts; do not edit.
// clang-format off

#ifndef PTRACE_PROBE_WORDS_WORDS_H_
#define PTRACE_PROBE_WORDS_WORDS_H_

#include <stddef.h>
#include <stdint.h>

#include <string_view>

namespace ptrace_probe {

// The version of requests and answers.
constexpr uint32_t kAbi = ${abi};

// All of the words below, a line an enum.
inline constexpr std::string_view kWords =
${words
  .split('\n')
  .map((line, at, all) => `    "${line}${at + 1 < all.length ? '\\n' : ''}"`)
  .join('\n')};

constexpr size_t kLongestWord = ${longest};

// The words of an enum, a blank between each, in the order of its values. What each enum is for stands
// in lib/engine/words.ts.
template <typename Enum>
struct WordsOf;

${Object.entries(enums)
  .map(([name, list]) => enumOf(name, list, rows[name]))
  .join('\n')}
}  // namespace ptrace_probe

#endif  // PTRACE_PROBE_WORDS_WORDS_H_
`
}

/** Leaves a file alone that is right, so that make(1) does not build what it has built. */
export async function writeWords() {
  const tables = await loadModule(`
    export { abi, enums, words } from './engine/words.js'
    export { consentRows, methodRows, stepRows } from './model/index.js'`)
  const text = headerOf(tables)
  if (existsSync(header) && readFileSync(header, 'utf8') === text) return
  mkdirSync(dirname(header), { recursive: true })
  writeFileSync(header, text)
}
