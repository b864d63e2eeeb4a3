#include "engine/visitor.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/siphash.h"

namespace civlog {
namespace {

// The vectors of the reference implementation: key 00 01 .. 0f, the input of
// length n is 00 01 .. n-1. That for 15 bytes is the one printed in the paper's
// appendix A.
constexpr uint64_t kKey0 = 0x0706050403020100ULL;
constexpr uint64_t kKey1 = 0x0f0e0d0c0b0a0908ULL;
constexpr uint64_t kVectors[64] = {
    0x726fdb47dd0e0e31ULL, 0x74f839c593dc67fdULL, 0x0d6c8009d9a94f5aULL, 0x85676696d7fb7e2dULL,
    0xcf2794e0277187b7ULL, 0x18765564cd99a68dULL, 0xcbc9466e58fee3ceULL, 0xab0200f58b01d137ULL,
    0x93f5f5799a932462ULL, 0x9e0082df0ba9e4b0ULL, 0x7a5dbbc594ddb9f3ULL, 0xf4b32f46226bada7ULL,
    0x751e8fbc860ee5fbULL, 0x14ea5627c0843d90ULL, 0xf723ca908e7af2eeULL, 0xa129ca6149be45e5ULL,
    0x3f2acc7f57c29bdbULL, 0x699ae9f52cbe4794ULL, 0x4bc1b3f0968dd39cULL, 0xbb6dc91da77961bdULL,
    0xbed65cf21aa2ee98ULL, 0xd0f2cbb02e3b67c7ULL, 0x93536795e3a33e88ULL, 0xa80c038ccd5ccec8ULL,
    0xb8ad50c6f649af94ULL, 0xbce192de8a85b8eaULL, 0x17d835b85bbb15f3ULL, 0x2f2e6163076bcfadULL,
    0xde4daaaca71dc9a5ULL, 0xa6a2506687956571ULL, 0xad87a3535c49ef28ULL, 0x32d892fad841c342ULL,
    0x7127512f72f27cceULL, 0xa7f32346f95978e3ULL, 0x12e0b01abb051238ULL, 0x15e034d40fa197aeULL,
    0x314dffbe0815a3b4ULL, 0x027990f029623981ULL, 0xcadcd4e59ef40c4dULL, 0x9abfd8766a33735cULL,
    0x0e3ea96b5304a7d0ULL, 0xad0c42d6fc585992ULL, 0x187306c89bc215a9ULL, 0xd4a60abcf3792b95ULL,
    0xf935451de4f21df2ULL, 0xa9538f0419755787ULL, 0xdb9acddff56ca510ULL, 0xd06c98cd5c0975ebULL,
    0xe612a3cb9ecba951ULL, 0xc766e62cfcadaf96ULL, 0xee64435a9752fe72ULL, 0xa192d576b245165aULL,
    0x0a8787bf8ecb74b2ULL, 0x81b3e73d20b49b6fULL, 0x7fa8220ba3b2eceaULL, 0x245731c13ca42499ULL,
    0xb78dbfaf3a8d83bdULL, 0xea1ad565322a1a0bULL, 0x60e61c23a3795013ULL, 0x6606d7e446282b93ULL,
    0x6ca4ecb15c5f91e1ULL, 0x9f626da15c9625f3ULL, 0xe51b38608ef25f57ULL, 0x958a324ceb064572ULL,
};

std::string Counting(size_t length) {
  std::string text(length, '\0');
  for (size_t i = 0; i < length; ++i) text[i] = static_cast<char>(i);
  return text;
}

TEST(SipHashTest, ReferenceVectors) {
  for (size_t length = 0; length < std::size(kVectors); ++length) {
    EXPECT_EQ(SipHash24(kKey0, kKey1, Counting(length)), kVectors[length]) << length;
  }
}

// Computed with another implementation: the length counts modulo 256.
TEST(SipHashTest, LongTexts) {
  const std::pair<size_t, uint64_t> cases[] = {
      {64, 0xacd2c40b8502cad8ULL},
      {255, 0xa9c169fec74db21aULL},
      {256, 0x999d0526d2a7bfd7ULL},
      {1000, 0xdb9b3ed69e31c9a6ULL},
  };
  for (const auto& [length, hash] : cases) {
    EXPECT_EQ(SipHash24(kKey0, kKey1, Counting(length)), hash) << length;
  }
}

TEST(SipHashTest, PartsHashAsTheWhole) {
  const std::string text = Counting(63);
  for (size_t first = 0; first <= text.size(); ++first) {
    for (size_t second = first; second <= text.size(); ++second) {
      SipHash hash(kKey0, kKey1);
      hash.Add(std::string_view(text).substr(0, first));
      hash.Add(std::string_view(text).substr(first, second - first));
      hash.Add(std::string_view(text).substr(second));
      ASSERT_EQ(hash.Finish(), kVectors[63]) << first << " " << second;
    }
  }
}

// An address in full: the IPv4 ones mapped, the rest 16 bytes.
std::string Hex(const std::optional<AddressBytes>& address) {
  if (!address) return "none";
  std::string hex;
  for (size_t i = 0; i < address->size(); ++i) {
    char buffer[4];
    std::snprintf(buffer, sizeof(buffer), "%s%02x", i > 0 && i % 2 == 0 ? ":" : "",
                  static_cast<unsigned>((*address)[i]));
    hex += buffer;
  }
  return hex;
}

TEST(ParseAddressTest, Addresses) {
  constexpr std::string_view kV4 = "0000:0000:0000:0000:0000:ffff:c000:0201";
  constexpr std::string_view kV6 = "2001:0db8:0000:0000:0000:0000:0000:0001";
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"192.0.2.1", kV4},
      {"192.0.2.1:8080", kV4},
      {"192.0.2.1:_b7", kV4},
      {"::ffff:192.0.2.1", kV4},
      {"::FFFF:c000:201", kV4},
      {"[::ffff:192.0.2.1]:80", kV4},
      {"0:0:0:0:0:ffff:192.0.2.1", kV4},
      {"2001:db8::1", kV6},
      {"2001:0DB8:0:0:0:0:0:1", kV6},
      {"2001:db8:0:0::0:1", kV6},
      {"[2001:db8::1]", kV6},
      {"[2001:db8::1]:443", kV6},
      {"2001:db8::1%eth0", kV6},
      {"[2001:db8::1%25eth0]:443", kV6},
      {"::", "0000:0000:0000:0000:0000:0000:0000:0000"},
      {"::1", "0000:0000:0000:0000:0000:0000:0000:0001"},
      {"2001:db8::", "2001:0db8:0000:0000:0000:0000:0000:0000"},
      {"::192.0.2.1", "0000:0000:0000:0000:0000:0000:c000:0201"},
      {"2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002:0003:0004:0005:0006"},
      {"2001:db8:1:2:3:4:192.0.2.1", "2001:0db8:0001:0002:0003:0004:c000:0201"},
      {"255.255.255.255", "0000:0000:0000:0000:0000:ffff:ffff:ffff"},
  };
  for (const auto& [text, bytes] : cases) EXPECT_EQ(Hex(ParseAddress(text)), bytes) << text;
}

