# node-gyp looks for this file beside Node's headers. The addon takes its headers from the package
# node-api-headers and every flag from binding.gyp, so it needs nothing of the Node that builds it:
# no headers, no download, and the same binary whatever Node that is.
{
  "target_defaults": {
    "default_configuration": "Release",
    "configurations": { "Release": {} }
  }
}
