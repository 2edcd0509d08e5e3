// Lists of queries and what the server says of itself, as JSON.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "trino/live_query.h"

namespace tarn::trino {

// One query with all that is known of it; `whole` adds what only the view of a single query has.
void AppendQuery(const QueryInfo& query, std::string_view base_url, bool whole, std::string& out);
[[nodiscard]] std::string QueryListText(const std::vector<QueryInfo>& queries, std::string_view base_url);

// The page at infoUri, for a browser: it shows no more than that the server knows the id.
[[nodiscard]] std::string QueryPage(std::string_view id);

[[nodiscard]] std::string NodeInfoText(std::string_view version, std::chrono::seconds uptime);
[[nodiscard]] std::string NodeStatusText(std::string_view version, std::chrono::seconds uptime);
[[nodiscard]] std::string NodeListText(std::string_view base_url, std::chrono::seconds uptime);
[[nodiscard]] std::string ClusterText(std::size_t queued, std::size_t running);

// "1.50m": the largest unit in which the time is one or more.
[[nodiscard]] std::string DurationText(std::chrono::milliseconds time);

}  // namespace tarn::trino
