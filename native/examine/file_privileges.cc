#include "examine/file_privileges.h"

#include <errno.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

namespace ptrace_probe {

// ST_NOSUID of statfs(2), which only libc's other header names.
constexpr auto kNosuid = 2;

FilePrivileges ReadFilePrivileges(const char* path) {
  FilePrivileges result;
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
  return result;
}

}  // namespace ptrace_probe
