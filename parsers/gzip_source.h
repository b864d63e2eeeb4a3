// Decompresses gzip (RFC 1952).

#ifndef CIVLOG_PARSERS_GZIP_SOURCE_H_
#define CIVLOG_PARSERS_GZIP_SOURCE_H_

#include <memory>
#include <string>

#include "parsers/byte_source.h"

namespace civlog {

// The decompressed bytes of `raw`: any number of members, empty ones too, with zero
// padding between and behind them. A stream that ends early, is damaged or is
// followed by something else yields what can be read, then a DataLoss status that
// names `name`.
std::unique_ptr<ByteSource> MakeGzipSource(std::unique_ptr<ByteSource> raw, std::string name);

}  // namespace civlog

#endif  // CIVLOG_PARSERS_GZIP_SOURCE_H_
