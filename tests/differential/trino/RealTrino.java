// A real Trino of the newest version, embedded, with tables in memory: RealTrino PORT. Says "ready" and lives until its
// input ends.
import io.trino.plugin.memory.MemoryPlugin;
import io.trino.server.testing.TestingTrinoServer;
import java.util.Map;

public final class RealTrino {
    public static void main(String[] arguments) throws Exception {
        try (TestingTrinoServer server = TestingTrinoServer.builder()
                .setCoordinator(true)
                .setEnvironment("differential")
                .setProperties(Map.of("http-server.http.port", arguments[0]))
                .build()) {
            server.installPlugin(new MemoryPlugin());
            server.createCatalog("memory", "memory", Map.of());
            System.out.println("ready");
            while (System.in.read() >= 0) {
            }
        }
    }
}
