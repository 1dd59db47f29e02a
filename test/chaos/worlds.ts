/** A machine that is not as usual: the command that runs another one in it. */
interface World {
  readonly wrapper: (place: Place) => readonly string[]
  /** How much longer everything takes there. */
  readonly slowness: number
}

/** What a wrapper may need. */
export interface Place {
  /** The program test/chaos/native/cage.c. */
  readonly cage: string
  /** An empty directory of its own. */
  readonly directory: string
}

/** Runs shell commands in a mount namespace of its own, before the command. */
const mounted = (script: string) => (): readonly string[] => [
  'unshare',
  '--mount',
  '--propagation=private',
  'sh',
  '-ec',
  `${script}\nexec "$@"`,
  'sh',
]

/** In a control group of its own; the shell enters it before it becomes the command. */
const grouped =
  (file: { v1: string; v2: string }, controller: string, value: string) =>
  ({ directory }: Place): readonly string[] => [
    'sh',
    '-ec',
    `name=ptrace-probe-chaos-$$-${directory.replaceAll(/\W/g, '')}
     for group in /sys/fs/cgroup/${controller} /sys/fs/cgroup; do
       mkdir "$group/$name" 2>/dev/null || continue
       for file in ${file.v1} ${file.v2}; do
         [ -e "$group/$name/$file" ] || continue
         echo ${value} > "$group/$name/$file"
         printf %s "$group/$name" > ${directory}/group
         echo $$ > "$group/$name/cgroup.procs"
         exec "$@"
       done
       rmdir "$group/$name"
     done
     exit 99`,
    'sh',
  ]

const procAs = (options: string) => mounted(`mount -t proc -o ${options} proc /proc`)

/** THE table of worlds. */
const worlds = {
  plain: { wrapper: () => [], slowness: 1 },
  'no-proc': { wrapper: mounted('umount -l /proc'), slowness: 1 },
  'covered-proc': { wrapper: mounted('mount -t tmpfs none /proc'), slowness: 1 },
  'covered-sys': { wrapper: mounted('mount -t tmpfs none /proc/sys'), slowness: 1 },
  'proc-elsewhere': {
    wrapper: () => ['unshare', '--pid', '--fork', '--kill-child', '--'],
    slowness: 1,
  },
  'hidepid-1': { wrapper: procAs('hidepid=1'), slowness: 1 },
  'hidepid-2': { wrapper: procAs('hidepid=2'), slowness: 1 },
  'hidepid-4': { wrapper: procAs('hidepid=4'), slowness: 1 },
  'subset-pid': { wrapper: procAs('subset=pid'), slowness: 1 },
  'no-dev': { wrapper: mounted('mount -t tmpfs none /dev'), slowness: 1 },
  chroot: {
    wrapper: ({ directory }) => [
      ...mounted(`mkdir -p ${directory}/root; mount --bind / ${directory}/root`)(),
      'chroot',
      `${directory}/root`,
    ],
    slowness: 1,
  },
  'closed-descriptors': {
    wrapper: ({ cage }) => [cage, 'run', 'close=0', 'close=1', 'close=2', '--'],
    slowness: 1,
  },
  memory: {
    wrapper: grouped({ v1: 'memory.limit_in_bytes', v2: 'memory.max' }, 'memory', '36M'),
    slowness: 4,
  },
  pids: { wrapper: grouped({ v1: 'pids.max', v2: 'pids.max' }, 'pids', '16'), slowness: 1 },
  strace: { wrapper: () => ['strace', '-o', '/dev/null', '--'], slowness: 6 },
  'strace-f': { wrapper: () => ['strace', '-f', '-o', '/dev/null', '--'], slowness: 20 },
  gdb: { wrapper: () => ['gdb', '-q', '-batch', '-ex', 'run', '--args'], slowness: 10 },
} as const satisfies Record<string, World>
export type WorldName = keyof typeof worlds
export const worldNames = Object.keys(worlds) as readonly WorldName[]

export const worldOf = (name: WorldName): World => worlds[name]
