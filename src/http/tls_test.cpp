// TLS by certificate and key file, with a self-signed certificate made on the spot.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <filesystem>

#include "http/server_fixture_test.h"

namespace tarn::http {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* value) const {
    Free(value);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freed<Free>>;

void CloseFile(FILE* file) { std::fclose(file); }

class TlsTest : public ServerTest {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) / fmt::format("tarn-tls-{}", ::getpid());
    std::filesystem::create_directories(folder_);
    settings_.certificate_file = folder_ / "server.crt";
    settings_.key_file = folder_ / "server.key";
    WriteCertificate();
    auto ping = Info("ping", Method::kGet, "/ping");
    ping.fast = true;
    operations_.push_back(MakeOperation<NoBody, boost::json::value>(
        ping,
        [](const Context&, const NoBody&) -> base::Result<boost::json::value> { return boost::json::value("pong"); }));
    operations_.push_back(MakeOperation<boost::json::value, boost::json::value>(
        Info("echo", Method::kPost, "/echo"),
        [](const Context&, const boost::json::value& value) -> base::Result<boost::json::value> { return value; }));
  }
  void TearDown() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  void WriteCertificate() {
    const Owned<EVP_PKEY, EVP_PKEY_free> key(EVP_EC_gen("P-256"));
    const Owned<X509, X509_free> certificate(X509_new());
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    auto* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(certificate.get(), name);
    ASSERT_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
    const Owned<FILE, CloseFile> certificate_file(std::fopen(settings_.certificate_file.c_str(), "w"));
    ASSERT_EQ(PEM_write_X509(certificate_file.get(), certificate.get()), 1);
    const Owned<FILE, CloseFile> key_file(std::fopen(settings_.key_file.c_str(), "w"));
    ASSERT_EQ(PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
  }

  // Sends one request that asks for the connection's end; empty when the handshake failed.
  std::string AskOverTls(const std::string& request, int version) {
    const Owned<SSL_CTX, SSL_CTX_free> context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), version);
    SSL_CTX_set_max_proto_version(context.get(), version);
    const Owned<SSL, SSL_free> session(SSL_new(context.get()));
    const Client client(server_->port());
    SSL_set_fd(session.get(), client.descriptor());
    if (SSL_connect(session.get()) != 1) return {};
    SSL_write(session.get(), request.data(), static_cast<int>(request.size()));
    std::string answer;
    char buffer[16384];
    for (int count = 0; (count = SSL_read(session.get(), buffer, sizeof buffer)) > 0;)
      answer.append(buffer, static_cast<std::size_t>(count));
    ended_properly_ = (SSL_get_shutdown(session.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    return answer;
  }

  std::filesystem::path folder_;
  bool ended_properly_ = false;
};

TEST_F(TlsTest, ServesCurrentVersionsOnly) {
  Start();
  EXPECT_TRUE(server_->uses_tls());
  const auto request = Request("GET", "/api/v1/ping", {}, kPartnerKey, "Connection: close\r\n");
  EXPECT_THAT(AskOverTls(request, TLS1_3_VERSION), ::testing::EndsWith("\"pong\""));
  EXPECT_TRUE(ended_properly_);
  EXPECT_THAT(AskOverTls(request, TLS1_2_VERSION), ::testing::EndsWith("\"pong\""));
  EXPECT_EQ(AskOverTls(request, TLS1_1_VERSION), "");
}

TEST_F(TlsTest, CarriesLargeBodiesBothWays) {
  Start();
  const std::string body = "\"" + std::string(1'000'000, 'x') + "\"";
  EXPECT_THAT(AskOverTls(Request("POST", "/api/v1/echo", body, kPartnerKey, "Connection: close\r\n"), TLS1_3_VERSION),
              ::testing::EndsWith("\r\n\r\n" + body));
}

TEST_F(TlsTest, PlainTextClientsAreClosed) {
  Start();
  Client client(server_->port());
  EXPECT_EQ(client.Ask(Request("GET", "/api/v1/ping")).status, 0);
}

TEST_F(TlsTest, AMissingKeyIsAClearError) {
  Start();
  settings_.key_file = folder_ / "none.key";
  const auto started = Server::Start(settings_, *door_);
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message,
              ::testing::StartsWith("TLS key cannot be read or does not fit the certificate: "));
}

}  // namespace
}  // namespace tarn::http
