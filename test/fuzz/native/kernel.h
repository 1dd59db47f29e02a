// The kernel, as a fuzzer makes it up. Every system call of the engine goes through syscall(2),
// which a target defines by answering with one of these.

#ifndef PTRACE_PROBE_TEST_FUZZ_KERNEL_H_
#define PTRACE_PROBE_TEST_FUZZ_KERNEL_H_

#include <errno.h>
#include <fuzzer/FuzzedDataProvider.h>
#include <linux/stat.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

#include <map>
#include <string>
#include <vector>

namespace fuzz {

// What must not be: libFuzzer takes it for a crash and keeps the input.
#define REQUIRE(condition) \
  if (!(condition)) __builtin_trap()

constexpr pid_t kOwnPid = 4242;

class Kernel {
 public:
  Kernel(const uint8_t* data, size_t size) : data_(data, size) {}

  FuzzedDataProvider& data() { return data_; }
  size_t open_files() const { return files_.size(); }

  // The text of a file, when it is opened next; without one the fuzzer makes it up.
  void Serve(std::string text) { served_.push_back(std::move(text)); }

  long Call(long number, va_list arguments) {
    switch (number) {
      case SYS_openat:
        return Open();
      case SYS_read: {
        const int fd = va_arg(arguments, int);
        char* buffer = va_arg(arguments, char*);
        return Read(fd, buffer, va_arg(arguments, size_t));
      }
      case SYS_close:
        REQUIRE(files_.erase(va_arg(arguments, int)) == 1);
        return 0;
      case SYS_readlinkat: {
        va_arg(arguments, int);
        va_arg(arguments, char*);
        char* buffer = va_arg(arguments, char*);
        return Link(buffer, va_arg(arguments, size_t));
      }
      case SYS_getdents64: {
        const int fd = va_arg(arguments, int);
        char* buffer = va_arg(arguments, char*);
        return List(fd, buffer, va_arg(arguments, size_t));
      }
      case SYS_statx: {
        for (int i = 0; i < 4; ++i) va_arg(arguments, long);
        if (Fails()) return -1;
        va_arg(arguments, struct statx*)->stx_uid = data_.ConsumeIntegral<uint32_t>();
        return 0;
      }
      case SYS_getpid:
      case SYS_gettid:
        return kOwnPid;
      case SYS_getresuid:
      case SYS_getresgid:
        for (int i = 0; i < 3; ++i)
          *va_arg(arguments, uint32_t*) = data_.ConsumeIntegral<uint8_t>();
        return 0;
      case SYS_pidfd_open:
        if (Fails()) return -1;
        files_[next_] = {};
        return next_++;
      case SYS_ppoll:
        return data_.ConsumeBool() ? 1 : 0;
      default:
        // process_vm_readv, get_robust_list: an error, or 0; pidfd_getfd as well, which is asked
        // for a descriptor that no process has: 0 is what a filter invents.
        return Fails() ? -1 : 0;
    }
  }

 private:
  struct File {
    std::string text;
    size_t at = 0;
    bool is_listed = false;
  };

  // When the input has come to its end, no call fails any more.
  bool Fails() {
    constexpr int kErrors[] = {0, 0, 0, EPERM, EACCES, ESRCH, ENOENT, EBADF, EFAULT, EIO, ENOSYS};
    errno = data_.PickValueInArray(kErrors);
    return errno != 0;
  }

  long Open() {
    if (!served_.empty()) {
      files_[next_].text = std::move(served_.back());
      served_.pop_back();
      return next_++;
    }
    if (Fails()) return -1;
    files_[next_].text = data_.ConsumeRandomLengthString();
    return next_++;
  }

  // Now and then fewer bytes than there are (read(2)), or a signal comes.
  long Read(int fd, char* buffer, size_t size) {
    REQUIRE(files_.count(fd) == 1);
    File& file = files_[fd];
    const int how = data_.ConsumeIntegralInRange(0, 15);
    if (how == 15) {
      errno = EIO;
      return -1;
    }
    if (how == 14 && interrupts_++ < 8) {
      errno = EINTR;
      return -1;
    }
    size_t n = file.text.size() - file.at;
    if (n > size) n = size;
    if (how == 13 && n > 1) n = 1;
    if (how == 12 && n > 1) n /= 2;
    memcpy(buffer, file.text.data() + file.at, n);
    file.at += n;
    return static_cast<long>(n);
  }

  long Link(char* buffer, size_t size) {
    const bool is_own = data_.ConsumeIntegralInRange(0, 3) != 3;
    const std::string text =
        is_own ? std::to_string(kOwnPid) : data_.ConsumeRandomLengthString(100);
    if (Fails()) return -1;
    const size_t n = text.size() < size ? text.size() : size;
    memcpy(buffer, text.data(), n);
    return static_cast<long>(n);
  }

  // The kernel's own code writes the records, whatever the names are (getdents(2)).
  long List(int fd, char* buffer, size_t size) {
    REQUIRE(files_.count(fd) == 1);
    File& file = files_[fd];
    if (file.is_listed) return 0;
    file.is_listed = true;
    size_t used = 0;
    for (const char* name = file.text.c_str(); *name != '\0';) {
      const char* end = strchr(name, '\n');
      const size_t length = end == nullptr ? strlen(name) : static_cast<size_t>(end - name);
      const size_t record = (19 + length + 1 + 7) / 8 * 8;
      if (length > 255 || used + record > size) break;
      memset(buffer + used, 0, record);
      const uint16_t written = static_cast<uint16_t>(record);
      memcpy(buffer + used + 16, &written, sizeof written);
      memcpy(buffer + used + 19, name, length);
      used += record;
      name += length + (end == nullptr ? 0 : 1);
    }
    return static_cast<long>(used);
  }

  FuzzedDataProvider data_;
  std::map<int, File> files_;
  std::vector<std::string> served_;
  int next_ = 50;
  int interrupts_ = 0;
};

}  // namespace fuzz

#endif  // PTRACE_PROBE_TEST_FUZZ_KERNEL_H_