TEST(ParseAddressTest, OtherTexts) {
  const std::string_view cases[] = {"",
                                    "-",
                                    "unknown",
                                    "_hidden",
                                    "www.hanbit.example",
                                    "localhost:80",
                                    "192.0.2",
                                    "192.0.2.256",
                                    "192.0.2.01",
                                    "192.0.2.1.",
                                    "192.0.2.1 ",
                                    " 192.0.2.1",
                                    "192.0.2.1:",
                                    "192.0.2.1:port",
                                    "192.0.2.1:123456",
                                    "192.0.2.1%eth0",
                                    "[192.0.2.1]",
                                    "[192.0.2.1]:80",
                                    "3221225985",
                                    "0xc0000201",
                                    ":",
                                    ":::",
                                    "1::2::3",
                                    "2001:db8",
                                    "2001:db8::1%",
                                    "2001:db8::12345",
                                    "2001:db8::g",
                                    "1:2:3:4:5:6:7",
                                    "1:2:3:4:5:6:7:8:9",
                                    "[2001:db8::1",
                                    "2001:db8::1]",
                                    "[2001:db8::1]x",
                                    "[2001:db8::1]443",
                                    "[2001:db8::1]:",
                                    "[]",
                                    "[",
                                    "]",
                                    "[:",
                                    "%",
                                    "::192.0.2.256",
                                    "::ffff:192.0.2",
                                    std::string_view("192.0.2.1\0", 10),
                                    std::string_view("2001:db8::1\0x", 13),
                                    "2001:db8:0000:0000:0000:0000:255.255.255.2550000"};
  for (const std::string_view text : cases) {
    EXPECT_EQ(Hex(ParseAddress(text)), "none") << text;
  }
  EXPECT_FALSE(ParseAddress(std::string(1 << 20, ':')).has_value());
  EXPECT_FALSE(ParseAddress(std::string(1 << 20, '1')).has_value());
}

