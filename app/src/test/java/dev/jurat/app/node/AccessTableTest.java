package dev.jurat.app.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.governance.LedgerDoor;
import dev.jurat.proof.record.Role;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AccessTableTest {
    private static final List<Role> COLUMNS =
            List.of(Role.AGENT, Role.POINT, Role.READER, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR);

    private static String row(Map.Entry<String, List<Role>> entry) {
        return "| `" + entry.getKey() + "` | "
                + COLUMNS.stream()
                        .map(role -> entry.getValue().contains(role) ? "yes" : "–")
                        .collect(Collectors.joining(" | "))
                + " |";
    }

    @Test
    void thePageSaysAnotherTableThanTheDoorHas() throws IOException {
        List<String> page = Files.readAllLines(Path.of("../docs/operate/access.md"), StandardCharsets.UTF_8);
        List<String> rows = page.stream()
                .filter(line -> line.startsWith("| `GET ") || line.startsWith("| `POST "))
                .toList();
        assertEquals(
                Access.table().entrySet().stream().map(AccessTableTest::row).toList(), rows);
    }

    @Test
    void aRouteIsForEverybodySinceNobodySaidForWhom() {
        assertThrows(IllegalStateException.class, () -> Access.allowed("GET /v1/something-new"));
    }

    /** The kernel says so of many users. */
    @Test
    void nobodyIsSomebody() {
        LedgerDoor unasked = (LedgerDoor) Proxy.newProxyInstance(
                LedgerDoor.class.getClassLoader(), new Class<?>[] {LedgerDoor.class}, (proxy, method, arguments) -> {
                    throw new AssertionError("the log is asked who that is");
                });
        Access access = new Access(unasked);
        for (String user : List.of("nobody", "65534", "", "a b")) {
            assertFalse(access.areLetIn(user), user);
        }
    }

    @Test
    void readersAndAuditorsWrite() {
        Access.table().forEach((route, roles) -> {
            boolean writes = route.startsWith("POST ");
            assertTrue(!writes || !roles.contains(Role.READER), route);
            boolean own = route.equals("POST /v1/groups") || route.equals("POST /v1/batch");
            assertTrue(!writes || own || !roles.contains(Role.AUDITOR), route);
        });
    }
}
