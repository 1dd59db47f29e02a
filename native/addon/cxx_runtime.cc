// What a prebuilt binary brings along of the C++ runtime, and all of it.
//
// A prebuilt binary names no library that it needs. Whatever loads it has a libc already, glibc or
// musl, and the binary's symbols are found there, as Node-API's are found in the program. That is
// how one file serves both. A C++ library need not be there, so what the compiler calls of it is
// here. Only prebuilt binaries are linked with this file; a build from source is linked as usual.

#include <cstdlib>
#include <new>

// The addon is compiled without exceptions: what would throw one ends the process.
void* operator new(size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}
void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}
