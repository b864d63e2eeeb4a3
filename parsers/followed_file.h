// A log file that is still being written, through rotation.

#ifndef CIVLOG_PARSERS_FOLLOWED_FILE_H_
#define CIVLOG_PARSERS_FOLLOWED_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "parsers/byte_source.h"

namespace civlog {

// Reads a file to its end, and from there on what is appended: Read returns 0 where
// there is nothing more for now, and may_grow() stays true. What happens to the file
// meanwhile:
//
// - Another file takes its name (it was renamed, or removed and made anew): the old one
//   is read until it has been silent for kQuiet, since its writer may not have noticed
//   yet; then the new one, from its beginning. A file whose name says that it is a
//   rotated one ("access.log.1") is not followed by name: what takes its name was read
//   under another.
// - It was cut (copytruncate), which its size or its first bytes tell: it is read again
//   from its beginning. What was written between the last look and the cut is lost, as
//   it is for every reader.
//
// A last line without a newline ends where its file does.
//
// Where only the file is followed (Following::kFile), what takes its name is for others to
// find. Such a source ends, and may_grow() is false then, where the file was cut, and once
// it has been silent for kSilence; for kPatience where its name leads to it no more, since
// nobody may find it again when a writer that has not noticed adds to it.
//
// Not thread-safe.
class FollowedFile : public ByteSource {
 public:
  static constexpr absl::Duration kQuiet = absl::Seconds(1);
  static constexpr absl::Duration kSilence = absl::Minutes(1);
  static constexpr absl::Duration kPatience = absl::Minutes(5);

  // Takes `fd`, a regular file at its beginning that was opened by the path of `file`.
  // REQUIRES: it is followed.
  FollowedFile(int fd, const InputFile& file, Following following);
  ~FollowedFile() override;
  FollowedFile(const FollowedFile&) = delete;
  FollowedFile& operator=(const FollowedFile&) = delete;

  absl::StatusOr<size_t> Read(char* buffer, size_t capacity) override;
  uint64_t raw_bytes_read() const override { return read_; }
  bool may_grow() const override { return !ended_; }
  FileStamp stamp() const override { return stamp_; }

 private:
  bool HeadIsKnown();
  bool HeadDiffers();
  bool HasName() const;
  bool IsSilent() const;
  void NoteCut();
  absl::StatusOr<bool> LookAround();
  absl::StatusOr<bool> Replace();
  void StartOver();

  int fd_;
  std::string path_;
  std::string name_;
  bool by_name_;  // follows the name, not only the file
  bool may_end_;  // Following::kFile
  bool ended_ = false;
  FileStamp stamp_;       // when it was last looked at
  uint64_t offset_ = 0;   // in the file
  std::string head_;      // its first bytes, to tell it by
  bool at_end_ = false;   // when it was last read
  bool in_line_ = false;  // the last byte read was no newline
  bool owes_newline_ = false;
  absl::Time last_growth_ = absl::InfinitePast();
  uint64_t read_ = 0;
};

// True for the name of a file that was rotated away and is written no more:
// "access.log.2", "access.log.1.gz".
bool IsRotatedName(std::string_view name);

// "access.log.2.gz" -> ("access.log", 2); rotation 0 where there is no number. A number
// of eight digits or more is a date, and dates grow towards now.
std::pair<std::string_view, int64_t> SplitRotation(std::string_view name);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_FOLLOWED_FILE_H_
