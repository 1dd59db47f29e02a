"""Asks ptrace-probe before a debugger attaches. One file for gdb and for lldb:

  (gdb)  source ptrace_probe.py
  (lldb) command script import ptrace_probe.py

  preflight PID                 says whether this debugger may attach, and if not, what would help
  attach-checked PID            attaches, unless a refusal is proved
  preflight-before-attach on    does the same before each `attach PID` that is typed; off: no longer

It runs the command ptrace-probe, or what PTRACE_PROBE_COMMAND names instead. What cannot be told, or
is not proved, never stops an attach.
"""

import json
import os
import re
import shlex
import subprocess

SECONDS = 60
# Both debuggers take the beginning of a name for the one command that begins so. Beside attach-checked
# these have to be names.
SHORT = ("at", "att", "atta", "attac")
ELSEWHERE = "this debugger is connected to another machine or server, which has processes of its own"


class NotAsked(Exception):
    """The command gave no verdict; the message is one sentence."""


def check(pid, tracer):
    """The verdict of `ptrace-probe check` on that process, for a tracer given as options."""
    command = shlex.split(os.environ.get("PTRACE_PROBE_COMMAND", "ptrace-probe"))
    line = [*command, "check", "--json", *tracer, str(pid)]
    try:
        done = subprocess.run(line, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL)
        return json.loads(done.stdout)[0]
    except ValueError:
        said = done.stderr.decode(errors="replace").strip()
        raise NotAsked(said or "ptrace-probe printed no verdict") from None
    except (OSError, subprocess.SubprocessError) as error:
        raise NotAsked(f"ptrace-probe could not be run: {error}") from None


def is_proved_refusal(verdict):
    return verdict["verdict"] == "denied" and verdict["certainty"] == "proved"


def lines(verdict):
    """Verdict and title; unless it is allowed the sentence, the cause, the least that would help."""
    told = [f"{verdict['verdict']}: {verdict['title']}"]
    if verdict["verdict"] == "allowed":
        return told
    told.append(f"  {verdict['message']}")
    if verdict["verdict"] == "denied":
        told.append(f"  cause: {verdict['cause']} ({verdict['certainty']})")
    for remedy in verdict["remedies"][:1]:
        unexplained = verdict["cause"] == "undetermined"
        heading = "what would tell more" if unexplained else "what would change it"
        told.append(f"  {heading}: {remedy['does']}")
        if "command" in remedy:
            told.append(f"    {remedy['command']}")
    return told


def pid_of(text):
    """The PID on a command line."""
    word = text.strip()
    if not re.fullmatch(r"[1-9][0-9]{0,9}", word):
        raise NotAsked(f"expected the PID of a process, found '{word}'")
    return int(word)


def switch_of(text):
    word = text.strip()
    if word not in ("on", "off"):
        raise NotAsked(f"expected on or off, found '{word}'")
    return word == "on"


def program(path, tool):
    """The tracer as options: the program that attaches, or the one of that name in PATH."""
    return ["--tracer", f"program:{path}"] if os.access(path, os.X_OK) else ["--tool", tool]


def for_gdb(gdb):
    """Defines the commands in gdb."""

    def stop(text):
        """An error that gdb can print: in place of a message that it cannot encode it prints its own."""
        charset = gdb.host_charset() if hasattr(gdb, "host_charset") else "ascii"
        plain = text.replace("\u2019", "'")
        return gdb.GdbError(plain.encode(charset, "backslashreplace").decode(charset))

    def ask(pid):
        connection = getattr(gdb.selected_inferior(), "connection", None)
        if connection is not None and connection.type != "native":
            raise NotAsked(ELSEWHERE)
        verdict = check(pid, program(os.path.realpath("/proc/self/exe"), "gdb"))
        # A child of gdb's has asked. Under scope 1 what gdb itself started is below gdb, but not below
        # that child.
        if verdict["cause"] == "yama-restricted":
            own = check(pid, ["--tracer", f"pid:{os.getpid()}"])
            return own if own["verdict"] == "allowed" else verdict
        return verdict

    def refuse_if_proved(pid):
        """What would stop an attach ends the command; all else is told, and the attach goes on."""
        try:
            verdict = ask(pid)
        except NotAsked as error:
            gdb.write(f"not checked: {error}\n")
            return
        if is_proved_refusal(verdict):
            raise stop("\n".join(lines(verdict)))
        if verdict["verdict"] != "allowed":
            gdb.write("\n".join(lines(verdict)) + "\n")

    def last_typed():
        """The number of the last line of the history, and the line."""
        shown = gdb.execute("show commands", to_string=True).rstrip().split("\n")[-1]
        found = re.fullmatch(r"\s*(\d+)\s+(.*?)\s*", shown)
        return (int(found.group(1)), found.group(2)) if found else (0, "")

    class Preflight(gdb.Command):
        """Say whether gdb may attach to a process, and if not, what would help: preflight PID"""

        def __init__(self):
            super().__init__("preflight", gdb.COMMAND_RUNNING)

        def invoke(self, argument, from_tty):
            try:
                gdb.write("\n".join(lines(ask(pid_of(argument)))) + "\n")
            except NotAsked as error:
                raise stop(str(error)) from None

    class AttachChecked(gdb.Command):
        """Attach to a process, unless a refusal is proved: attach-checked PID"""

        def __init__(self):
            super().__init__("attach-checked", gdb.COMMAND_RUNNING)

        def invoke(self, argument, from_tty):
            try:
                pid = pid_of(argument)
            except NotAsked as error:
                raise stop(str(error)) from None
            refuse_if_proved(pid)
            gdb.execute(f"attach {pid}", from_tty)

    class BeforeAttach(gdb.Command):
        """Check before each `attach PID` that is typed: preflight-before-attach on|off"""

        def __init__(self):
            super().__init__("preflight-before-attach", gdb.COMMAND_RUNNING)

        def invoke(self, argument, from_tty):
            try:
                body = "preflight-typed\n" if switch_of(argument) else ""
            except NotAsked as error:
                raise stop(str(error)) from None
            gdb.execute(f"define hook-attach\n{body}end")

    class Typed(gdb.Command):
        """The hook of preflight-before-attach."""

        def __init__(self):
            super().__init__("preflight-typed", gdb.COMMAND_OBSCURE)
            self.seen = last_typed()[0]

        def invoke(self, argument, from_tty):
            # gdb tells a hook no arguments. What was typed is the last line of the history. It is an old
            # one where this attach was not typed, as in a script or from a pipe.
            number, typed = last_typed()
            if number <= self.seen:
                return
            self.seen = number
            found = re.fullmatch(r"att?a?c?h?\s+([1-9][0-9]{0,9})\s*&?", typed)
            if found:
                refuse_if_proved(int(found.group(1)))

    for command in (Preflight, AttachChecked, BeforeAttach, Typed):
        command()
    for short in SHORT:
        try:
            gdb.execute(f"alias -a {short} = attach")
        except gdb.error:  # it is an alias already
            pass