TEST(ParseAddressTest, PortsAndBracketsAreTakenOff) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"192.0.2.1", "192.0.2.1"},
      {"192.0.2.1:80", "192.0.2.1"},
      {"[2001:db8::1]:443", "2001:db8::1"},
      {"[2001:db8::1]", "2001:db8::1"},
      {"2001:db8::1", "2001:db8::1"},
      {"[2001:db8::1]x", "[2001:db8::1]x"},
      {"", ""},
  };
  for (const auto& [text, address] : cases) EXPECT_EQ(AddressWithoutPort(text), address) << text;
}

Network MakeNetwork(std::string_view address, uint8_t prefix_bits) {
  Network network;
  const std::optional<AddressBytes> bytes = ParseAddress(address);
  std::copy(bytes->begin(), bytes->end(), network.address);
  const bool mapped = address.find(':') == std::string_view::npos;
  network.prefix_bits = static_cast<uint8_t>(prefix_bits + (mapped ? 96 : 0));
  return network;
}

TEST(NetworkTest, Containment) {
  struct Case {
    std::string_view network;
    uint8_t prefix_bits;
    std::string_view address;
    bool contained;
  };
  const Case cases[] = {
      {"192.0.2.0", 24, "192.0.2.255", true},
      {"192.0.2.0", 24, "192.0.3.0", false},
      {"192.0.2.0", 24, "::ffff:192.0.2.7", true},
      {"192.0.2.0", 24, "::192.0.2.7", false},
      {"192.0.2.128", 25, "192.0.2.127", false},
      {"192.0.2.128", 25, "192.0.2.128", true},
      {"192.0.2.8", 29, "192.0.2.15", true},
      {"192.0.2.8", 29, "192.0.2.16", false},
      {"192.0.2.1", 32, "192.0.2.1", true},
      {"192.0.2.1", 32, "192.0.2.0", false},
      {"0.0.0.0", 0, "203.0.113.9", true},
      {"0.0.0.0", 0, "2001:db8::1", false},
      {"::", 0, "203.0.113.9", true},
      {"2001:db8::", 32, "2001:db8:ffff::1", true},
      {"2001:db8::", 32, "2001:db9::", false},
      {"2001:db8::", 33, "2001:db8:8000::", false},
      {"2001:db8::1", 128, "2001:db8::1", true},
      {"2001:db8::1", 128, "2001:db8::2", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Contains(MakeNetwork(c.network, c.prefix_bits), *ParseAddress(c.address)),
              c.contained)
        << c.network << "/" << int{c.prefix_bits} << " " << c.address;
  }
}

// One record, whose texts the test owns.
class VisitorTest : public ::testing::Test {
 protected:
  VisitorTest() : batch_(std::make_unique<RecordBatch>()) {
    batch_->size = 1;
    for (size_t i = 0; i < kTextFieldCount; ++i) batch_->text[i][0] = "";
    portal_.trusted_proxies = {MakeNetwork("198.51.100.0", 24), MakeNetwork("2001:db8:f::", 48)};
  }

  void Set(TextField field, std::string_view text) { batch_->Set(field, 0) = text; }

  void SetExtra(const std::vector<std::string>& names, const std::vector<std::string_view>& texts) {
    extra_fields_ = names;
    batch_->extra.resize(texts.size());
    for (size_t i = 0; i < texts.size(); ++i) batch_->extra[i][0] = texts[i];
  }

  std::string_view Client(std::string_view peer, std::string_view forwarded) {
    Set(TextField::kClient, peer);
    Set(TextField::kForwarded, forwarded);
    return VisitorIdentifier(portal_, extra_fields_, key_).ClientAddress(*batch_, 0);
  }

  uint64_t Hash(std::string_view client = "192.0.2.1") {
    return VisitorIdentifier(portal_, extra_fields_, key_).Hash(*batch_, 0, client);
  }

  Portal portal_;
  VisitorKey key_{1, 2};
  std::vector<std::string> extra_fields_;
  std::unique_ptr<RecordBatch> batch_;
};

