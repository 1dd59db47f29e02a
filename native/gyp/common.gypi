# node-gyp looks for this file beside Node's headers. The addon takes its headers from the packages
# node-addon-api and node-api-headers, and every flag from binding.gyp. So it needs nothing of the
# Node that builds it: no headers, no download, and the binary is the same for each Node.
{
  "target_defaults": {
    "default_configuration": "Release",
    "configurations": { "Release": {} }
  }
}
