/** Exit codes of the command. */
export const exitCodes = { measured: 0, denied: 1, usage: 2, notMeasured: 3, skip: 77 } as const

interface StyleRow {
  readonly about: string
  readonly codes: Readonly<Record<number, number>>
}

/** THE table of exit styles: what other programs expect in place of our codes. */
export const exitStyleRows = {
  // Pass, fail, error and unknown (XCCDF_RESULT_* of openscap's sce-engine).
  xccdf: {
    about: 'as OpenSCAP wants it: 101 met, 102 not met, 103 usage mistake, 104 could not measure',
    codes: {
      [exitCodes.measured]: 101,
      [exitCodes.denied]: 102,
      [exitCodes.usage]: 103,
      [exitCodes.notMeasured]: 104,
    },
  },
} as const satisfies Readonly<Record<string, StyleRow>>

/** The name of an exit style. */
export type ExitStyle = keyof typeof exitStyleRows

/** An exit code in the style that was asked for. */
export function inStyle(code: number, style: ExitStyle | undefined): number {
  if (style === undefined) return code
  const { codes }: StyleRow = exitStyleRows[style]
  return codes[code] ?? code
}