TEST_F(VisitorTest, TheForwardedHeaderOfATrustedPeer) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "198.51.100.1"},
      {"203.0.113.5", "203.0.113.5"},
      {"192.0.2.9, 203.0.113.5", "203.0.113.5"},
      {"203.0.113.5, 198.51.100.7", "203.0.113.5"},
      {"192.0.2.9,203.0.113.5,198.51.100.7,198.51.100.8", "203.0.113.5"},
      {"198.51.100.7, 198.51.100.8", "198.51.100.7"},
      {"203.0.113.5:4711", "203.0.113.5"},
      {"[2001:db8::5]:4711, [2001:db8:f::1]:80", "2001:db8::5"},
      {"2001:db8::5", "2001:db8::5"},
      {"203.0.113.5, ", "203.0.113.5"},
      {" ,, 203.0.113.5,,198.51.100.7 ,", "203.0.113.5"},
      {",", "198.51.100.1"},
      {"unknown", "198.51.100.1"},
      {"203.0.113.5, unknown", "198.51.100.1"},
      {"203.0.113.5, garbage, 198.51.100.7", "198.51.100.7"},
      {"unknown, 203.0.113.5", "203.0.113.5"},
      {"203.0.113.5, 192.0.2.999", "198.51.100.1"},
      {"for=203.0.113.5", "203.0.113.5"},
      {"For=\"[2001:db8::5]:4711\"", "2001:db8::5"},
      {"for=\"203.0.113.5:4711\"", "203.0.113.5"},
      {"for=192.0.2.9, for=203.0.113.5;proto=https;by=198.51.100.1", "203.0.113.5"},
      {"proto=https; FOR=203.0.113.5 ; host=www.hanbit.example", "203.0.113.5"},
      {"for=203.0.113.5, for=\"[2001:db8:f::9]\"", "203.0.113.5"},
      {"for=_hidden, for=198.51.100.7", "198.51.100.7"},
      {"for=unknown", "198.51.100.1"},
      {"for=203.0.113.5, proto=https", "198.51.100.1"},
      {"for=", "198.51.100.1"},
      {";;;", "198.51.100.1"},
      {"\"", "198.51.100.1"},
  };
  for (const auto& [forwarded, client] : cases) {
    EXPECT_EQ(Client("198.51.100.1", forwarded), client) << forwarded;
  }
}

TEST_F(VisitorTest, TheForwardedHeaderOfOthersIsNotBelieved) {
  EXPECT_EQ(Client("192.0.2.1", "203.0.113.5"), "192.0.2.1");
  EXPECT_EQ(Client("www.hanbit.example", "203.0.113.5"), "www.hanbit.example");
  // Formats that log the header alone.
  EXPECT_EQ(Client("", "192.0.2.9, 203.0.113.5"), "203.0.113.5");
  EXPECT_EQ(Client("", "unknown"), "");
  portal_.trusted_proxies.clear();
  EXPECT_EQ(Client("198.51.100.1", "203.0.113.5"), "198.51.100.1");
  EXPECT_EQ(Client("", "203.0.113.5"), "");
}

TEST_F(VisitorTest, IgnoredAddresses) {
  portal_.ignore_addresses = {MakeNetwork("203.0.113.0", 24)};
  const VisitorIdentifier identifier(portal_, {}, key_);
  EXPECT_TRUE(identifier.Ignored("203.0.113.7"));
  EXPECT_TRUE(identifier.Ignored("::ffff:203.0.113.7"));
  EXPECT_FALSE(identifier.Ignored("192.0.2.1"));
  EXPECT_FALSE(identifier.Ignored("www.hanbit.example"));
  EXPECT_FALSE(identifier.Ignored(""));
}

TEST_F(VisitorTest, AddressAndAgentTogether) {
  Set(TextField::kUserAgent, "agent");
  const uint64_t visitor = Hash("2001:db8::1");
  EXPECT_EQ(Hash("2001:0DB8:0::1"), visitor);
  EXPECT_EQ(Hash("[2001:db8::1]:443"), visitor);
  EXPECT_NE(Hash("2001:db8::2"), visitor);
  EXPECT_EQ(Hash("192.0.2.1"), Hash("::ffff:192.0.2.1"));
  Set(TextField::kUserAgent, "another");
  EXPECT_NE(Hash("2001:db8::1"), visitor);
}

