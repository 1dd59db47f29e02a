/** When this page last changed, apart from what it takes from the tables. */
const revised = 'November 21, 2026'

const environment = [
  ['NO_COLOR', 'If it is not empty, the output is not coloured.'],
  ['FORCE_COLOR', 'Before NO_COLOR: empty, true, 1, 2 or 3 colours the output, all else does not.'],
  [
    'PTRACE_PROBE_REQUIRE',
    'If it is neither empty nor 0, require fails instead of asking for a skip.',
  ],
]

const examples = [
  ['What is enforced here?', 'ptrace-probe'],
  ['May a debugger that is started here attach to process 123?', 'ptrace-probe check 123'],
  ['Who could read which processes of this machine?', 'ptrace-probe survey'],
]

/** The manual page ptrace-probe(1) in mdoc(7), from the tables of commands, options and words. */
export function manual(tables, version) {
  const { commands, optionRows } = tables
  const { report, ...others } = commands
  return `.\\" Made from the tables of the command line; do not edit.
.Dd ${revised}
.Dt PTRACE-PROBE 1
.Os ptrace-probe ${version}
.Sh NAME
.Nm ptrace-probe
.Nd find out by trying what ptrace is allowed to do, and which rule refuses
.Sh SYNOPSIS
${[report, ...Object.values(others)].map(({ synopsis }) => form(synopsis)).join('\n')}
.Sh DESCRIPTION
${paragraphs(report.about)}
.Pp
Without a command:
${options(report, optionRows)}
${exits(report)}
.Sh COMMANDS
${Object.entries(others)
  .map(
    ([name, command]) => `.Ss ${name}
${paragraphs(command.about)}
${options(command, optionRows)}
${exits(command)}`,
  )
  .join('\n')}
.Sh WORDS
${vocabulary(tables)
  .map(
    ({ title, words }) =>
      `.Ss ${title}\n${list(words.map(([word, does]) => [`Cm ${text(word)}`, does]))}`,
  )
  .join('\n')}
.Sh ENVIRONMENT
${list(environment.map(([name, does]) => [`Ev ${name}`, does]))}
.Sh EXIT STATUS
It depends on the command, see there.
Usage mistakes end with 2 and a sentence on standard error.
.Sh EXAMPLES
${examples.map(([what, line]) => `${text(what)}\n.Pp\n.Dl ${text(line)}`).join('\n.Pp\n')}
.Sh SEE ALSO
.Xr gdb 1 ,
.Xr strace 1 ,
.Xr prctl 2 ,
.Xr ptrace 2 ,
.Xr seccomp 2 ,
.Xr proc 5 ,
.Xr capabilities 7
`
}

/** Every word of the command line and of the answers, with the line of its row. */
function vocabulary({ wordLists, wordsOf, formats, causeRows, findingRows, remedies }) {
  const rows = (table, line) => Object.entries(table).map(([word, row]) => [word, line(row)])
  return [
    ...wordLists.map((name) => {
      const { title, words } = wordsOf(name, Object.keys(formats))
      return { title: name === 'methods' ? 'Methods of a report' : title, words }
    }),
    { title: 'Causes', words: rows(causeRows, ({ because }) => because) },
    { title: 'Findings', words: rows(findingRows, ({ about }) => about) },
    { title: 'Remedies', words: rows(remedies, ({ does }) => does) },
  ]
}

function form(synopsis) {
  return `.Nm\n${synopsis
    .split(' ')
    .map((word) =>
      word === '[OPTION]...'
        ? '.Op Ar option ...'
        : `.${/^[a-z]+$/.test(word) ? 'Cm' : 'Ar'} ${text(word)}`,
    )
    .join('\n')}`
}

function options(command, optionRows) {
  return list(
    Object.entries(command.options).map(([name, does]) => {
      const { short, value } = optionRows.find((row) => row.name === name)
      const flags = `${short ? `Fl ${short} , ` : ''}Fl \\-${text(name)}`
      return [`${flags}${value ? ` Ar ${value}` : ''}`, does]
    }),
  )
}

function exits({ exits }) {
  const codes = exits.map(([code, meaning]) => `${code} ${meaning}`)
  return `.Pp\nExit status:\n${text(codes.join(', '))}.`
}

function list(items) {
  return `.Bl -tag -width Ds
${items.map(([tag, does]) => `.It ${tag}\n${sentences(does)}`).join('\n')}
.El`
}

function paragraphs(about) {
  return about.split('\n\n').map(sentences).join('\n.Pp\n')
}

/** Each sentence on a line of its own, as mdoc(7) wants it. */
function sentences(paragraph) {
  return text(paragraph.replace(/([.?]) (?=[A-Z])/g, '$1\n'))
}

/** Text in which roff finds nothing to obey. */
function text(plain) {
  return plain
    .replaceAll('`', '')
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&')
}
