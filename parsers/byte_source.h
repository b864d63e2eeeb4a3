// Where log bytes come from: files, standard input, plain or compressed.
//
// Compression is recognised by the first bytes of the content, never by name.

#ifndef CIVLOG_PARSERS_BYTE_SOURCE_H_
#define CIVLOG_PARSERS_BYTE_SOURCE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace civlog {

// What messages call standard input.
inline constexpr std::string_view kStdinName = "(stdin)";

// One log to be read. `name` is what messages and samples call it: the path as
// the user would type it, or kStdinName.
struct InputFile {
  std::string path;  // "-" for standard input
  std::string name;
  bool from_directory = false;  // found while walking a directory: may turn out to be no log
};

struct InputList {
  std::vector<InputFile> files;      // in byte order of name, each file once
  std::vector<absl::Status> errors;  // what could not be opened or found, with the remedy
  // Where files may appear, vanish or get another name, in byte order; some may not be there.
  std::vector<std::string> directories;
};

// What a file was when it was looked at: which one, how long, and last written when. All
// zero for what is no regular file.
struct FileStamp {
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t size = 0;
  int64_t modified_ns = 0;  // since the Unix epoch

  bool known() const { return inode != 0; }
  // Whatever was written to it meanwhile.
  bool IsSameFile(const FileStamp& other) const {
    return device == other.device && inode == other.inode;
  }
  bool operator==(const FileStamp&) const = default;
};

// What is read of a file that may grow.
enum class Following : uint8_t {
  kNot,   // what it has by then
  kName,  // what comes to it, and to the files that take its name
  kFile,  // what comes to it, until it is cut, or silent for long
};

// Turns LOG arguments into files: a file stands for itself, a directory for
// every regular file below it (hidden files are left out, symbolic link loops
// end), a pattern with * ? [ ] that is not itself a file for what it matches
// (** is not special), "-" for standard input. The same file named twice is
// read once. Arguments that lead to nothing become errors that name them.
InputList ExpandInputs(const std::vector<std::string>& arguments);

// A stream of decompressed bytes. Not thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Reads up to `capacity` (1 or more) bytes into `buffer`; may return fewer. 0 is the
  // end. An error is returned once, after every byte that could be had before
  // it was returned: a truncated gzip yields its readable part, then a
  // DataLoss status naming the source and the remedy.
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t capacity) = 0;

  // True where a Read of 0 is not the end: more may come, and can be read then.
  virtual bool may_grow() const { return false; }

  // The file that is read, as it was at a moment when no byte was read that it had not;
  // where its end was met, all that it had then was read. Unknown for what is no file, and
  // once interrupted.
  virtual FileStamp stamp() const { return {}; }

  // True where the file holds compressed content.
  virtual bool compressed() const { return false; }

  // Bytes taken from the underlying file so far (compressed, where it is), for
  // progress.
  virtual uint64_t raw_bytes_read() const = 0;
};

// Opens a file (or standard input) and puts a decompressor in front where the
// content asks for one: gzip, zstd, xz and bzip2, as decompressed_source.h has it.
// Errors name the file and the reason: NotFound, PermissionDenied, or Unavailable for
// other system errors; InvalidArgument, with the remedy, for content that cannot be a
// log and cannot be decompressed (zip, UTF-16 …); reading a directory is an error.
// Never seeks. Once `*interrupt` (may be null) is true, reads end as if the source
// did, also while they wait for a pipe. Where it is followed, a file that is not
// compressed may grow (see FollowedFile), and a pipe that has no bytes for now is read
// without waiting.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const InputFile& file,
                                                       const std::atomic<bool>* interrupt = nullptr,
                                                       Following following = Following::kNot);

// The file as it is now; unknown for what is no regular file, or not there.
FileStamp StampOf(const InputFile& file);

// A source over bytes in memory, for tests. `piece` is the most that one Read
// returns (0: no limit).
std::unique_ptr<ByteSource> MakeMemorySource(std::string bytes, size_t piece = 0);

// Hands out bytes that were read ahead, then the error that ended that, or the rest of
// the source.
std::unique_ptr<ByteSource> MakeReplaySource(std::string ahead, absl::Status status,
                                             std::unique_ptr<ByteSource> rest);

// As OpenSource: wraps `raw` in a decompressor where its first bytes ask for one.
// `name` is for messages.
absl::StatusOr<std::unique_ptr<ByteSource>> Decompressed(std::unique_ptr<ByteSource> raw,
                                                         const std::string& name);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_BYTE_SOURCE_H_
