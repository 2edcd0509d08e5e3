// What is known of tables, as the area Metadata shows it.
#pragma once

#include <string>

#include "api/dto_metadata.h"
#include "api/reach.h"
#include "metadata/tables.h"

namespace tarn::api {

inline constexpr const char* kMetadataArea = "Data: Metadata";

[[nodiscard]] TableMetadata ShowKnowledge(const Parts& parts, const std::string& project_id,
                                          const metadata::TableKnowledge& known);
[[nodiscard]] TableMetadataContainer ShowContainer(const Parts& parts, const std::string& project_id,
                                                   const metadata::TableKnowledge& known);
[[nodiscard]] MetadataRelation ShowRelation(const Parts& parts, const store::Relation& relation);
// The table that the path names.
[[nodiscard]] store::TableAddress TableInPath(const ProjectCall& call);

}  // namespace tarn::api
