// The connector types that Tarn has, described as data, and the making of sources.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "connector/source.h"

namespace tarn::connector {

struct CredentialField {
  enum class Type { kText, kNumber, kBoolean };
  std::string name;
  Type type = Type::kText;
  bool required = false;
  bool secret = false;  // never given back, not even in a connection's detail
  std::string description;
};

// What List Connection Config shows of a type; field names are the contract's.
struct ConnectorSpec {
  std::string type;   // "POSTGRES"
  std::string label;  // "PostgreSQL"
  std::string category;
  std::string authorization;
  std::string credential_schema;
  std::vector<CredentialField> fields;
  std::string documentation_url;
  std::string catalog_type;  // what its catalogs show as catalogType: "postgres"
};

// A credential after reading: values as texts (numbers in decimal, booleans as "true"/"false").
using Credential = std::map<std::string, base::SecretString>;

// Server-wide settings that sources depend on.
struct ConnectorSettings {
  std::vector<std::filesystem::path> file_roots;  // folders that `files` and `sqlite` may read; empty: none
  std::filesystem::path samples;                  // where `tpch` keeps generated data
};

[[nodiscard]] const std::vector<ConnectorSpec>& AllSpecs();
// nullptr when there is no such type; types match exactly.
[[nodiscard]] const ConnectorSpec* FindSpec(std::string_view type);

// Reads a credential given as a JSON object text: required fields present and not empty, types right.
// Errors: InvalidArgument with code INVALID_CREDENTIALS, naming the field but not its value.
[[nodiscard]] base::Result<Credential> ReadCredential(const ConnectorSpec& spec, std::string_view json);
// The non-secret fields of a credential as a JSON object text with "type" first.
[[nodiscard]] std::string PublicDetail(const ConnectorSpec& spec, const Credential& credential);

// Makes a source; does not connect. `options` is the catalog's extraParameters as JSON text or empty.
// Errors: InvalidArgument for options the type does not know.
[[nodiscard]] base::Result<std::unique_ptr<Source>> MakeSource(const ConnectorSpec& spec, const Credential& credential,
                                                               std::string_view options,
                                                               const ConnectorSettings& settings);

// Makes a serving engine's reading of live sources fast: filters go to the source. Once per database, right after
// opening it; without it everything is right, and slower.
void PrepareEngine(engine::Database& database);

}  // namespace tarn::connector
