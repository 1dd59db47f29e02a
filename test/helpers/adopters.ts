/** The programs of docs/guide/adopt.md, each made to say what it finds about one process. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { bin, environment } from './cli.js'
import { ended, root } from './node.js'

const page = readFileSync(join(root, 'docs/guide/adopt.md'), 'utf8')

/** The one block of that language. */
function block(language: string): string {
  const [, text] = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'ms').exec(page) ?? []
  if (text === undefined) throw new Error(`The page has no ${language}`)
  return text
}

export interface Adopter {
  readonly language: 'ts' | 'python' | 'go' | 'rust' | 'csharp'
  readonly program: string
  /** Files beside the block, and where the block itself goes. */
  readonly files: (block: string) => Readonly<Record<string, string>>
  /** Runs it with PID and PROGRAM as arguments. */
  readonly line: string
}

const library = join(root, 'dist/index.js')

export const adopters: readonly Adopter[] = [
  {
    language: 'ts',
    program: 'node',
    files: (block) => ({
      'refusal.ts': block.replace("'ptrace-probe'", `'${library}'`),
      'main.mjs': `import { refusal } from './refusal.mjs'
console.log((await refusal(Number(process.argv[2]), process.argv[3])) ?? 'it may')`,
    }),
    line: `${join(root, 'node_modules/.bin/esbuild')} --log-level=error refusal.ts --outfile=refusal.mjs && node main.mjs "$@"`,
  },
  {
    language: 'python',
    program: 'python3',
    files: (block) => ({
      'main.py': `import sys
${block}
print(refusal(int(sys.argv[1]), sys.argv[2]) or "it may")
`,
    }),
    line: 'python3 main.py "$@"',
  },
  {
    language: 'go',
    program: 'go',
    files: (block) => ({
      'go.mod': 'module example.org/adopt\n\ngo 1.19\n',
      'preflight/preflight.go': block,
      'main.go': `package main

import (
	"fmt"
	"os"
	"strconv"

	"example.org/adopt/preflight"
)

func main() {
	pid, _ := strconv.Atoi(os.Args[1])
	reason := preflight.Refusal(pid, os.Args[2])
	if reason == "" {
		reason = "it may"
	}
	fmt.Println(reason)
}
`,
    }),
    line: 'go run . "$@"',
  },
  {
    language: 'rust',
    program: 'cargo',
    files: (block) => ({
      'Cargo.toml':
        '[package]\nname = "adopt"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nserde_json = "1"\n',
      // What Debian's librust-serde-json-dev installs.
      '.cargo/config.toml':
        '[source.crates-io]\nreplace-with = "debian"\n[source.debian]\ndirectory = "/usr/share/cargo/registry"\n',
      'src/main.rs': `${block}
fn main() {
    let words: Vec<String> = std::env::args().collect();
    let pid = words[1].parse().expect("a PID");
    println!("{}", refusal(pid, &words[2]).unwrap_or("it may".into()));
}
`,
    }),
    line: 'cargo run --quiet --offline -- "$@"',
  },
  {
    language: 'csharp',
    program: 'mcs',
    files: (block) => ({
      'Preflight.cs': block,
      'Main.cs': `public static class Program
{
    public static void Main(string[] words)
    {
        System.Console.WriteLine(Preflight.Refusal(int.Parse(words[0]), words[1]) ?? "it may");
    }
}
`,
    }),
    line: 'mcs -warnaserror -langversion:7 -r:System.Runtime.Serialization.dll -out:main.exe *.cs && mono main.exe "$@"',
  },
]

/**
 * Writes the program, and runs it from there: it is compiled once.
 *
 * @returns what it says of a process, with a command of that name in PATH, or without one
 */
export function asking(
  t: Test,
  { language, files, line }: Adopter,
): (pid: number, hasCommand?: boolean) => Promise<string> {
  const directory = t.testdir()
  const command = `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`
  const all = { ...files(block(language)), 'bin/ptrace-probe': command }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true })
    writeFileSync(join(directory, name), text, { mode: 0o755 })
  }
  return async (pid, hasCommand = true) => {
    const words = ['-u', 'NODE_OPTIONS', 'sh', '-c', line, 'sh', String(pid), '/bin/true']
    const path = process.env['PATH'] ?? ''
    const child = spawn('env', words, {
      cwd: directory,
      env: environment({ PATH: hasCommand ? `${join(directory, 'bin')}:${path}` : path }),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { stdout, stderr } = await ended(child)
    return stdout || stderr
  }
}
