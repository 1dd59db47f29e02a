/** Errors that are put into the engine, to see that each check would find one like it. */

import type { Plant } from '../helpers/native.js'

/** By what they are. */
export const plants = {
  'a write behind the end of a buffer': {
    file: 'process/proc_file.cc',
    from: "while (*file != '\\0') *out++ = *file++;",
    to: "while (*file != '\\0') *out++ = *file++;\n  text_[sizeof text_] = '\\0';",
  },
  'a shift by too much': {
    file: 'process/credentials.cc',
    from: 'return uint64_t{high} << 32 | low;',
    to: 'return high << (low == 0 ? 32 : 33) | low;',
  },
  'memory that is lost': {
    file: 'probe/measurement.cc',
    from: 'Measurement::~Measurement() {',
    to: 'Measurement::~Measurement() {\n  char* volatile lost = new char[33];\n  lost = nullptr;',
  },
  'a text without its end': {
    file: 'process/proc_file.cc',
    from: "text[n < 0 ? 0 : n] = '\\0';",
    to: "if (n < 0) text[0] = '\\0';",
  },
  'a count without a lock': {
    file: 'probe/measurement.cc',
    from: 'void Measurement::Wait() {',
    to: 'void Measurement::Wait() {\n  static int waits = 0;\n  elapsed_us_ = ++waits;',
  },
  'a descriptor that stays open': {
    file: 'probe/measurement.cc',
    from: 'sys::Close(done_);',
    to: '',
  },
  'memory that grows': {
    file: 'examine/examiner.cc',
    from: 'if (request_ != nullptr) ::munmap(request_, request_->size);',
    // As much as is noticed after a few questions.
    to: 'for (volatile char *p = new char[1 << 18], *end = p + (1 << 18); p < end; ++p) *p = 1;',
  },
} as const satisfies Readonly<Record<string, Plant>>