TEST_F(VisitorTest, HostNamesDoNotRunIntoTheAgent) {
  Set(TextField::kUserAgent, "c");
  const uint64_t visitor = Hash("ab");
  Set(TextField::kUserAgent, "bc");
  EXPECT_NE(Hash("a"), visitor);
}

TEST_F(VisitorTest, TheKeyDecides) {
  const uint64_t visitor = Hash();
  key_ = {1, 3};
  EXPECT_NE(Hash(), visitor);
  key_ = {2, 2};
  EXPECT_NE(Hash(), visitor);
}

TEST_F(VisitorTest, TheFirstIdentityThatTheRecordHas) {
  portal_.identity = {"user", "cookie:SESSION", "header:X-Citizen", "address+agent"};
  SetExtra({"cookie:SESSION", "header:X-Citizen"}, {"s1", "x1"});
  Set(TextField::kUser, "kim");
  const uint64_t user = Hash("192.0.2.1");
  EXPECT_EQ(Hash("192.0.2.2"), user);
  Set(TextField::kUser, "");
  const uint64_t cookie = Hash("192.0.2.1");
  EXPECT_EQ(Hash("192.0.2.2"), cookie);
  SetExtra(extra_fields_, {"", "x1"});
  const uint64_t header = Hash("192.0.2.1");
  EXPECT_EQ(Hash("192.0.2.2"), header);
  SetExtra(extra_fields_, {"", ""});
  const uint64_t address = Hash("192.0.2.1");
  EXPECT_NE(Hash("192.0.2.2"), address);
  EXPECT_EQ((std::set<uint64_t>{user, cookie, header, address}.size()), 4u);
}

TEST_F(VisitorTest, WithoutAnIdentityAddressAndAgentCount) {
  const uint64_t address = Hash();
  portal_.identity = {"user", "cookie:SESSION"};
  EXPECT_EQ(Hash(), address);
  EXPECT_NE(Hash("192.0.2.2"), address);
  portal_.identity.clear();
  EXPECT_EQ(Hash(), address);
}

TEST_F(VisitorTest, WhatStandsBehindAddressAndAgentDoesNotCount) {
  const uint64_t address = Hash();
  portal_.identity = {"address+agent", "user"};
  Set(TextField::kUser, "kim");
  EXPECT_EQ(Hash(), address);
}

TEST_F(VisitorTest, TheSameTextAsAnotherIdentityIsAnotherVisitor) {
  SetExtra({"cookie:A", "cookie:B", "header:A"}, {"x", "x", "x"});
  Set(TextField::kUser, "x");
  std::set<uint64_t> visitors;
  for (const char* identity : {"user", "cookie:A", "cookie:B", "header:A"}) {
    portal_.identity = {identity};
    visitors.insert(Hash("x"));
  }
  portal_.identity = {"address+agent"};
  visitors.insert(Hash("x"));
  EXPECT_EQ(visitors.size(), 5u);
}

TEST_F(VisitorTest, ACookieInItsOwnFieldOrInTheHeader) {
  portal_.identity = {"cookie:SESSION"};
  SetExtra({"cookie:SESSION"}, {"s1"});
  const uint64_t visitor = Hash();
  SetExtra({"header:Cookie"}, {""});
  const uint64_t address = Hash();
  struct Case {
    std::string_view header;
    bool found;
  };
  const Case cases[] = {
      {"SESSION=s1", true},
      {"a=b; SESSION=s1; c=d", true},
      {"a=b;SESSION=s1", true},
      {"SESSION=\"s1\"", true},
      {"SESSION=s1; SESSION=s2", true},
      {"XSESSION=s1", false},
      {"SESSIONX=s1", false},
      {"session=s1", false},
      {"a=SESSION=s1", false},
      {"SESSION", false},
      {"SESSION=", false},
      {";;;=;", false},
  };
  for (const Case& c : cases) {
    SetExtra({"header:Cookie"}, {c.header});
    EXPECT_EQ(Hash(), c.found ? visitor : address) << c.header;
  }
  SetExtra({"cookie:SESSION", "header:cookie"}, {"", "SESSION=s1"});
  EXPECT_EQ(Hash(), visitor);
}

TEST(VisitorKeyTest, KeysAreRandom) {
  std::set<uint64_t> halves;
  for (int i = 0; i < 100; ++i) {
    const VisitorKey key = VisitorKey::Random();
    halves.insert(key.k0);
    halves.insert(key.k1);
  }
  EXPECT_EQ(halves.size(), 200u);
}

}  // namespace
}  // namespace civlog
