#include "tools/parleyload/seq_check.hpp"

namespace parley::load {

seq_verdict seq_check::observe(seq_no seq) {
  if (seq == highest_ + 1) {
    highest_ = seq;
    return seq_verdict::next;
  }
  if (seq <= highest_) {
    if (missing_.erase(seq) == 0) return seq_verdict::duplicate;
    --holes_;
    return seq_verdict::late;
  }
  holes_ += seq - highest_ - 1;
  for (auto hole = highest_ + 1; hole < seq && missing_.size() < missing_max; ++hole) missing_.insert(hole);
  highest_ = seq;
  return seq_verdict::ahead;
}

} // namespace parley::load