def for_lldb(debugger, name):
    """Defines the commands in lldb; `name` is that of this module there."""
    for word, function in COMMANDS_OF_LLDB.items():
        debugger.HandleCommand(f"command script add -f {name}.{function} {word}")
    aliases = debugger.GetCommandInterpreter()
    for word in SHORT:
        if aliases.AliasExists("attach") and not aliases.AliasExists(word):
            debugger.HandleCommand(f"command alias {word} _regexp-attach")


def ask_for_lldb(debugger, pid):
    import lldb

    if debugger.GetSelectedPlatform().GetName() != "host":
        raise NotAsked(ELSEWHERE)
    # lldb itself does not attach: it starts this program, which does.
    directory = lldb.SBHostOS.GetLLDBPath(lldb.ePathTypeSupportExecutableDir)
    server = os.path.join(str(directory), "lldb-server")
    return check(pid, program(os.environ.get("LLDB_DEBUGSERVER_PATH", server), "lldb-server"))


def lldb_preflight(debugger, argument, result, _):
    """Say whether lldb may attach to a process, and if not, what would help: preflight PID"""
    try:
        result.PutCString("\n".join(lines(ask_for_lldb(debugger, pid_of(argument)))))
    except NotAsked as error:
        result.SetError(str(error))


def lldb_attach_checked(debugger, argument, result, _):
    """Attach to a process, unless a refusal is proved: attach-checked PID"""
    try:
        pid = pid_of(argument)
    except NotAsked as error:
        result.SetError(str(error))
        return
    try:
        verdict = ask_for_lldb(debugger, pid)
        told = lines(verdict)
        if is_proved_refusal(verdict):
            result.SetError("\n".join(told))
            return
        if verdict["verdict"] != "allowed":
            result.AppendWarning("\n".join(told))
    except NotAsked as error:
        result.AppendWarning(f"not checked: {error}")
    debugger.GetCommandInterpreter().HandleCommand(f"process attach -p {pid}", result)


def lldb_before_attach(debugger, argument, result, _):
    """Check before each `attach PID`: preflight-before-attach on|off"""
    try:
        is_on = switch_of(argument)
    except NotAsked as error:
        result.SetError(str(error))
        return
    # `attach` is an alias, which a command of ours can take the place of.
    if is_on != debugger.GetCommandInterpreter().AliasExists("attach"):
        return
    for word in ("attach", *SHORT):
        if is_on:
            debugger.HandleCommand(f"command unalias {word}")
            debugger.HandleCommand(f"command script add -f {__name__}.lldb_attach {word}")
        else:
            debugger.HandleCommand(f"command script delete {word}")
            debugger.HandleCommand(f"command alias {word} _regexp-attach")


def lldb_attach(debugger, argument, result, state):
    """Attach to a process; a PID is checked first."""
    found = re.fullmatch(r"(?:-p\s+|--pid\s+)?([1-9][0-9]{0,9})", argument.strip())
    if found:
        lldb_attach_checked(debugger, found.group(1), result, state)
    else:
        debugger.GetCommandInterpreter().HandleCommand(f"_regexp-attach {argument}", result)


COMMANDS_OF_LLDB = {
    "preflight": "lldb_preflight",
    "attach-checked": "lldb_attach_checked",
    "preflight-before-attach": "lldb_before_attach",
}


def __lldb_init_module(debugger, _):
    for_lldb(debugger, __name__)


try:
    import gdb
except ImportError:  # this is lldb
    pass
else:
    for_gdb(gdb)
