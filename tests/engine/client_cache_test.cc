#include "engine/client_cache.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "engine/catalog.h"

namespace civlog {
namespace {

struct TestAgent {};
using Clients = ClientCache<TestAgent>;

class ClientCacheTest : public ::testing::Test {
 protected:
  // At the same place, whoever it is.
  Clients::Client& Of(std::string_view client) { return clients_.Of(client, 0, identifier_); }

  // All that a classifier finds out about a client.
  void Fill(Clients::Client* client) {
    client->has_visitor = true;
    client->agent = &agent_;
    client->agent_text = "agent";
    client->visitor = 7;
    client->week = 1;
  }
  static void ExpectNew(const Clients::Client& client, std::string_view text) {
    EXPECT_EQ(client.address, ParseAddress(text)) << text;
    EXPECT_FALSE(client.has_visitor) << text;
    EXPECT_EQ(client.agent, nullptr) << text;
    EXPECT_EQ(client.agent_text, "") << text;
    EXPECT_EQ(client.week, Clients::Client::kNoWeek) << text;
  }

 private:
  Portal portal_;
  VisitorIdentifier identifier_{portal_, {}, VisitorKey::Random()};
  Clients clients_;
  TestAgent agent_;
};

TEST_F(ClientCacheTest, RemembersTheClientThatWasThereLast) {
  Clients::Client& first = Of("192.0.2.1");
  ExpectNew(first, "192.0.2.1");
  Fill(&first);
  const Clients::Client& again = Of("192.0.2.1");
  EXPECT_TRUE(again.has_visitor);
  EXPECT_EQ(again.visitor, 7U);
  EXPECT_EQ(again.agent_text, "agent");
}

// Nothing that was known of one client is taken for another's.
TEST_F(ClientCacheTest, AnotherClientBeginsAnew) {
  const std::string longest(Clients::Client::kMostBytes, 'h');
  const std::string_view clients[] = {"192.0.2.1",    "192.0.2.2", "192.0.2.11", "2001:db8::1",
                                      "host.example", "-",         "",           longest};
  for (const std::string_view before : clients) {
    for (const std::string_view client : clients) {
      if (client == before) continue;
      Fill(&Of(before));
      ExpectNew(Of(client), client);
    }
  }
}

TEST_F(ClientCacheTest, OneTooLongIsNotRemembered) {
  const std::string too_long(Clients::Client::kMostBytes + 1, 'h');
  Fill(&Of("192.0.2.1"));
  Fill(&Of(too_long));
  ExpectNew(Of(too_long), too_long);
  EXPECT_TRUE(Of("192.0.2.1").has_visitor) << "its place is another one";
}

}  // namespace
}  // namespace civlog
