interface ReaderRow {
  /** When it is taken for the reader of a machine. */
  readonly when: string
  /** What it reads, and what it makes of it. */
  readonly about: string
}

/** THE table of the programs that read sysctl.d(5) at boot, one row each. */
export const readerRows = {
  'systemd-sysctl': {
    when: 'it is installed, and `/sbin/init` is not another init; also assumed if no reader is installed',
    about:
      'all `sysctl.d`, by file name; of each key only the last value; not `/etc/sysctl.conf`, unless a link leads there',
  },
  procps: {
    when: 'a script starts `sysctl --system`: sysvinit, OpenRC',
    about: 'all `sysctl.d`, by file name, then `/etc/sysctl.conf`; writes every line',
  },
  busybox: {
    when: "OpenRC is used, and `sysctl` is busybox's",
    about: 'the files of the script, one after another; writes every line; no patterns',
  },
} as const satisfies Readonly<Record<string, ReaderRow>>

/** The name of a reader. */
export type ReaderName = keyof typeof readerRows
