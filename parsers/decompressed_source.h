// Reads content that is compressed, plain, or some of each.

#ifndef CIVLOG_PARSERS_DECOMPRESSED_SOURCE_H_
#define CIVLOG_PARSERS_DECOMPRESSED_SOURCE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "parsers/byte_source.h"
#include "parsers/content_kind.h"

namespace civlog {

// The text of `raw`: any number of gzip members, zstd frames, xz and bzip2 streams, also
// empty ones and mixed, with zero padding between and behind them; text as it is. Text
// may follow a member, and a gzip member may begin where a line of text would: that is
// what `cat access.log access.log.1.gz` makes.
//
// A stream that ends early, is damaged or is followed by something else yields what can
// be read, then a DataLoss status that names `name`. Whatever the sizes of reads on either
// side are, the bytes and the status are the same.
//
// `head` was read from `raw` already, with `status` the error that was met then.
std::unique_ptr<ByteSource> MakeDecompressedSource(std::unique_ptr<ByteSource> raw,
                                                   std::string name, std::string head,
                                                   absl::Status status);

// The error for content that is recognised but not read: what it is, and the remedy.
absl::Status Refusal(const std::string& name, const ContentKind& kind);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_DECOMPRESSED_SOURCE_H_
