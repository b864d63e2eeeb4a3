// Addresses against the C library's own reading of them.

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <string_view>

#include "engine/visitor.h"

namespace civlog {
namespace {

std::optional<AddressBytes> ByLibrary(const std::string& text) {
  AddressBytes bytes{};
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return std::nullopt;
  return bytes;
}

TEST(AddressTest, Ipv6AsTheLibraryReadsIt) {
  const char* const kTexts[] = {"::",
                                "::1",
                                "1::",
                                "2001:db8::1",
                                "2001:DB8:0:0:0:0:0:1",
                                "1:2:3:4:5:6:7:8",
                                "1:2:3:4:5:6:7::",
                                "::2:3:4:5:6:7:8",
                                "1:2:3:4:5:6:7:8::",
                                ":1:2:3:4:5:6:7:8",
                                "1:2:3:4:5:6:7:",
                                ":::",
                                "1:::2",
                                "1::2::3",
                                "12345::",
                                "::ffff:192.0.2.1",
                                "::192.0.2.256",
                                "1:2:3:4:5:6:192.0.2.1",
                                "1:2:3:4:5:6:7:192.0.2.1",
                                "::192.0.2.1:1",
                                "g::",
                                "1::2:",
                                "::1.2.3",
                                "2001:db8::00001"};
  for (const char* const text : kTexts) EXPECT_EQ(ParseAddress(text), ByLibrary(text)) << text;
}

TEST(AddressTest, RandomTextsAsTheLibraryReadsThem) {
  constexpr std::string_view kPieces[] = {":", ":",   ":",    "::",        "0",
                                          "1", "db8", "ffff", "192.0.2.1", "."};
  std::mt19937 random(1);
  size_t addresses = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = "::";
    for (size_t pieces = random() % 16; pieces > 0; --pieces) {
      text += kPieces[random() % std::size(kPieces)];
    }
    text = text.substr(random() % 3);
    if (std::count(text.begin(), text.end(), ':') < 2) continue;  // may be a port
    const std::optional<AddressBytes> expected = ByLibrary(text);
    addresses += expected ? 1U : 0U;
    ASSERT_EQ(ParseAddress(text), expected) << text;
  }
  EXPECT_GT(addresses, 1000U);
}

}  // namespace
}  // namespace civlog
