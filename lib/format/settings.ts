import { type Assignment, namedScope, type SettingsReport } from '../model/index.js'
import { remedy } from './remedies.js'
import { answered, joined, paint, plain, type Style, wrap } from './terminal.js'

/** What is configured, for a reader at a terminal: the answer first, what to do about it last. */
export function render(report: SettingsReport, style: Style): string {
  if (style.detail === 'quiet') return joined([opening(report, style)])
  return answered(
    [
      opening(report, style),
      origins(report, style),
      packages(report, style),
      selinux(report, style),
      notes(report, style),
      advice(report, style),
    ],
    style,
  )
}

/** What it is now, what it will be, who sets it. */
function opening(report: SettingsReport, style: Style): string[] {
  const [first = '', ...rest] = openingSentences(report)
  return [
    ...wrap(first, style).map((line) => paint(line, report.drift ? 'yellow' : 'bold', style)),
    ...rest.flatMap((sentence) => wrap(sentence, style)),
  ]
}

/** The same as sentences. */
export function openingSentences(report: SettingsReport): string[] {
  const state =
    report.yama === false
      ? 'This kernel has no Yama, so nothing restricts as Yama would, and no file is applied'
      : `${now(report)}, ${later(report)}`
  return [
    `${state}${origin(report)}.`,
    ...(report.latched
      ? ['The kernel refuses every value below 3 until the next boot, whatever the files say.']
      : []),
  ]
}

function now({ declared: { value } }: SettingsReport): string {
  return value === null ? 'The scope now is not declared' : `The scope is ${namedScope(value)} now`
}

function later({ afterReboot, drift }: SettingsReport): string {
  if (afterReboot === null) return 'and what it will be after a reboot cannot be told'
  if (drift === null) return `and a boot ends with ${namedScope(afterReboot)}`
  return drift
    ? `but will be ${namedScope(afterReboot)} after a reboot`
    : 'and will be the same after a reboot'
}

function origin({ afterReboot, persistent, builtIn }: SettingsReport): string {
  const { file, line, value, package: owner } = persistent
  if (file === null) {
    return afterReboot === null || builtIn.value === null
      ? ''
      : ': nothing sets it, and that is what the kernel of this distribution begins with (inferred)'
  }
  const whose = owner === null ? '' : ` of the package ${owner}`
  return afterReboot === null
    ? `; ${file}:${line}${whose} would set ${value}`
    : `: ${file}:${line}${whose} sets it`
}

function heading(text: string, style: Style): string[] {
  return wrap(text, style).map((line) => paint(line, 'bold', style))
}

/** Every line that assigns it, with the one that counts marked. */
function origins({ assignments, reader }: SettingsReport, style: Style): string[] {
  if (assignments.length === 0) return []
  return [
    ...heading(`Assignments, in the order in which ${reader.name} reads them`, style),
    ...assignments.flatMap((each) => assignment(each, style)),
  ]
}

function assignment({ effective, reason, package: owner }: Assignment, style: Style): string[] {
  const whose = owner === null ? '' : ` (Package: ${owner}.)`
  const lines = wrap(`${effective ? '>' : '-'} ${reason}${whose}`, style, '    ', '  ')
  return lines.map((line) => paint(line, effective ? 'green' : 'dim', style))
}

/** Which package lifts the restriction, and what brought it. */
function packages({ pulledIn }: SettingsReport, style: Style): string[] {
  if (pulledIn === null) return []
  const { package: name, installed, by } = pulledIn
  const sentence = installed
    ? `The package ${name} sets 0 for the whole machine. ${
        by.length === 0
          ? 'No installed package is known to want it.'
          : `Installed and wanting it: ${by.join(', ')}.`
      }`
    : `The package ${name}, which sets 0 for the whole machine, is not installed.${
        by.length === 0 ? '' : ` Installed and recommending it: ${by.join(', ')}.`
      }`
  return wrap(sentence, style)
}

/** SELinux's own switch, where it is on now or will be. */
function selinux({ denyPtrace }: SettingsReport, style: Style): string[] {
  if (denyPtrace === null) return []
  const { now, persistent, file } = denyPtrace
  if (now !== true && persistent !== true) return []
  const set =
    persistent === null
      ? ''
      : `, and ${file} sets it to ${persistent ? 'on' : 'off'} for every boot`
  const state = now === null ? 'is not known to be on now' : `is ${now ? 'on' : 'off'} now`
  return wrap(
    `SELinux's boolean deny_ptrace ${state}${set}. While it is on and SELinux is enforcing, ptrace is denied on the whole machine, whatever the scope is.`,
    style,
  )
}

function notes({ problems }: SettingsReport, style: Style): string[] {
  if (problems.length === 0) return []
  return [
    ...heading('To know', style),
    ...problems.flatMap((each) => wrap(`- ${each}`, style, '    ', '  ')),
  ]
}

function advice({ remedies }: SettingsReport, style: Style): string[] {
  if (remedies.length === 0) return []
  return [
    ...heading('What would change it, least privilege first', style),
    ...remedies.flatMap((each) => [
      ...remedy(each, style, '  '),
      ...(each.undo === undefined ? [] : [`      ${plain(`# undo: ${each.undo}`, style)}`]),
    ]),
  ]
}
