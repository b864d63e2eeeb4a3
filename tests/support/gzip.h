// Compressed bytes for tests.

#ifndef CIVLOG_TESTS_SUPPORT_GZIP_H_
#define CIVLOG_TESTS_SUPPORT_GZIP_H_

#include <gtest/gtest.h>
#include <isa-l/igzip_lib.h>

#include <cstdint>
#include <string>

namespace civlog {

// One gzip member.
inline std::string Gzip(const std::string& text) {
  std::string out(text.size() + 4096, '\0');
  isal_zstream stream;
  isal_deflate_init(&stream);
  stream.gzip_flag = IGZIP_GZIP;
  stream.end_of_stream = 1;
  stream.next_in = reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uint32_t>(text.size());
  stream.next_out = reinterpret_cast<uint8_t*>(out.data());
  stream.avail_out = static_cast<uint32_t>(out.size());
  EXPECT_EQ(isal_deflate(&stream), COMP_OK);
  out.resize(stream.total_out);
  return out;
}

}  // namespace civlog

#endif  // CIVLOG_TESTS_SUPPORT_GZIP_H_
