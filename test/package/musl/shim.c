/*
 * What Debian's libstdc++ and libgcc_s call of glibc and musl does not have, and what Alpine's
 * libstdc++ has and Debian's does not yet. With it, programs made for Alpine run here under musl.
 */
#define _GNU_SOURCE
#include <link.h>
#include <locale.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

char __libc_single_threaded = 0;

unsigned arc4random(void) {
  unsigned value = 0;
  getrandom(&value, sizeof value, 0);
  return value;
}

size_t __strftime_l(char* s, size_t max, const char* format, const struct tm* tm, locale_t locale) {
  return strftime_l(s, max, format, tm, locale);
}

/* Objects of threads are left to the end of the process. */
int __cxa_thread_atexit_impl(void (*destroy)(void*), void* object, void* library) {
  (void)destroy, (void)object, (void)library;
  return 0;
}

/* Exported by libgcc_s under a version that glibc alone looks up: no feature is claimed. */
unsigned __cpu_model[4];
int __cpu_indicator_init(void) { return 0; }

/* glibc's <dlfcn.h>: finds the unwinding table of the code at an address. */
struct dl_find_object {
  unsigned long long flags;
  void* start;
  void* end;
  struct link_map* map;
  void* eh_frame;
  unsigned long long reserved[7];
};

struct search {
  uintptr_t address;
  struct dl_find_object* found;
};

static int visit(struct dl_phdr_info* info, size_t size, void* data) {
  (void)size;
  struct search* search = data;
  struct dl_find_object object = {0};
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr)* header = &info->dlpi_phdr[i];
    const uintptr_t start = info->dlpi_addr + header->p_vaddr;
    if (header->p_type == PT_GNU_EH_FRAME) object.eh_frame = (void*)start;
    if (header->p_type != PT_LOAD || search->address < start) continue;
    if (search->address >= start + header->p_memsz) continue;
    object.start = (void*)start;
    object.end = (void*)(start + header->p_memsz);
  }
  if (object.start == NULL || object.eh_frame == NULL) return 0;
  *search->found = object;
  return 1;
}

int _dl_find_object(void* address, struct dl_find_object* found) {
  struct search search = {(uintptr_t)address, found};
  return dl_iterate_phdr(visit, &search) == 1 ? 0 : -1;
}

/* std::string::_M_replace_cold: replaces `old` bytes at `place` with `text`, which may lie in the
 * same string; `rest` bytes follow. */
void replace_cold(
    void* string, char* place, size_t old, const char* text, size_t length, size_t rest)
    __asm__("_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE15_M_replace_coldEPcmPKcmm");

void replace_cold(
    void* string, char* place, size_t old, const char* text, size_t length, size_t rest) {
  (void)string;
  char* copy = malloc(length);
  if (copy == NULL) abort();
  memcpy(copy, text, length);
  memmove(place + length, place + old, rest);
  memcpy(place, copy, length);
  free(copy);
}
