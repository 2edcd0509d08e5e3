// Reads all rows of a statement with the Trino JDBC driver, every column as an object: JdbcReader PORT KEY SQL REPEAT;
// one line of JSON a run. Without a key the server is a real Trino, whose user needs no proof.
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Properties;

public final class JdbcReader {
    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("user", "bench");
        if (!arguments[1].isEmpty()) {
            properties.setProperty("extraCredentials", "peakaKey:" + arguments[1]);
        }
        String url = "jdbc:trino://127.0.0.1:" + arguments[0];
        try (Connection connection = DriverManager.getConnection(url, properties); Statement statement = connection.createStatement()) {
            for (int run = 0; run < Integer.parseInt(arguments[3]); ++run) {
                long started = System.nanoTime();
                long rows = 0;
                try (ResultSet result = statement.executeQuery(arguments[2])) {
                    int columns = result.getMetaData().getColumnCount();
                    for (; result.next(); ++rows) {
                        for (int column = 1; column <= columns; ++column) {
                            result.getObject(column);
                        }
                    }
                }
                System.out.println("{\"rows\": " + rows + ", \"ms\": " + (System.nanoTime() - started) / 1e6 + "}");
            }
        }
    }
}
