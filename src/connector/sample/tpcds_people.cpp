// TPC-DS: customers and households, with the column names and types of Trino's `tpcds` catalog.
#include <array>

#include "connector/sample/tpcds_tables.h"

namespace tarn::connector::sample {
namespace {

constexpr auto kCustomer = std::to_array<SampleColumn>({
    {"c_customer_sk", "c_customer_sk", "bigint"},
    {"c_customer_id", "c_customer_id", "char(16)"},
    {"c_current_cdemo_sk", "c_current_cdemo_sk", "bigint"},
    {"c_current_hdemo_sk", "c_current_hdemo_sk", "bigint"},
    {"c_current_addr_sk", "c_current_addr_sk", "bigint"},
    {"c_first_shipto_date_sk", "c_first_shipto_date_sk", "bigint"},
    {"c_first_sales_date_sk", "c_first_sales_date_sk", "bigint"},
    {"c_salutation", "c_salutation", "char(10)"},
    {"c_first_name", "c_first_name", "char(20)"},
    {"c_last_name", "c_last_name", "char(30)"},
    {"c_preferred_cust_flag", "c_preferred_cust_flag", "char(1)"},
    {"c_birth_day", "c_birth_day", "integer"},
    {"c_birth_month", "c_birth_month", "integer"},
    {"c_birth_year", "c_birth_year", "integer"},
    {"c_birth_country", "c_birth_country", "varchar(20)"},
    {"c_login", "c_login", "char(13)"},
    {"c_email_address", "c_email_address", "char(50)"},
    {"c_last_review_date_sk", "c_last_review_date_sk", "bigint"},
});
constexpr auto kCustomerAddress = std::to_array<SampleColumn>({
    {"ca_address_sk", "ca_address_sk", "bigint"},
    {"ca_address_id", "ca_address_id", "char(16)"},
    {"ca_street_number", "ca_street_number", "char(10)"},
    {"ca_street_name", "ca_street_name", "varchar(60)"},
    {"ca_street_type", "ca_street_type", "char(15)"},
    {"ca_suite_number", "ca_suite_number", "char(10)"},
    {"ca_city", "ca_city", "varchar(60)"},
    {"ca_county", "ca_county", "varchar(30)"},
    {"ca_state", "ca_state", "char(2)"},
    {"ca_zip", "ca_zip", "char(10)"},
    {"ca_country", "ca_country", "varchar(20)"},
    {"ca_gmt_offset", "ca_gmt_offset", "decimal(5,2)"},
    {"ca_location_type", "ca_location_type", "char(20)"},
});
constexpr auto kCustomerDemographics = std::to_array<SampleColumn>({
    {"cd_demo_sk", "cd_demo_sk", "bigint"},
    {"cd_gender", "cd_gender", "char(1)"},
    {"cd_marital_status", "cd_marital_status", "char(1)"},
    {"cd_education_status", "cd_education_status", "char(20)"},
    {"cd_purchase_estimate", "cd_purchase_estimate", "integer"},
    {"cd_credit_rating", "cd_credit_rating", "char(10)"},
    {"cd_dep_count", "cd_dep_count", "integer"},
    {"cd_dep_employed_count", "cd_dep_employed_count", "integer"},
    {"cd_dep_college_count", "cd_dep_college_count", "integer"},
});
constexpr auto kHouseholdDemographics = std::to_array<SampleColumn>({
    {"hd_demo_sk", "hd_demo_sk", "bigint"},
    {"hd_income_band_sk", "hd_income_band_sk", "bigint"},
    {"hd_buy_potential", "hd_buy_potential", "char(15)"},
    {"hd_dep_count", "hd_dep_count", "integer"},
    {"hd_vehicle_count", "hd_vehicle_count", "integer"},
});
constexpr auto kIncomeBand = std::to_array<SampleColumn>({
    {"ib_income_band_sk", "ib_income_band_sk", "bigint"},
    {"ib_lower_bound", "ib_lower_bound", "integer"},
    {"ib_upper_bound", "ib_upper_bound", "integer"},
});

constexpr auto kTables = std::to_array<SampleTable>({
    {"customer", 100000, false, kCustomer},
    {"customer_address", 50000, false, kCustomerAddress},
    {"customer_demographics", 1920800, true, kCustomerDemographics},
    {"household_demographics", 7200, true, kHouseholdDemographics},
    {"income_band", 20, true, kIncomeBand},
});

}  // namespace

std::span<const SampleTable> TpcdsPeople() { return kTables; }

}  // namespace tarn::connector::sample
