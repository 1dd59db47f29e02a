/**
 * Completions for bash, zsh and fish, from the tables of commands and options. Names of processes
 * come from outside: none of the scripts has its shell expand or run them.
 */
export function completions(tables) {
  return {
    'ptrace-probe.bash': bash(tables),
    '_ptrace-probe': zsh(tables),
    'ptrace-probe.fish': fish(tables),
  }
}

const remark = '# Made from the tables of the command line; do not edit.'
const processNames = 'cat /proc/*/comm 2>/dev/null | sort -u'

/** Each command with its options in full. */
function* rows({ commands, optionRows }) {
  for (const [name, command] of Object.entries(commands)) {
    const options = Object.entries(command.options).map(([option, does]) => ({
      ...optionRows.find((each) => each.name === option),
      does: does.replaceAll('\n', ' '),
    }))
    yield { name, command, options }
  }
}

/** The words that are made of other tables, each with its line. */
function madeOf({ scenariosFor, toolRows, profileRows }) {
  const needs = new Set(
    scenariosFor(['caller'])
      .filter(({ relation }) => relation !== null)
      .map(({ relation, consent }) => `${relation}${consent === 'none' ? '' : `+${consent}`}`),
  )
  const tools = toolRows.filter(({ attach }) => attach !== null)
  return {
    needs: [...needs].map((need) => [need, 'to be allowed']),
    cells: [...needs].flatMap((need) => {
      return ['allowed', 'denied'].map((status) => [
        `${need}=${status}`,
        `expected to be ${status}`,
      ])
    }),
    tools: [...new Map(tools.flatMap(({ names, kind }) => names.map((name) => [name, kind])))],
    profiles: Object.entries(profileRows).map(([name, { advice }]) => [name, advice]),
  }
}

/**
 * The words to offer to a command, each with its line; null: the shell has to look them up. A form
 * such as user:NAME is no word that could be completed.
 */
function wordsOf(tables, offers, { formats }) {
  const made = madeOf(tables)[offers]
  if (made !== undefined) return made
  if (!tables.isWordList(offers)) return null
  return tables.wordsOf(offers, formats).words.filter(([word]) => !/[A-Z]/.test(word))
}

const named = (words) => words.map(([word]) => word)

/** What the first word can be, with what it is for. */
function firstWords({ commands }) {
  const summaries = Object.entries(commands).map(([name, { summary }]) => [name, summary])
  return [...summaries, ['help', 'how to use a command']]
}

/** A shell pattern of the options that take the next word as their value. */
function valued({ optionRows }) {
  return optionRows
    .filter(({ value }) => value)
    .map(({ name }) => `--${name}`)
    .join('|')
}

function bash(tables) {
  const lookUps = {
    users: '_ptrace_probe_offer < <(compgen -u)',
    pids: '_ptrace_probe_offer < <(cd /proc && printf "%s\\n" [0-9]*)',
    'process names': `_ptrace_probe_offer < <(${processNames})`,
    files: '_ptrace_probe_offer < <(compgen -f -- "$current")',
    directories: '_ptrace_probe_offer < <(compgen -d -- "$current")',
  }
  const offer = (words) => `_ptrace_probe_offer < <(printf '%s\\n' ${words.join(' ')})`
  const act = (offers, command) =>
    offers === undefined ? ':' : (lookUps[offers] ?? offer(named(wordsOf(tables, offers, command))))
  const cases = [...rows(tables)].flatMap(({ name, command, options }) => [
    ...options
      .filter(({ value }) => value)
      .map((row) => `    '${name} --${row.name}') ${act(row.offers, command)} ;;`),
    `    '${name} -'*) ${offer(options.map((row) => `--${row.name}`))} ;;`,
    `    '${name} '*) ${act(command.offers, command)} ;;`,
  ])
  const names = Object.keys(tables.commands)
  const first = firstWords(tables).map(([word]) => word)
  return `# bash completion of ptrace-probe(1)
${remark}

# Offers the lines of its input that begin with the current word, as they are.
_ptrace_probe_offer() {
  local line
  while IFS= read -r line; do
    [[ $line == "$current"* ]] && COMPREPLY+=("$(printf %q "$line")")
  done
}

_ptrace_probe() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command= i
  # readline takes the sign in --option=value for a word of its own.
  if [[ $current == = ]]; then current=
  elif [[ $previous == = ]]; then previous=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${valued(tables)}) [[ \${COMP_WORDS[i + 1]} == = ]] && ((i++)); ((i++)) ;;
      ${first.join('|')}) command=\${COMP_WORDS[i]}; break ;;
    esac
  done
  COMPREPLY=()
  [[ $previous == @(${valued(tables)}) ]] || previous=$current
  if [[ -z $command && $previous != -* ]]; then ${offer(first)}; return; fi
  case "\${command:-report} $previous" in
    'help '*) ${offer(names)} ;;
${cases.join('\n')}
  esac
}

complete -F _ptrace_probe ptrace-probe
`
}

