#include "examine/examine.h"

#include "examine/threads.h"
#include "examine/vfork.h"
#include "process/fault.h"
#include "process/proc_file.h"
#include "process/sys.h"

namespace ptrace_probe {
namespace {

void CopyName(const Stat& stat, char (&name)[kNameSize]) {
  for (size_t i = 0; i + 1 < kNameSize; ++i) name[i] = stat.name[i];
}

void ReadTracerName(Examination* out) {
  const Status& status = out->target.status;
  if (status.error != 0 || status.tracer == 0) return;
  Stat stat{};
  ReadStat(status.tracer, &stat);
  if (stat.error == 0) CopyName(stat, out->tracer_name);
}

void ReadAncestors(const Stat& target, CloserLook* out) {
  if (target.error != 0) return;
  int32_t pid = target.parent;
  while (pid > 0 && out->ancestor_count < kMaxAncestors) {
    Stat stat{};
    Ancestor& ancestor = out->ancestors[out->ancestor_count++];
    ancestor.pid = pid;
    ReadStat(pid, &stat);
    if (stat.error != 0) return;
    CopyName(stat, ancestor.name);
    pid = stat.parent;
  }
}

void LookCloser(pid_t pid, Examination* out) {
  CloserLook& closer = out->closer;
  closer.taken = true;
  ReadDetails(pid, &closer.target);
  ReadAncestors(out->target.stat, &closer);
  const pid_t self = static_cast<pid_t>(::syscall(SYS_gettid));
  ReadFacts(self, &closer.self);
  ReadDetails(self, &closer.self_details);
}

bool HasEnded(int pidfd) {
  pollfd fd{pidfd, POLLIN, 0};
  const timespec now{};
  return ::syscall(SYS_ppoll, &fd, 1L, &now, nullptr, size_t{8}) > 0;
}

void ExamineOne(pid_t pid, uint32_t oracles, Examination* out) {
  *out = {};
  fault::At(fault::Point::kExaminationBegins);
  out->pid = pid;
  out->proc_is_ours = ProcIsOurs();
  // While the descriptor is open the PID may be taken by another process, but then this one has
  // ended, and that shows at the end. Where a filter may answer, or kill, it is not opened.
  int pidfd = -1;
  out->pidfd_error = ENOSYS;
  if (Has(oracles, Oracle::kPidfdGetfd)) {
    pidfd = sys::PidfdOpen(pid);
    out->pidfd_error = pidfd < 0 ? errno : 0;
  }
  fault::At(fault::Point::kExaminationOpened);
  if (out->pidfd_error == ESRCH) {
    out->target.stat.error = out->target.status.error = ESRCH;
    return;
  }
  if (out->proc_is_ours) {
    ReadFacts(pid, &out->target);
    ReadTracerName(out);
  } else {
    out->target.stat.error = out->target.status.error = ENOENT;
  }
  fault::At(fault::Point::kExaminationRead);
  const bool granted = AskAttach({pid, pidfd, out->proc_is_ours}, oracles, &out->answers);
  fault::At(fault::Point::kExaminationAsked);
  // What is refused would be refused again, and perhaps logged.
  if (granted || oracles == 0) {
    out->in_vfork = out->target.stat.error == 0 && IsInVfork(pid, out->target.stat.state);
  }
  if (!granted) {
    if (Has(oracles, Oracle::kRead)) out->answers.read = AskRead(pid);
    if (out->proc_is_ours) LookCloser(pid, out);
  }
  fault::At(fault::Point::kExaminationEnds);
  if (pidfd >= 0) {
    out->ended = HasEnded(pidfd);
  } else if (out->proc_is_ours && out->target.stat.error == 0) {
    // A thread, or no pidfd_open here: the start time tells whether it is still the same one.
    Stat again{};
    ReadStat(pid, &again);
    out->ended = again.error != 0 || again.start_time != out->target.stat.start_time ||
                 HasEndedState(again.state);
  }
  sys::Close(pidfd);
}

}  // namespace

void Examine(pid_t pid, uint32_t oracles, ProcessExamination* out) {
  *out = {};
  ExamineOne(pid, oracles, &out->process);
  LookAtThreads(oracles, out->process, &out->threads);
  if (out->threads.suspect != 0) ExamineOne(out->threads.suspect, oracles, &out->suspect);
}

}  // namespace ptrace_probe
