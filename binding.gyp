{
  "variables": {
    # 1: a prebuilt binary, which any libc can load (native/addon/cxx_runtime.cc).
    "universal%": 0
  },
  "targets": [
    {
      "target_name": "ptrace-probe",
      "conditions": [
        ["OS!='linux'", { "type": "none" }, {
          "sources": [
            "native/addon/addon.cc",
            "native/addon/answers.cc",
            "native/addon/arguments.cc",
            "native/probe/measurement.cc",
            "native/probe/supervisor.cc",
            "native/probe/family_run.cc",
            "native/probe/members.cc",
            "native/probe/identity.cc",
            "native/probe/consents.cc",
            "native/probe/methods.cc",
            "native/probe/attempt.cc",
            "native/probe/controls.cc",
            "native/process/child_process.cc",
            "native/process/credentials.cc",
            "native/process/proc_file.cc",
            "native/examine/examine.cc",
            "native/examine/facts.cc",
            "native/examine/oracles.cc",
            "native/examine/threads.cc",
            "native/examine/vfork.cc",
            "native/examine/examiner.cc",
            "native/examine/examiner_process.cc",
            "native/process/inherited_memory.cc",
            "native/examine/file_privileges.cc"
          ],
          "include_dirs": [
            "native",
            "<!(node -p \"require('node-api-headers').include_dir\")"
          ],
          "defines": [
            "NAPI_VERSION=8",
            "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS",
            # A Worker that is being terminated throws nothing any more: that is no reason to abort.
            "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
          ],
          "cflags": [
            # Start-up and system calls take the time, not this code; half the size loads faster.
            "-Os",
            "-fPIC",
            "-fvisibility=hidden",
            "-ffunction-sections",
            "-fdata-sections",
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Wshadow",
            "-Wconversion",
            # A word that a switch does not know is a mistake, not a default.
            "-Werror=switch"
          ],
          "cflags_cc": [
            "-std=c++17",
            "-fno-exceptions",
            "-fno-rtti",
            # napi.h; its own warnings are not ours to see. Relative to build/, where make runs.
            "-isystem ../<!(node -p \"require('node-addon-api').include_dir\")"
          ],
          "ldflags": [
            "-Wl,--gc-sections",
            "-Wl,-z,now",
            "-Wl,-z,relro",
            "-Wl,-z,nodelete",
            "-Wl,--version-script=<(module_root_dir)/native/addon/exports.map"
          ],
          "conditions": [
            ["universal==1", {
              "sources": ["native/addon/cxx_runtime.cc"],
              # musl has no __*_chk functions; nothing here is unwound; what is not rearranged for
              # the processor compresses better.
              "cflags": [
                "-U_FORTIFY_SOURCE",
                "-fno-asynchronous-unwind-tables",
                "-fno-unwind-tables",
                "-fno-schedule-insns2"
              ],
              "ldflags": ["-nostdlib"]
            }]
          ]
        }]
      ]
    }
  ]
}
