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
// did, also while they wait for a pipe. Where `follow` is true, a file that is not
// compressed may grow (see FollowedFile), and a pipe that has no bytes for now is read
// without waiting.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenSource(const InputFile& file,
                                                       const std::atomic<bool>* interrupt = nullptr,
                                                       bool follow = false);

// True for a file whose first bytes are those of compressed content; false also for what
// cannot be read.
bool IsCompressed(const InputFile& file);

// The file's size in bytes on disk, 0 where it has none (pipes).
uint64_t RawSize(const InputFile& file);

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
