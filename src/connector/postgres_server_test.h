// A real PostgreSQL server for tests: its own folder, a free port, stopped by its process id.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace tarn::connector::testing {

class PostgresServer final {
 public:
  static constexpr const char* kPassword = "s3cret-Pass'word";

  // The server that all tests of a program share; stopped at its end.
  static PostgresServer& Shared() {
    static PostgresServer server;
    return server;
  }

  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  ~PostgresServer() {
    if (postmaster_ > 0) {
      kill(postmaster_, SIGINT);
      waitpid(postmaster_, nullptr, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] bool running() const { return postmaster_ > 0; }
  [[nodiscard]] int port() const { return port_; }

  // The credential of its superuser, as the connector's fields.
  [[nodiscard]] std::string Credential() const {
    return fmt::format(
        R"({{"url":"127.0.0.1","port":{},"user":"postgres","password":"{}","databaseName":"postgres","useSsl":false}})",
        port_, kPassword);
  }

  // Runs statements through libpq; fails the test when they fail. Gives the rows of the last one as texts, NULL as
  // "NULL".
  std::vector<std::vector<std::string>> Run(const std::string& sql) {
    std::vector<std::vector<std::string>> rows;
    PGresult* result = PQexec(connection(), sql.c_str());
    const auto status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) ADD_FAILURE() << PQerrorMessage(connection()) << sql;
    for (int row = 0; row < PQntuples(result); ++row) {
      auto& cells = rows.emplace_back();
      for (int column = 0; column < PQnfields(result); ++column) {
        cells.emplace_back(PQgetisnull(result, row, column) != 0 ? "NULL" : PQgetvalue(result, row, column));
      }
    }
    PQclear(result);
    return rows;
  }

  // Another connection, which the caller finishes.
  [[nodiscard]] PGconn* Connect() const {
    const auto port = std::to_string(port_);
    const std::vector<const char*> names = {"host", "port", "user", "password", "dbname", nullptr};
    const std::vector<const char*> values = {"127.0.0.1", port.c_str(), "postgres", kPassword, "postgres", nullptr};
    return PQconnectdbParams(names.data(), values.data(), 0);
  }

 private:
  PostgresServer() {
    std::string name = (std::filesystem::temp_directory_path() / "tarn-postgres-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) return;
    folder_ = name;
    if (geteuid() == 0) Chown(folder_);
    WritePassword();
    if (!Finish(
            Spawn({Program("initdb"), "-D", Data(), "-U", "postgres", "-A", "scram-sha-256",
                   "--pwfile=" + (folder_ / "password").string(), "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"}))) {
      return;
    }
    port_ = FreePort();
    postmaster_ =
        Spawn({Program("postgres"), "-D", Data(), "-p", std::to_string(port_), "-c", "listen_addresses=127.0.0.1", "-c",
               "unix_socket_directories=" + folder_.string(), "-c", "fsync=off"});
    for (int attempt = 0; attempt < 300 && connection_ == nullptr; ++attempt) {
      usleep(50'000);
      PGconn* tried = Connect();
      if (PQstatus(tried) == CONNECTION_OK) {
        connection_ = tried;
      } else {
        PQfinish(tried);
      }
    }
  }

  PGconn* connection() {
    if (PQstatus(connection_) != CONNECTION_OK) PQreset(connection_);
    return connection_;
  }

  static std::string Program(const std::string& name) {
    const char* folder = std::getenv("TARN_POSTGRES_BIN");
    return fmt::format("{}/{}", folder != nullptr ? folder : "/usr/lib/postgresql/15/bin", name);
  }

  [[nodiscard]] std::string Data() const { return (folder_ / "data").string(); }

  void WritePassword() const {
    const auto path = folder_ / "password";
    const int file = open(path.c_str(), O_CREAT | O_WRONLY, 0600);
    const auto written = write(file, kPassword, std::char_traits<char>::length(kPassword));
    EXPECT_GT(written, 0);
    close(file);
    if (geteuid() == 0) Chown(path);
  }

  static void Chown(const std::filesystem::path& path) {
    const auto* user = getpwnam("postgres");
    ASSERT_NE(user, nullptr) << "PostgreSQL does not run as root, and there is no user postgres";
    ASSERT_EQ(chown(path.c_str(), user->pw_uid, user->pw_gid), 0);
  }

  // Starts a program as the server's user, silent. Zero when it cannot be started.
  static pid_t Spawn(std::vector<std::string> words) {
    if (geteuid() == 0) {
      const std::vector<std::string> user = {"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"};
      words.insert(words.begin(), user.begin(), user.end());
    }
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    for (int standard = 0; standard < 3; ++standard)
      posix_spawn_file_actions_addopen(&files, standard, "/dev/null", O_RDWR, 0);
    pid_t child = 0;
    if (posix_spawnp(&child, arguments[0], &files, nullptr, arguments.data(), environ) != 0) child = 0;
    posix_spawn_file_actions_destroy(&files);
    return child;
  }

  static bool Finish(pid_t child) {
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  static int FreePort() {
    const int socket_number = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    bind(socket_number, reinterpret_cast<sockaddr*>(&address), length);
    getsockname(socket_number, reinterpret_cast<sockaddr*>(&address), &length);
    close(socket_number);
    return ntohs(address.sin_port);
  }

  std::filesystem::path folder_;
  int port_ = 0;
  pid_t postmaster_ = 0;
  PGconn* connection_ = nullptr;
};

}  // namespace tarn::connector::testing
