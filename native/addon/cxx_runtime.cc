// The part of the C++ runtime that a prebuilt binary needs.
//
// A prebuilt binary does not name the libraries that it needs. The process that loads it has a libc
// already, glibc or musl, and the binary finds its symbols there, as it finds those of Node-API in
// the program. In this way one file serves both. A C++ library may be missing, so what the compiler
// and node-addon-api call of it is here. Only prebuilt binaries are linked with this file; a build
// from source is linked as usual. The linker drops what is not called.

#include <cstdlib>
#include <new>
#include <string>

// The addon is compiled without exceptions: where one would be thrown, the process ends.

void* operator new(size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}
void* operator new[](size_t size) {
  return operator new(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}

namespace std {

void __throw_logic_error(const char*) {
  std::abort();
}
void __throw_bad_alloc() {
  std::abort();
}
void __throw_bad_array_new_length() {
  std::abort();
}
void __throw_length_error(const char*) {
  std::abort();
}
void __throw_out_of_range_fmt(const char*, ...) {
  std::abort();
}

// Napi::Error and Napi::AsyncWorker have a message. The headers leave its code to the library.
template class basic_string<char>;

}  // namespace std

// What stands in the table of a class for a function that only its subclasses have.
extern "C" void __cxa_pure_virtual() {
  std::abort();
}
