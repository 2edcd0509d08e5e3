// TPC-DS: times, goods and what else a sale names, with the column names and types of Trino's `tpcds` catalog.
// The misspelt `p_response_targe` and its like are Trino's own.
#include <array>

#include "connector/sample/tpcds_tables.h"

namespace tarn::connector::sample {
namespace {

constexpr auto kDateDim = std::to_array<SampleColumn>({
    {"d_date_sk", "d_date_sk", "bigint"},
    {"d_date_id", "d_date_id", "char(16)"},
    {"d_date", "d_date", "date"},
    {"d_month_seq", "d_month_seq", "integer"},
    {"d_week_seq", "d_week_seq", "integer"},
    {"d_quarter_seq", "d_quarter_seq", "integer"},
    {"d_year", "d_year", "integer"},
    {"d_dow", "d_dow", "integer"},
    {"d_moy", "d_moy", "integer"},
    {"d_dom", "d_dom", "integer"},
    {"d_qoy", "d_qoy", "integer"},
    {"d_fy_year", "d_fy_year", "integer"},
    {"d_fy_quarter_seq", "d_fy_quarter_seq", "integer"},
    {"d_fy_week_seq", "d_fy_week_seq", "integer"},
    {"d_day_name", "d_day_name", "char(9)"},
    {"d_quarter_name", "d_quarter_name", "char(6)"},
    {"d_holiday", "d_holiday", "char(1)"},
    {"d_weekend", "d_weekend", "char(1)"},
    {"d_following_holiday", "d_following_holiday", "char(1)"},
    {"d_first_dom", "d_first_dom", "integer"},
    {"d_last_dom", "d_last_dom", "integer"},
    {"d_same_day_ly", "d_same_day_ly", "integer"},
    {"d_same_day_lq", "d_same_day_lq", "integer"},
    {"d_current_day", "d_current_day", "char(1)"},
    {"d_current_week", "d_current_week", "char(1)"},
    {"d_current_month", "d_current_month", "char(1)"},
    {"d_current_quarter", "d_current_quarter", "char(1)"},
    {"d_current_year", "d_current_year", "char(1)"},
});
constexpr auto kDbgenVersion = std::to_array<SampleColumn>({
    {"dv_version", "", "varchar(16)"},
    {"dv_create_date", "", "date"},
    {"dv_create_time", "", "time(3)"},
    {"dv_cmdline_args", "", "varchar(200)"},
});
constexpr auto kItem = std::to_array<SampleColumn>({
    {"i_item_sk", "i_item_sk", "bigint"},
    {"i_item_id", "i_item_id", "char(16)"},
    {"i_rec_start_date", "i_rec_start_date", "date"},
    {"i_rec_end_date", "i_rec_end_date", "date"},
    {"i_item_desc", "i_item_desc", "varchar(200)"},
    {"i_current_price", "i_current_price", "decimal(7,2)"},
    {"i_wholesale_cost", "i_wholesale_cost", "decimal(7,2)"},
    {"i_brand_id", "i_brand_id", "integer"},
    {"i_brand", "i_brand", "char(50)"},
    {"i_class_id", "i_class_id", "integer"},
    {"i_class", "i_class", "char(50)"},
    {"i_category_id", "i_category_id", "integer"},
    {"i_category", "i_category", "char(50)"},
    {"i_manufact_id", "i_manufact_id", "integer"},
    {"i_manufact", "i_manufact", "char(50)"},
    {"i_size", "i_size", "char(20)"},
    {"i_formulation", "i_formulation", "char(20)"},
    {"i_color", "i_color", "char(20)"},
    {"i_units", "i_units", "char(10)"},
    {"i_container", "i_container", "char(10)"},
    {"i_manager_id", "i_manager_id", "integer"},
    {"i_product_name", "i_product_name", "char(50)"},
});
constexpr auto kPromotion = std::to_array<SampleColumn>({
    {"p_promo_sk", "p_promo_sk", "bigint"},
    {"p_promo_id", "p_promo_id", "char(16)"},
    {"p_start_date_sk", "p_start_date_sk", "bigint"},
    {"p_end_date_sk", "p_end_date_sk", "bigint"},
    {"p_item_sk", "p_item_sk", "bigint"},
    {"p_cost", "p_cost", "decimal(15,2)"},
    {"p_response_targe", "p_response_target", "integer"},
    {"p_promo_name", "p_promo_name", "char(50)"},
    {"p_channel_dmail", "p_channel_dmail", "char(1)"},
    {"p_channel_email", "p_channel_email", "char(1)"},
    {"p_channel_catalog", "p_channel_catalog", "char(1)"},
    {"p_channel_tv", "p_channel_tv", "char(1)"},
    {"p_channel_radio", "p_channel_radio", "char(1)"},
    {"p_channel_press", "p_channel_press", "char(1)"},
    {"p_channel_event", "p_channel_event", "char(1)"},
    {"p_channel_demo", "p_channel_demo", "char(1)"},
    {"p_channel_details", "p_channel_details", "varchar(100)"},
    {"p_purpose", "p_purpose", "char(15)"},
    {"p_discount_active", "p_discount_active", "char(1)"},
});
constexpr auto kReason = std::to_array<SampleColumn>({
    {"r_reason_sk", "r_reason_sk", "bigint"},
    {"r_reason_id", "r_reason_id", "char(16)"},
    {"r_reason_desc", "r_reason_desc", "char(100)"},
});
constexpr auto kShipMode = std::to_array<SampleColumn>({
    {"sm_ship_mode_sk", "sm_ship_mode_sk", "bigint"},
    {"sm_ship_mode_id", "sm_ship_mode_id", "char(16)"},
    {"sm_type", "sm_type", "char(30)"},
    {"sm_code", "sm_code", "char(10)"},
    {"sm_carrier", "sm_carrier", "char(20)"},
    {"sm_contract", "sm_contract", "char(20)"},
});
constexpr auto kTimeDim = std::to_array<SampleColumn>({
    {"t_time_sk", "t_time_sk", "bigint"},
    {"t_time_id", "t_time_id", "char(16)"},
    {"t_time", "t_time", "integer"},
    {"t_hour", "t_hour", "integer"},
    {"t_minute", "t_minute", "integer"},
    {"t_second", "t_second", "integer"},
    {"t_am_pm", "t_am_pm", "char(2)"},
    {"t_shift", "t_shift", "char(20)"},
    {"t_sub_shift", "t_sub_shift", "char(20)"},
    {"t_meal_time", "t_meal_time", "char(20)"},
});

constexpr auto kTables = std::to_array<SampleTable>({
    {"date_dim", 73049, true, kDateDim},
    {"dbgen_version", 1, true, kDbgenVersion},
    {"item", 18000, false, kItem},
    {"promotion", 300, true, kPromotion},
    {"reason", 35, true, kReason},
    {"ship_mode", 20, true, kShipMode},
    {"time_dim", 86400, true, kTimeDim},
});

}  // namespace

std::span<const SampleTable> TpcdsThings() { return kTables; }

}  // namespace tarn::connector::sample
