// What a prebuilt binary brings along of the C++ runtime, and all of it.
//
// A prebuilt binary names no library that it needs. Whatever loads it has a libc already, glibc or
// musl, and the binary's symbols are found there, as Node-API's are found in the program. That is
// how one file serves both. A C++ library need not be there, so what the compiler calls of it is
// here. Only prebuilt binaries are linked with this file; a build from source is linked as usual.
//
// The addon is compiled without exceptions, so whatever would throw one ends the process.

#include <cstdlib>
#include <new>
#include <string>

void* operator new(size_t size) {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}
void* operator new[](size_t size) {
  return operator new(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, size_t) noexcept {
  std::free(memory);
}

extern "C" [[noreturn]] void __cxa_pure_virtual() {
  std::abort();
}

// What libstdc++'s headers call, and declare as code that is elsewhere.
namespace std {
void __throw_bad_alloc() {
  abort();
}
void __throw_bad_array_new_length() {
  abort();
}
void __throw_length_error(const char*) {
  abort();
}
void __throw_logic_error(const char*) {
  abort();
}
void __throw_out_of_range_fmt(const char*, ...) {
  abort();
}
template class basic_string<char>;
}  // namespace std
