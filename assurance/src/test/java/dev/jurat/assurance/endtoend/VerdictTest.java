package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Terminal;
import dev.jurat.assurance.harness.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a person is told once they have given their word: what the ledger has, not what they hoped for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VerdictTest {
    private static final String POLICY = """
            @id("exact") @shape("exact") @window("%s") permit (principal, action, resource);
            @id("ask") @reason("approval-wanted") @approvals("%s")
            forbid (principal, action, resource) unless { context.approvals >= %s };
            """;

    private Site site;
    private StdioClient client;

    @BeforeAll
    void start() throws IOException {
        site = Site.governed();
        atTerminal(
                List.of(typed("Passphrase of ann"), typed("New passphrase"), typed("again")),
                0,
                "operator",
                "enroll",
                "--name",
                "bob",
                "--role",
                "approver");
        client = Servers.ready(site.wrap(
                Site.AGENT,
                List.of("--hold", "0"),
                CountingServer.command(site.folder().resolve("counter"))));
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    private static Terminal.Line typed(String prompt) {
        return new Terminal.Line(prompt, Site.PASSPHRASE);
    }

    private String atTerminal(List<Terminal.Line> lines, int exit, String... arguments) throws IOException {
        Terminal.Result result =
                Terminal.run(Programs.jurat(arguments), site.folder(), site.environment(), lines, Site.READY);
        assertEquals(exit, result.exit(), result.screen());
        return result.screen();
    }

    private String as(String person, int exit, String... arguments) throws IOException {
        List<String> words = new java.util.ArrayList<>(List.of(arguments));
        words.addAll(List.of("--as", person));
        return atTerminal(List.of(typed("Passphrase of " + person)), exit, words.toArray(String[]::new));
    }

    private void decidedBy(String name, String window, int people) throws IOException {
        Path policy = site.folder().resolve(name + ".cedar");
        Files.writeString(policy, POLICY.formatted(window, people, people));
        as("ann", 0, "policy", "publish", policy.toString(), "--name", name + "@v1");
    }

    private String waiting(String arguments) throws IOException {
        StdioClient.Answer answer = client.call("count", arguments, Servers.SOON);
        assertEquals("approval-pending", Texts.refusal(answer), answer.line());
        return Texts.decision(answer);
    }

    @Test
    void anApprovalThatIsDeniedLooksLikeOneThatHolds() throws IOException {
        decidedBy("short", "5m", 1);
        String decision = waiting("{\"word\":\"changed\"}");
        decidedBy("long", "10m", 1);

        String screen = as("ann", 1, "approve", decision);

        assertTrue(screen.contains("Denied after your approval") && screen.contains("terms-changed"), screen);
        assertTrue(screen.contains("next: have the call sent again") && screen.contains("jurat pending"), screen);
        assertFalse(screen.contains("goes out"), screen);
    }

    @Test
    void theFirstOfTwoApprovalsLooksLikeEnough() throws IOException {
        decidedBy("two", "5m", 2);
        String arguments = "{\"word\":\"two\"}";
        String decision = waiting(arguments);

        String first = as("ann", 0, "approve", decision);
        assertTrue(first.contains("1 of 2 approvals: one more person has to approve."), first);
        assertFalse(first.contains("goes out"), first);
        String second = as("bob", 0, "approve", decision, "--json");
        assertTrue(second.contains("\"given\":2") && second.contains("\"wanted\":2"), second);

        assertFalse(client.call("count", arguments, Servers.SOON).failed());
        String kinds = Values.list(site.json("trace", decision), "records").stream()
                .map(r -> Values.text(r, "kind"))
                .toList()
                .toString();
        assertTrue(kinds.contains("contract, intent, identity, use, outcome"), kinds);
    }

    @Test
    void theCallOfASuspendedAgentIsSaidToGoOut() throws IOException {
        decidedBy("held", "5m", 1);
        String decision = waiting("{\"word\":\"suspended\"}");
        as("ann", 0, "agent", "suspend", Site.AGENT);

        String screen = as("ann", 0, "approve", decision);

        assertTrue(screen.contains("The agent is suspended, so nothing goes out"), screen);
        assertTrue(screen.contains("next: jurat agent resume local/"), screen);
        as("ann", 0, "agent", "resume", Site.AGENT);
    }

    @Test
    void aRefusedEnrolmentLeavesAKeyThatIsInTheWay() throws IOException {
        Site.Said typo = site.jurat("operator", "enroll", "--name", "eve", "--role", "king", "--by", "ann");
        assertEquals(2, typo.exit(), typo.err());
        assertTrue(typo.err().contains("king is neither administrator, approver, auditor nor reader"), typo.err());
        Path key = site.home().resolve("operators/eve.json");
        String approver = atTerminal(
                List.of(typed("Passphrase of ann"), typed("New passphrase"), typed("again")),
                0,
                "operator",
                "enroll",
                "--name",
                "cleo",
                "--role",
                "approver",
                "--by",
                "ann");
        assertTrue(approver.contains("cleo is enrolled."), approver);

        // An approver is no administrator: the ledger refuses what they sign.
        String refused = atTerminal(
                List.of(typed("Passphrase of cleo"), typed("New passphrase"), typed("again")),
                1,
                "operator",
                "enroll",
                "--name",
                "eve",
                "--by",
                "cleo");
        assertFalse(Files.exists(key), refused);

        Path home = site.home().resolve("operators");
        Files.copy(home.resolve("bob.json"), home.resolve("zed.json"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(
                home.resolve("zed.json"),
                Files.readString(home.resolve("bob.json"))
                        .replace("\"bob\"", "\"zed\"")
                        .replace("local/", "local/a"));
        try {
            Site.Said list = site.jurat("operator", "list");
            assertTrue(list.out().contains("not on this node's ledger"), list.out() + list.err());
            assertTrue(list.out().contains("next: jurat operator enroll --name zed"), list.out());
            assertEquals(
                    1,
                    list.out()
                            .lines()
                            .filter(l -> l.contains("not on this node"))
                            .count(),
                    list.out());
        } finally {
            Files.delete(home.resolve("zed.json"));
        }
    }
}
