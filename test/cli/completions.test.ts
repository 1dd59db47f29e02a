import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { CommandName } from '../../lib/cli/command-line.js'
import { commands } from '../../lib/cli/commands.js'
import { environment } from '../helpers/cli.js'
import { needs } from '../helpers/needs.js'
import { root } from '../helpers/node.js'

const scripts = join(root, 'dist/completions')

function output(file: string, args: readonly string[], cwd: string): string {
  const { stdout, stderr, error, status } = spawnSync(file, args, {
    encoding: 'utf8',
    env: environment({ TERM: 'dumb', LC_ALL: 'C.UTF-8' }),
    timeout: 30_000,
    cwd,
  })
  if (error || status !== 0) throw new Error(`${file}: ${error ?? stderr}`)
  return stdout
}

/** What bash offers. Its words are those of readline, which takes the sign in a=b for a word. */
function bash(line: string, cwd = root): string[] {
  const words = line.split(' ').flatMap((word) => word.split(/(?<=^--[a-z-]+)(=)/))
  const program = `. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ptrace_probe
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const args = ['--norc', '-c', program, 'bash', join(scripts, 'ptrace-probe.bash'), ...words]
  return lines(output('bash', args, cwd))
}

/** What fish offers. */
function fish(line: string, cwd = root): string[] {
  const program = 'source $argv[1]; complete -C $argv[2]'
  const args = ['--no-config', '-c', program, join(scripts, 'ptrace-probe.fish'), line]
  return lines(output('fish', args, cwd)).map((text) =>
    (text.split('\t')[0] ?? '').replace(/^--[a-z-]+=/, ''),
  )
}

/** What an interactive zsh offers when the tabulator is pressed: what its completion adds. */
function zsh(line: string, cwd = root): string[] {
  const home = t.testdir({
    '.zshrc': `fpath=(${scripts} $fpath)
      autoload -Uz compinit && compinit -D -u
      compadd() {
        local -a offered
        builtin compadd -O offered "$@"
        print -rl -- $offered >>$ZDOTDIR/offers
        builtin compadd "$@"
      }
      finish() { print done }
      comppostfuncs=(finish)
      PS1=ready`,
    offers: '',
    driver: `zmodload zsh/zpty
      zpty shell "ZDOTDIR=$1 zsh -i"
      zpty -r shell heard '*ready*'
      zpty -w -n shell "$2"$'\\t'
      zpty -r shell heard '*done*'`,
  })
  output('zsh', ['-f', join(home, 'driver'), home, line], cwd)
  return lines(readFileSync(join(home, 'offers'), 'utf8'))
}

function lines(text: string): string[] {
  return [...new Set(text.split('\n').filter((line) => line !== ''))].sort()
}

const shells = { bash, zsh, fish } as const

/** A name that a shell would run if it were careless. */
const hostile = '$(>ran);`>ran`'

for (const [shell, offered] of Object.entries(shells)) {
  const options = needs.program(shell)
  const line = (name: string): string => `${name} `
  const names = Object.keys(commands)

  t.test(`${shell} offers every command`, options, async (t) => {
    t.strictSame(offered('ptrace-probe '), [...names, 'help'].sort())
    t.strictSame(offered('ptrace-probe help '), names.toSorted())
    t.strictSame(offered('ptrace-probe --timeout 7 sur'), ['survey'])
  })

  for (const name of Object.keys(commands) as CommandName[]) {
    t.test(`${shell} offers the options of ${name} and no others`, options, async (t) => {
      t.strictSame(
        offered(`ptrace-probe ${line(name)}--`),
        Object.keys(commands[name].options)
          .map((option) => `--${option}`)
          .sort(),
      )
    })
  }

  t.test(`${shell} offers the options of the report if no command is named`, options, async (t) => {
    t.strictSame(offered('ptrace-probe --'), offered('ptrace-probe report --'))
  })

  t.test(`${shell} offers the values of an option`, options, async (t) => {
    const { formats } = commands.check
    t.strictSame(offered('ptrace-probe check --format '), formats.toSorted())
    t.strictSame(offered('ptrace-probe check --format=te'), ['text'])
    t.strictSame(offered('ptrace-probe survey --tracer st'), ['stranger'])
    t.strictSame(offered('ptrace-probe --timeout '), [])
    t.ok(offered('ptrace-probe --as-user ').includes(userInfo().username))
  })

  t.test(`${shell} offers what a command is about`, options, async (t) => {
    t.ok(offered('ptrace-probe check ').includes(String(process.pid)))
    t.strictSame(offered('ptrace-probe require sibling+'), [
      'sibling+ancestor',
      'sibling+any',
      'sibling+revoked',
      'sibling+tracer',
      'sibling+unrelated',
    ])
    t.strictSame(offered('ptrace-probe assert --relation chi'), ['child=allowed', 'child=denied'])
    t.ok(offered('ptrace-probe check --tool gd').includes('gdb'))
    t.strictSame(offered('ptrace-probe assert --policy anss'), ['anssi'])
    t.strictSame(offered('ptrace-probe check --method vm'), ['vm-read'])
    // zsh falls back to options.
    const operands = offered('ptrace-probe survey ').filter((word) => !word.startsWith('-'))
    t.strictSame(operands, [])
  })

  t.test(`${shell} offers names of processes, and obeys none`, options, async (t) => {
    const directory = t.testdir({})
    copyFileSync('/bin/sleep', join(directory, hostile))
    const process = spawn(join(directory, hostile), ['60'], { stdio: 'ignore' })
    t.teardown(() => process.kill())
    await once(process, 'spawn')
    const names = offered('ptrace-probe check --name ', directory)
    t.ok(names.map((name) => name.replaceAll('\\', '')).includes(hostile), names.join())
    t.notOk(existsSync(join(directory, 'ran')))
  })
}
