// The checks of the Trino JDBC driver.
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

public final class Jdbc {
    private static final String MILLION =
            "SELECT a * 1000 + b AS n, 'row' AS s FROM UNNEST(sequence(0, 999)) t(a) CROSS JOIN UNNEST(sequence(0, 999)) u(b)";
    private static final String ENDLESS =
            "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y) "
                    + "CROSS JOIN UNNEST(sequence(1, 10000)) c(z) WHERE x * y % 7 = z % 5";

    private interface Work {
        void run() throws Exception;
    }

    private static void check(String name, Work work) {
        try {
            work.run();
            System.out.println("PASS " + name);
        } catch (Throwable error) {
            error.printStackTrace();
            System.out.println("FAIL " + name + ": " + String.valueOf(error.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static void equal(Object got, Object wanted) {
        if (!Objects.equals(got, wanted)) {
            throw new AssertionError("got " + got + ", wanted " + wanted);
        }
    }

    private static Connection connect(String... more) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "tester");
        properties.setProperty("extraCredentials", "peakaKey:" + System.getenv("TARN_KEY"));
        for (int i = 0; i + 1 < more.length; i += 2) {
            properties.setProperty(more[i], more[i + 1]);
        }
        return DriverManager.getConnection("jdbc:trino://127.0.0.1:" + System.getenv("TARN_PORT") + "/tpch/tiny", properties);
    }

    private static List<Object> column(ResultSet rows, String name) throws SQLException {
        List<Object> values = new ArrayList<>();
        while (rows.next()) {
            values.add(rows.getObject(name));
        }
        return values;
    }

    private static void million(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(MILLION)) {
            long count = 0;
            long sum = 0;
            while (rows.next()) {
                ++count;
                sum += rows.getLong(1);
            }
            equal(List.of(count, sum), List.of(1000000L, 499999500000L));
        }
    }

    private static void metadata(Connection connection) throws SQLException {
        DatabaseMetaData data = connection.getMetaData();
        check("the address that the REST API tells", () -> {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + System.getenv("TARN_PORT") + "/api/v1/supportedDrivers/jdbc"))
                    .header("Authorization", "Bearer " + System.getenv("TARN_KEY")).build();
            String told = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
            String address = told.substring(told.indexOf("jdbc:"), told.lastIndexOf('"'));
            try (Connection toldConnection = DriverManager.getConnection(address);
                    ResultSet rows = toldConnection.createStatement().executeQuery("SELECT count(*) FROM tpch.tiny.nation")) {
                rows.next();
                equal(rows.getLong(1), 25L);
            }
        });
        check("getCatalogs", () -> equal(column(data.getCatalogs(), "TABLE_CAT").containsAll(List.of("memory", "system", "tpch")), true));
        check("getSchemas", () -> equal(column(data.getSchemas("tpch", "ti%"), "TABLE_SCHEM"), List.of("tiny")));
        check("getTableTypes", () -> equal(column(data.getTableTypes(), "TABLE_TYPE"), List.of("TABLE", "VIEW")));
        check("getTables", () -> {
            equal(column(data.getTables("tpch", "tiny", "%", new String[] {"TABLE"}), "TABLE_NAME").contains("nation"), true);
            equal(column(data.getTables("tpch", "tiny", "nati_n", null), "TABLE_NAME"), List.of("nation"));
            equal(column(data.getTables("tpch", "tiny", "%", new String[] {}), "TABLE_NAME"), List.of());
        });
        check("getColumns", () -> {
            ResultSet rows = data.getColumns("tpch", "tiny", "nation", "%");
            List<Object> found = new ArrayList<>();
            while (rows.next()) {
                found.add(Arrays.asList(rows.getString("COLUMN_NAME"), rows.getInt("DATA_TYPE"), rows.getInt("ORDINAL_POSITION")));
            }
            equal(found, List.of(Arrays.asList("nationkey", Types.BIGINT, 1), Arrays.asList("name", Types.VARCHAR, 2),
                    Arrays.asList("regionkey", Types.BIGINT, 3), Arrays.asList("comment", Types.VARCHAR, 4)));
        });
        check("getTypeInfo", () -> equal(column(data.getTypeInfo(), "TYPE_NAME").containsAll(List.of("bigint", "varchar", "decimal", "date")), true));
        check("getPrimaryKeys", () -> equal(column(data.getPrimaryKeys("tpch", "tiny", "nation"), "COLUMN_NAME"), List.of()));
        check("getImportedKeys", () -> equal(column(data.getImportedKeys("tpch", "tiny", "nation"), "FK_NAME"), List.of()));
        check("getProcedures", () -> equal(column(data.getProcedures(null, null, null), "PROCEDURE_NAME"), List.of()));
        check("getProcedureColumns", () -> equal(column(data.getProcedureColumns(null, null, null, null), "COLUMN_NAME"), List.of()));
        check("getUDTs", () -> equal(column(data.getUDTs(null, null, "%", null), "TYPE_NAME"), List.of()));
        check("getSuperTypes", () -> equal(column(data.getSuperTypes(null, null, null), "TYPE_NAME"), List.of()));
        check("getSuperTables", () -> equal(column(data.getSuperTables(null, null, null), "TABLE_NAME"), List.of()));
        check("getAttributes", () -> equal(column(data.getAttributes(null, null, null, null), "ATTR_NAME"), List.of()));
        check("getPseudoColumns", () -> equal(column(data.getPseudoColumns(null, null, null, null), "COLUMN_NAME"), List.of()));
        check("getUserName and the product", () -> {
            equal(data.getUserName(), "tester");
            equal(data.getDatabaseProductName(), "Trino");
            equal(data.getDatabaseProductVersion().isEmpty(), false);
        });
        check("what the driver answers by itself", () -> {
            equal(data.getClientInfoProperties().next(), true);
            equal(data.getIdentifierQuoteString(), "\"");
        });
    }

    private static void types(Connection connection) throws SQLException {
        String statement = "SELECT true, TINYINT '-5', SMALLINT '7', 42, BIGINT '9007199254740993', REAL '1.5', 2.5e0, DECIMAL '12.50', 'text', "
                + "CAST('ab' AS char(4)), X'4142', JSON '{\"a\": 1}', DATE '2020-02-29', TIME '01:02:03.123', TIMESTAMP '2020-02-29 01:02:03.123456', "
                + "TIMESTAMP '2020-02-29 01:02:03.123 Europe/Istanbul', UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59', ARRAY[1, NULL, 3], "
                + "MAP(ARRAY['a'], ARRAY[1]), ROW(1, 'x'), nan(), NULL, INTERVAL '1' DAY, INTERVAL '3' MONTH";
        try (ResultSet row = connection.createStatement().executeQuery(statement)) {
            equal(row.next(), true);
            Object[] simple = {true, (byte) -5, (short) 7, 42, 9007199254740993L, 1.5f, 2.5, new BigDecimal("12.50"), "text", "ab  "};
            for (int i = 0; i < simple.length; ++i) {
                equal(row.getObject(i + 1), simple[i]);
            }
            equal(new String(row.getBytes(11)), "AB");
            equal(row.getObject(12), "{\"a\":1}");
            equal(row.getObject(13, LocalDate.class), LocalDate.of(2020, 2, 29));
            equal(row.getDate(13).toString(), "2020-02-29");
            equal(row.getTime(14).toLocalTime(), LocalTime.of(1, 2, 3));
            equal(row.getTimestamp(15), Timestamp.valueOf("2020-02-29 01:02:03.123456"));
            equal(row.getObject(15, LocalDateTime.class), LocalDateTime.of(2020, 2, 29, 1, 2, 3, 123456000));
            equal(row.getObject(16, ZonedDateTime.class).toString(), "2020-02-29T01:02:03.123+03:00[Europe/Istanbul]");
            equal(row.getObject(17).toString(), "12151fd2-7586-11e9-8f9e-2a86e4085a59");
            equal(Arrays.asList((Object[]) row.getArray(18).getArray()), Arrays.asList(1, null, 3));
            equal(row.getObject(19).toString(), "{a=1}");
            equal(row.getObject(20).toString(), "{1, x}");
            equal(Double.isNaN(row.getDouble(21)), true);
            row.getString(22);
            equal(row.wasNull(), true);
            equal(row.getObject(23).toString(), "1 00:00:00.000");
            equal(row.getObject(24).toString(), "0-3");
            equal(row.getMetaData().getColumnTypeName(8), "decimal(4,2)");
            equal(List.of(row.getMetaData().getPrecision(8), row.getMetaData().getScale(8)), List.of(4, 2));
        }
    }

    private static void parameters(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT ?, ?, ?, ?, ?, ?")) {
            statement.setLong(1, 7);
            statement.setString(2, "it's");
            statement.setDouble(3, 1.5);
            statement.setBigDecimal(4, new BigDecimal("1.50"));
            statement.setDate(5, Date.valueOf("2020-01-02"));
            statement.setTimestamp(6, Timestamp.valueOf("2020-01-02 03:04:05.678"));
            try (ResultSet row = statement.executeQuery()) {
                equal(row.next(), true);
                equal(Arrays.asList(row.getLong(1), row.getString(2), row.getDouble(3), row.getBigDecimal(4), row.getDate(5).toString(),
                        row.getTimestamp(6).toString()), Arrays.asList(7L, "it's", 1.5, new BigDecimal("1.50"), "2020-01-02", "2020-01-02 03:04:05.678"));
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        Connection connection = connect();
        check("connect", () -> {
            try (ResultSet row = connection.createStatement().executeQuery("SELECT 1")) {
                equal(row.next(), true);
                equal(row.getInt(1), 1);
            }
            equal(connection.isValid(5), true);
        });
        metadata(connection);
        check("all types", () -> types(connection));
        check("prepared statements, explicit", () -> parameters(connection));
        check("prepared statements, immediate", () -> parameters(connect("explicitPrepare", "false")));
        check("metadata of prepared statements", () -> {
            try (PreparedStatement statement = connection.prepareStatement("SELECT name, nationkey FROM nation WHERE nationkey = ?")) {
                equal(statement.getMetaData().getColumnCount(), 2);
                equal(statement.getMetaData().getColumnName(2), "nationkey");
                equal(statement.getParameterMetaData().getParameterCount(), 1);
            }
        });
        check("batch", () -> {
            Statement statement = connection.createStatement();
            statement.execute("CREATE TABLE memory.default.jdbc_batch (id bigint, name varchar)");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO memory.default.jdbc_batch VALUES (?, ?)")) {
                for (int i = 0; i < 3; ++i) {
                    insert.setLong(1, i);
                    insert.setString(2, "name " + i);
                    insert.addBatch();
                }
                equal(Arrays.toString(insert.executeBatch()), "[1, 1, 1]");
            }
            equal(column(statement.executeQuery("SELECT id FROM memory.default.jdbc_batch ORDER BY id"), "id"), List.of(0L, 1L, 2L));
            statement.execute("DROP TABLE memory.default.jdbc_batch");
        });
        check("update counts", () -> {
            Statement statement = connection.createStatement();
            statement.execute("CREATE TABLE memory.default.jdbc_counts (id bigint)");
            equal(statement.executeUpdate("INSERT INTO memory.default.jdbc_counts VALUES 1, 2, 3"), 3);
            statement.execute("DROP TABLE memory.default.jdbc_counts");
        });
        check("error with its position", () -> {
            try {
                connection.createStatement().executeQuery("SELECT nosuch FROM nation").next();
                throw new AssertionError("no error");
            } catch (SQLException error) {
                equal(error.getErrorCode(), 47);
                equal(error.getMessage().contains("line 1:8: "), true);
            }
        });
        check("time zone of the session", () -> {
            try (Connection other = connect("timezone", "Asia/Kolkata");
                    ResultSet row = other.createStatement().executeQuery("SELECT current_timezone()")) {
                equal(row.next(), true);
                equal(row.getString(1), "Asia/Kolkata");
            }
        });
        check("catalog, schema and session properties", () -> {
            try (Connection other = connect("sessionProperties", "query_max_run_time:1h")) {
                other.setCatalog("tpch");
                other.setSchema("sf1");
                try (ResultSet row = other.createStatement().executeQuery("SELECT current_schema")) {
                    equal(row.next(), true);
                    equal(row.getString(1), "sf1");
                }
                other.createStatement().execute("USE tpch.tiny");
                equal(other.getSchema(), "tiny");
            }
        });
        check("transaction", () -> {
            try (Connection other = connect()) {
                other.setAutoCommit(false);
                equal(column(other.createStatement().executeQuery("SELECT count(*) AS n FROM nation"), "n"), List.of(25L));
                other.commit();
                other.setAutoCommit(true);
            }
        });
        check("cancel", () -> {
            Statement statement = connection.createStatement();
            Thread canceller = new Thread(() -> {
                try {
                    Thread.sleep(700);
                    statement.cancel();
                } catch (Exception error) {
                    error.printStackTrace();
                }
            });
            canceller.start();
            long started = System.nanoTime();
            try {
                statement.executeQuery(ENDLESS).next();
                throw new AssertionError("it was not cancelled");
            } catch (SQLException error) {
                equal((System.nanoTime() - started) / 1_000_000_000 < 10, true);
            }
            canceller.join();
        });
        check("a million rows", () -> million(connection));
        for (String encoding : List.of("json", "json+zstd", "json+lz4")) {
            check("a million rows in segments of " + encoding, () -> million(connect("encoding", encoding)));
        }
        System.exit(0);
    }
}
