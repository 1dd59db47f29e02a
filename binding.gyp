{
  "variables": {
    # 1: a prebuilt binary, which any libc can load (native/universal.cc).
    "universal%": 0
  },
  "targets": [
    {
      "target_name": "ptrace-probe",
      "conditions": [
        ["OS!='linux'", { "type": "none" }, {
          "sources": [
            "native/addon.cc",
            "native/convert.cc",
            "native/objects.cc",
            "native/values.cc",
            "native/engine.cc",
            "native/supervisor.cc",
            "native/roles.cc",
            "native/identity.cc",
            "native/consents.cc",
            "native/methods.cc",
            "native/forked.cc",
            "native/proc_file.cc",
            "native/examine.cc",
            "native/examiner.cc",
            "native/tracers.cc",
            "native/shed.cc",
            "native/file_privileges.cc"
          ],
          "include_dirs": [
            "<!(node -p \"require('node-api-headers').include_dir\")"
          ],
          "defines": ["NAPI_VERSION=8"],
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
            "-Wconversion"
          ],
          "cflags_cc": ["-std=c++17", "-fno-exceptions", "-fno-rtti"],
          "ldflags": [
            "-Wl,--gc-sections",
            "-Wl,-z,now",
            "-Wl,-z,relro",
            "-Wl,-z,nodelete",
            "-Wl,--version-script=<(module_root_dir)/native/exports.map"
          ],
          "conditions": [
            ["universal==1", {
              "sources": ["native/universal.cc"],
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
