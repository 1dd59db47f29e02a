"""The commands of ../gdb/ptrace_probe.py for lldb, which the file itself describes:

  (lldb) command script import ptrace_probe.py

It is a file and no link, because an archive or a copy may turn a link into a file that holds a path.
"""

import os

BESIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "gdb", "ptrace_probe.py")

# In this module's namespace: lldb finds the commands by the name of the module that it has imported.
with open(BESIDE, encoding="utf-8") as file:
    exec(compile(file.read(), BESIDE, "exec"))
