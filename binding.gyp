{
  "targets": [
    {
      "target_name": "ptrace-probe",
      "conditions": [
        ["OS!='linux'", { "type": "none" }, {
          "sources": [
            "native/addon.cc",
            "native/convert.cc",
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
            "native/shed.cc"
          ],
          "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
          "defines": [
            "NAPI_VERSION=8",
            "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS",
            "NODE_ADDON_API_DISABLE_DEPRECATED",
            "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
          ],
          "cflags!": ["-O3"],
          "cflags": [
            "-O2",
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
          "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
          "ldflags!": ["-rdynamic"],
          "ldflags": [
            "-Wl,--gc-sections",
            "-Wl,-z,now",
            "-Wl,-z,relro",
            "-Wl,-z,nodelete"
          ]
        }]
      ]
    }
  ]
}
