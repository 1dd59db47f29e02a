#include "examine/file_privileges.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

namespace ptrace_probe {

// ST_NOSUID of statfs(2), which only libc's other header names.
constexpr auto kNosuid = 2;

FilePrivileges ReadFilePrivileges(const char* path) {
  FilePrivileges result;
  const int bits = ::prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
  // Without them it is not known what root's programs get.
  if (bits < 0) result.error = errno;
  result.securebits = bits < 0 ? 0 : static_cast<uint32_t>(bits);
  struct statfs mount {};
  if (::statfs(path, &mount) != 0) {
    result.error = errno;
    return result;
  }
  result.nosuid = (mount.f_flags & kNosuid) != 0;
  const ssize_t size =
      ::getxattr(path, "security.capability", result.capability, sizeof(result.capability));
  if (size >= 0) {
    result.size = static_cast<size_t>(size);
  } else if (errno != ENODATA && errno != ENOTSUP) {
    result.error = errno;
  }
  const ssize_t length =
      ::getxattr(path, "security.selinux", result.label, sizeof(result.label) - 1);
  result.label[length < 0 ? 0 : length] = '\0';
  return result;
}

}  // namespace ptrace_probe
