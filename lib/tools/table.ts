import type { AccessMethod, ToolKind } from '../model/index.js'
import type { UseName } from '../probe/index.js'

/** One tool: where it is, and what it does with ptrace. */
export interface ToolRow {
  /** Names in PATH; a version may follow, as in `lldb-14`. */
  readonly names: readonly string[]
  /** Files elsewhere; `*` stands for any text but a slash. */
  readonly places?: readonly string[]
  readonly kind: ToolKind
  /** What it does to a program that it starts; null: it starts none, or without ptrace. */
  readonly start: UseName | null
  /** What it does to a program that it did not start; null: nothing. */
  readonly attach: UseName | null
  /**
   * The calls by which it attaches: each of the inner lists is needed, and of such a list the first
   * call that is not filtered. Without this it is PTRACE_ATTACH.
   */
  readonly by?: readonly (readonly AccessMethod[])[]
  /** It is a script, and this program attaches. */
  readonly through?: string
  /** How it does without ptrace, or what else is to be known: one sentence. */
  readonly note?: string
}

const debuggers = { kind: 'debugger', start: 'trace-child', attach: 'trace-other' } as const
const tracers = { ...debuggers, kind: 'tracer' } as const
const noPtrace = { start: null, attach: null } as const

/** Any directory of libraries: of Debian's architectures, of Fedora, of the rest. */
const libraries = ['/usr/lib/*-linux-*', '/usr/lib64', '/usr/lib'] as const

/** THE table of tools. A new tool is a row. */
export const toolRows: readonly ToolRow[] = [
  { names: ['gdb', 'gdb-multiarch'], ...debuggers },
  { names: ['gdbserver'], ...debuggers },
  { names: ['eu-stack'], ...debuggers, start: null },
  { names: ['gcore', 'gstack', 'pstack'], ...debuggers, start: null, through: 'gdb' },
  { names: ['lldb', 'lldb-server'], ...debuggers },
  { names: ['dlv'], ...debuggers },
  { names: ['edb', 'r2', 'radare2', 'rizin', 'winedbg'], ...debuggers },
  // It records what it started; SEIZE of its own child (Task.cc).
  { names: ['rr'], kind: 'debugger', start: 'seize-child', attach: null },
  // It tries SEIZE out on a child, and goes back to ATTACH where that is refused (strace.c).
  { names: ['strace'], ...tracers, by: [['seize', 'attach']] },
  { names: ['ltrace'], ...tracers },
  { names: ['kcov'], ...tracers },
  { names: ['tracexec', 'proot'], ...tracers, attach: null },
  { names: ['frida-inject', 'frida-server'], ...tracers },
  {
    names: ['perf', 'sysprof-cli'],
    kind: 'profiler',
    ...noPtrace,
    note: 'perf_event_open(2) asks for READ access, which Yama never refuses; kernel.perf_event_paranoid decides',
  },
  {
    names: ['bpftrace', 'bpftool'],
    kind: 'tracer',
    ...noPtrace,
    note: 'bpf(2) asks for capabilities, not for access to a process',
  },
  {
    names: ['py-spy', 'rbspy', 'pystack'],
    kind: 'profiler',
    start: 'read-child',
    attach: 'pause-and-read-other',
    by: [['attach'], ['vm-read']],
  },
  {
    names: ['austin', 'phpspy'],
    kind: 'profiler',
    start: null,
    attach: 'read-other',
    by: [['vm-read']],
  },
  {
    names: ['heaptrack', 'memray'],
    kind: 'profiler',
    start: null,
    attach: 'trace-other',
    note: 'a program that it starts needs no ptrace; it attaches through gdb or lldb',
  },
  {
    names: ['asprof', 'jcmd', 'jstack'],
    kind: 'profiler',
    ...noPtrace,
    note: 'the Java virtual machine answers over a socket of its own, to the same user',
  },
  {
    names: ['jhsdb'],
    places: ['/usr/lib/jvm/*/bin/jhsdb'],
    kind: 'debugger',
    start: null,
    attach: 'attach-other',
  },
  {
    names: ['node'],
    kind: 'debugger',
    ...noPtrace,
    note: 'its inspector is switched on by SIGUSR1 and answers over a socket',
  },
  {
    names: ['valgrind'],
    kind: 'sanitizer',
    ...noPtrace,
    note: 'it translates the program instead of tracing it',
  },
  // A program under valgrind allows any process to attach (m_gdbserver/remote-utils.c).
  { names: ['vgdb'], kind: 'debugger', start: null, attach: 'trace-consenting-to-all' },
  // A clone of the program attaches to it at its end (sanitizer_stoptheworld_linux_libcdep.cpp).
  {
    names: [],
    places: [
      ...libraries.map((path) => `${path}/liblsan.so.*`),
      ...libraries.map((path) => `${path}/libasan.so.*`),
      '/usr/lib/llvm-*/lib/clang/*/lib/*/libclang_rt.lsan*.a',
      '/usr/lib/clang/*/lib/*/libclang_rt.lsan*.a',
    ],
    kind: 'sanitizer',
    start: null,
    attach: 'trace-consenting-parent',
    note: 'LeakSanitizer, which runs when a program of this library ends',
  },
  {
    names: ['chrome_crashpad_handler', 'crashpad_handler'],
    places: ['/opt/*/chrome_crashpad_handler', '/opt/*/*/chrome_crashpad_handler']
      .concat(libraries.map((path) => `${path}/*/chrome_crashpad_handler`))
      .concat(libraries.map((path) => `${path}/*/crashpad_handler`)),
    kind: 'crash-handler',
    start: null,
    attach: 'trace-consenting',
  },
  {
    names: ['createdump'],
    places: [
      '/usr/share/dotnet/shared/*/*/createdump',
      '/usr/lib/dotnet/shared/*/*/createdump',
      '/usr/lib64/dotnet/shared/*/*/createdump',
    ],
    kind: 'crash-handler',
    start: null,
    // The runtime names it (PR_SET_PTRACER), being its parent.
    attach: 'trace-consenting-parent',
  },
  {
    names: ['drkonqi'],
    places: libraries
      .map((path) => `${path}/libexec/drkonqi`)
      .concat(['/usr/libexec/drkonqi', '/usr/lib/drkonqi']),
    kind: 'crash-handler',
    ...noPtrace,
    note: 'releases since 2024 read the core that systemd-coredump stored; earlier ones attached',
  },
  {
    names: ['systemd-coredump', 'apport', 'abrt-hook-ccpp'],
    places: ['/usr/lib/systemd/systemd-coredump', '/lib/systemd/systemd-coredump'].concat([
      '/usr/share/apport/apport',
      '/usr/libexec/abrt-hook-ccpp',
    ]),
    kind: 'crash-handler',
    ...noPtrace,
    note: 'the kernel runs it as root and hands it the core (core(5))',
  },
  {
    names: ['wineserver'],
    places: libraries.map((path) => `${path}/wine/wineserver*`),
    kind: 'debugger',
    start: null,
    attach: 'trace-consenting',
  },
  { names: ['criu'], kind: 'checkpointer', start: null, attach: 'seize-other', by: [['seize']] },
  {
    names: ['reptyr'],
    kind: 'other',
    start: null,
    attach: 'trace-other',
    by: [['seize', 'attach']],
  },
  {
    names: ['scanmem', 'gameconqueror'],
    kind: 'other',
    start: null,
    attach: 'search-other',
    by: [['attach'], ['proc-mem']],
  },
]