function zsh(tables) {
  const lookUps = {
    users: '_users',
    pids: '_ptrace_probe_pids',
    'process names': '_ptrace_probe_names',
    files: '_files',
    directories: '_files -/',
  }
  const act = (offers, command) =>
    offers === undefined ? ' ' : (lookUps[offers] ?? `(${words(wordsOf(tables, offers, command))})`)
  const spec = (text) => `      '${text.replaceAll("'", "'\\''")}'`
  const described = (does) => `[${does.replace(/[[\]:\\]/g, '\\$&')}]`
  const words = (list) =>
    `(${list.map(([word, does]) => `${word}\\:${JSON.stringify(does).replaceAll(':', '\\:')}`).join(' ')})`
  const first = `1:command:(${words(firstWords(tables))})`
  const caseOf = (name, specs) => `    ${name}) _arguments \\\n${specs.map(spec).join(' \\\n')} ;;`
  const cases = [...rows(tables)].flatMap(({ name, command, options }) => {
    const specs = options.flatMap(({ name: option, short, value, offers, does }) => {
      if (value) return [`*--${option}=${described(does)}:${value}:${act(offers, command)}`]
      return [...(short ? [`-${short}`] : []), `--${option}`].map((word) => word + described(does))
    })
    const operands = command.offers ? [`*:operand:${act(command.offers, command)}`] : []
    return [
      caseOf(name, [...specs, ...operands]),
      // Without a command it is the report, or the word of a command is still to come.
      ...(name === 'report' ? [caseOf("''", [...specs, first])] : []),
    ]
  })
  cases.push(caseOf('help', [`1:command:(${Object.keys(tables.commands).join(' ')})`]))
  return `#compdef ptrace-probe
# zsh completion of ptrace-probe(1)
${remark}

_ptrace_probe_pids() {
  compadd -- /proc/<->(:t)
}

_ptrace_probe_names() {
  local -a names
  names=("\${(@f)$(${processNames})}")
  compadd -a names
}

_ptrace_probe() {
  local command= i
  for ((i = 2; i < CURRENT; i++)); do
    case \${words[i]} in
      ${valued(tables)}) ((i++)) ;;
      ${firstWords(tables)
        .map(([word]) => word)
        .join('|')})
        command=\${words[i]}
        # What is left is the command line of the command alone.
        words[2,i]=()
        ((CURRENT -= i - 1))
        break ;;
    esac
  done
  case $command in
${cases.join('\n')}
  esac
}

_ptrace_probe "$@"
`
}

function fish(tables) {
  const lookUps = {
    users: '(__fish_complete_users)',
    pids: '(__fish_complete_pids)',
    'process names': `(${processNames})`,
    files: '(__fish_complete_path)',
    directories: '(__fish_complete_directories)',
  }
  const quoted = (text) => `'${text.replace(/['\\]/g, '\\$&')}'`
  const words = (list) => list.map(([word, does]) => `${word}\\t${quoted(does)}`).join(' ')
  const act = (offers, command) =>
    offers === undefined
      ? ''
      : ` -a ${quoted(lookUps[offers] ?? words(wordsOf(tables, offers, command)))}`
  const lines = [...rows(tables)].flatMap(({ name, command, options }) => {
    const line = (words) => `complete -c ptrace-probe -n '__ptrace_probe_is ${name}'${words}`
    return [
      ...options.map(({ name: option, short, value, offers, does }) => {
        const takes = value ? ` -x${act(offers, command)}` : ''
        return line(`${short ? ` -s ${short}` : ''} -l ${option}${takes} -d ${quoted(does)}`)
      }),
      ...(command.offers ? [line(act(command.offers, command))] : []),
    ]
  })
  const names = Object.keys(tables.commands).join(' ')
  lines.push(
    ...firstWords(tables).map(([word, does]) => {
      return `complete -c ptrace-probe -n '__ptrace_probe_is none' -a ${word} -d ${quoted(does)}`
    }),
    `complete -c ptrace-probe -n '__ptrace_probe_is help' -a '${names}'`,
  )
  return `# fish completion of ptrace-probe(1)
${remark}

# Whether the command line is one of that command; none: of no command yet, which is the report, too.
function __ptrace_probe_is
    set -l words (commandline -opc)
    set -e words[1]
    set -l value 0
    for word in $words
        if test $value = 1
            set value 0
            continue
        end
        switch "$word"
            case ${valued(tables).replaceAll('|', ' ')}
                set value 1
            case ${firstWords(tables)
              .map(([word]) => word)
              .join(' ')}
                test "$word" = $argv[1]
                return
        end
    end
    contains -- $argv[1] none report
end

complete -c ptrace-probe -f
${lines.join('\n')}
`
}
