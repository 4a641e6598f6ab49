package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.Publication;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Each command as a person types it, in its own process, against one node where an agent has been let through, made to wait, approved, denied and
 * refused. In order: what ends authority comes last.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(1)
final class CommandsTest {
    private static final String PROFILE = """
            {"name":"counting@1","roots":{"from":"none"},
             "server":{"name":"counting-server","source":"test","version":"1"},
             "tools":{"count":{"arguments":{"properties":{"word":{"type":"string"}},"required":["word"],"type":"object"},
               "definitions":["0000000000000000000000000000000000000000000000000000000000000000"],"effect":"read","idempotent":true,
               "resources":[{"argument":"word","each":false,"reach":"itself","type":"path"}],"result":"digest","secret":[]}},
             "type":"https://jurat.dev/profile/v1"}
            """;

    private static final String CASE = """
            {"input":{"type":"https://jurat.dev/policy-input/v1",
              "principal":{"id":"home/aaaaaaaaaaaaaaaaaaaaaaaaaa","namespace":"home","enrolled":"administrator"},
              "session":{"isolation":"same-user","shared":true},
              "action":{"method":"tools/call","tool":"write_file","effect":"write","idempotent":true,"known":true},
              "roots":["/srv/data"],"base":"/srv/data","resources":[{"kind":"path","name":"/srv/data/a.txt",
                "resolved":"/srv/data/a.txt","inside":true,"root":"/srv/data"}],
              "arguments":{"path":"/srv/data/a.txt"},"approvals":0,"unknowns":0,"observe":false,"time":1795262400000},
             "outcome":"%s"}
            """;

    private Site site;
    private String file = "";
    private String allowed = "";
    private String accepting = "";

    @BeforeAll
    void start() throws IOException, FormatException {
        site = Site.governed();
        site.enrolAgent("worker");
        file = site.files().resolve("a.txt").toString();
        Files.writeString(Path.of(file), "alpha");
        Path profile = site.folder().resolve("profile.json");
        Files.writeString(profile, PROFILE);
        String published =
                site.unlocked("profile", "publish", profile.toString()).screen();
        assertTrue(published.contains("is not in canonical form"), published);
        try (StdioClient client = wrap()) {
            String waits = waiting(client, "count", "{\"word\":" + Texts.quoted(file) + "}");
            accepting = site.unlocked("deny", waits, "--reason", "look at the tool first")
                    .screen();
            client.leave(Servers.SOON);
        }
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    private StdioClient wrap() throws IOException {
        List<String> options = List.of(
                "--hold", "0", "--profile", "counting@1", "--root", site.files().toString());
        return Servers.ready(site.wrap(
                "worker", options, CountingServer.command(site.folder().resolve("counter"))));
    }

    private static String waiting(StdioClient client, String tool, String arguments) throws IOException {
        StdioClient.Answer answer = client.call(tool, arguments, Servers.SOON);
        assertEquals("approval-pending", Texts.refusal(answer), answer.line());
        return Texts.decision(answer);
    }

    private String plain(String... arguments) throws IOException {
        Site.Said said = site.jurat(arguments);
        assertEquals(0, said.exit(), String.join(" ", arguments) + ": " + said.out() + said.err());
        return said.out();
    }

    private Json.Obj refused(int exit, String code, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.add("--json");
        Site.Said said = site.jurat(words.toArray(String[]::new));
        assertEquals(exit, said.exit(), words + ": " + said.out() + said.err());
        assertEquals(code, Values.text(said.json(), "error.code"), said.out());
        assertTrue(Values.text(said.json(), "error.next").contains("jurat "), said.out());
        return said.json();
    }

    @Test
    @Order(1)
    void theDefinitionThatCouldBeAcceptedIsNotShown() throws IOException {
        Matcher found = Pattern.compile("jurat (profile publish counting@1 --accept count=[0-9a-f]{64})")
                .matcher(accepting);
        assertTrue(found.find(), accepting);
        site.unlocked(found.group(1).split(" "));

        assertEquals(
                "count", Values.text(profile(site.json("profile", "list")), "accepts.0.tool"), "nothing was accepted");
        assertEquals("counting@1", Values.text(site.json("profile", "show", "counting@1"), "name"));
        assertTrue(plain("profile", "list").contains("counting@1"));
        try (StdioClient client = wrap()) {
            StdioClient.Answer answer = client.call("count", "{\"word\":" + Texts.quoted(file) + "}", Servers.SOON);
            assertEquals("counted", answer.text(), answer.line());
            allowed = Values.text(site.json("search", "--outcome", "success"), "actions.0.id");
            String unreadable = waiting(client, "count", "{\"spare\":1,\"word\":" + Texts.quoted(file) + "}");
            String why = site.unlocked("deny", unreadable, "--reason", "it has a spare argument")
                    .screen();
            assertTrue(why.contains("counting@1 has this tool by this very definition, and cannot read"), why);
            assertFalse(why.contains("--accept") || why.contains("another definition"), why);
            String approved = waiting(client, "slow", "{\"millis\":1}");
            site.unlocked("approve", approved, "--reason", "one is short");
            assertFalse(client.call("slow", "{\"millis\":1}", Servers.SOON).failed());
            StdioClient.Answer outside =
                    client.call("count", "{\"word\":" + Texts.quoted(site.outside() + "/b") + "}", Servers.SOON);
            assertTrue(outside.failed(), outside.line());
            waiting(client, "fail", "{}");
            client.leave(Servers.SOON);
        }
    }

    private static Json profile(Json answer) {
        return Values.list(answer, "profiles").stream()
                .filter(p -> Values.text(p, "name").equals("counting@1"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Order(2)
    void aFilterFindsNothingOrTooMuch() throws IOException {
        String id = Values.text(site.json("agent", "show", "worker"), "principal");
        int all = found();
        assertTrue(all >= 5, "only " + all + " actions");
        assertEquals(all, found("--principal", "worker"));
        assertEquals(all, found("--principal", "local"));
        assertEquals(all, found("--principal", id, "--since", "1h"));
        assertEquals(0, found("--until", "2020-01-01T00:00:00Z"));
        assertEquals(2, found("--action", "slow"));
        assertTrue(found("--resource", site.files() + "/*") >= 1);
        assertEquals(0, found("--resource", site.files() + "/*", "--action", "slow"));
        assertEquals(1, found("--decision", "pending"));
        assertEquals(1, found("--outcome", "success", "--action", "count", "--resource", file));
        assertEquals(1, found("--text", "spare", "--decision", "deny"));
        assertEquals(1, found("--text", "Argument SPARE"), "a person's reason");
        assertEquals(0, found("--text", "spar"));
        assertEquals(2, found("--text", "slow", "--action", "slow"));
        Json page = site.json("search", "--limit", "1");
        assertEquals(1, Values.list(page, "actions").size());
        Json next = site.json("search", "--limit", "1", "--cursor", Values.text(page, "cursor"));
        assertNotEquals(Values.text(page, "actions.0.id"), Values.text(next, "actions.0.id"));
        String text = plain("search", "--limit", "1", "--principal", "worker");
        assertTrue(text.contains("worker") && text.contains("next: for more: jurat search"), text);

        refused(2, "parameter-value", "search", "--outcome", "splendid");
        refused(2, "parameter-value", "search", "--text", "- x");
        refused(1, "principal-unknown", "search", "--principal", "nobody");
    }

    private int found(String... filters) throws IOException {
        List<String> words = new ArrayList<>(List.of("search"));
        words.addAll(List.of(filters));
        Json answer = site.json(words.toArray(String[]::new));
        assertEquals("", Values.text(answer, "index-lag"));
        return Values.list(answer, "actions").size();
    }

    @Test
    @Order(3)
    void aRecordOrItsTraceCannotBeSeen() throws IOException {
        Json.Obj trace = site.json("trace", allowed);
        assertTrue(Values.list(trace, "records").size() >= 7, trace.toString());
        String tree = plain("trace", allowed.substring(0, 12));
        assertTrue(tree.contains("└─ ") && tree.contains("outcome"), tree);
        assertEquals(allowed, Values.text(site.json("show", allowed), "id"));
        String shown = plain("show", allowed.substring(0, 8));
        assertTrue(shown.startsWith("intent  " + allowed), shown);
        assertTrue(shown.contains("arguments  {\"word\":" + Texts.quoted(file) + "}"), shown);
        refused(1, "not-found", "show", "00000000");
    }

    @Test
    @Order(4)
    void whatAnAgentClaimsOfItsCallLooksLikeWhatHappened() throws Exception {
        Json before = Values.at(site.json("search", "--outcome", "success"), "actions");
        Party agent = Party.open(site, site.home().resolve("agents/worker.json"));
        RecordId use = RecordId.parse(kind(site.json("trace", allowed), "use"));
        Receipt.Result said = agent.say(
                new ExecutionFacts.Outcome(ExecutionFacts.Result.NOT_SENT, Optional.empty(), 0),
                References.of("use", use),
                new ExecutionDetails.Outcome(1, Optional.empty(), Optional.empty()).toJson());
        String claim = said.id().hex();

        assertEquals(before, Values.at(site.json("search", "--outcome", "success"), "actions"));
        Json found = site.json("search", "--principal", "worker", "--flag", "role-forbidden");
        assertEquals(claim, Values.text(found, "actions.0.id"));
        assertEquals("", Values.text(found, "actions.0.outcome"));
        assertEquals(1, Values.list(found, "actions").size());
        assertTrue(plain("search", "--flag", "role-forbidden").contains("(outcome)"));
        String line = plain("trace", allowed)
                .lines()
                .filter(l -> l.contains(claim.substring(0, 12)))
                .findFirst()
                .orElse("");
        assertTrue(line.endsWith("[not by the enforcement point: role-forbidden]"), line);
        assertTrue(plain("show", claim).contains("flags  role-forbidden"));
        assertEquals("role-forbidden", Values.text(site.json("show", claim), "flags.0"));
        refused(2, "parameter-value", "search", "--flag", "pink");
    }

    @Test
    @Order(5)
    void thePeopleWhoWaitSeeNothing() throws IOException {
        Json one = site.json("pending");
        assertEquals(1, Values.list(one, "pending").size(), one.toString());
        assertEquals("fail", Values.text(one, "pending.0.tool"));
        String text = plain("pending");
        assertTrue(text.contains("definition ") && text.contains("no profile has this tool"), text);
        try (ManagedProcess watch = ManagedProcess.start(
                Programs.jurat("pending", "--watch", "--json"), site.folder(), site.environment())) {
            String line = watch.awaitLine(l -> l.contains("\"tool\":\"fail\""), Site.READY);
            assertTrue(line.startsWith("{\"") && !line.contains("\"pending\":["), line);
        }
        site.unlocked("deny", Values.text(one, "pending.0.decision"), "--reason", "it fails");
        assertEquals(
                "{\"pending\":[],\"unreadable\":[]}", plain("pending", "--json").strip());
        assertTrue(plain("pending").contains("Nothing waits"));
        refused(1, "not-pending", "approve", Values.text(one, "pending.0.decision"));
    }

    @Test
    @Order(6)
    void aPublishedPolicyIsNotFoundByItsName() throws IOException {
        Json list = site.json("policy", "show", "starter@v1");
        Path own = site.folder().resolve("own.cedar");
        Files.writeString(own, Values.text(list, "policies"));
        assertTrue(plain("policy", "test", "starter@v1", "--json").contains("\"loads\":true"));
        assertTrue(plain("policy", "test", own.toString()).contains("loads"));
        Path input = site.folder().resolve("case.json");
        Files.writeString(input, CASE.formatted("allow"));
        assertTrue(plain("policy", "test", own.toString(), input.toString(), "--json")
                .contains("\"as-expected\":true"));
        Files.writeString(input, CASE.formatted("deny"));
        assertEquals(
                1, site.jurat("policy", "test", "starter@v1", input.toString()).exit());
        site.unlocked("policy", "publish", own.toString(), "--name", "own@v1", "--available");

        assertEquals("own@v1", Values.text(site.json("policy", "show", "own@v1"), "name"));
        assertTrue(plain("policy", "show", "own@v1").contains("read-inside"));
        String table = plain("policy", "list");
        assertEquals(1, table.lines().filter(l -> l.contains("\tdecides\t")).count(), table);
        assertTrue(table.contains("starter@v1\tdecides"), table);
        site.unlocked("policy", "publish", "own@v1", "--available");
        assertEquals(table.lines().count(), plain("policy", "list").lines().count());
        String few = site.unlocked(
                        "policy", "publish", own.toString(), "--name", "many@v1", "--floors", "0,0,1,4", "--available")
                .screen();
        assertTrue(few.contains("calls may need 4 approvals, and 1 person may approve here"), few);
        site.unlocked("policy", "withdraw", "own@v1");
        String withdrawn = plain("policy", "list");
        assertTrue(withdrawn.contains("own@v1\t\twithdrawn\t"), withdrawn);
        assertTrue(plain("policy", "show", "own@v1").contains("jurat policy publish own@v1"));
        refused(2, "no-such-policy", "policy", "show", "other@v1");
    }

    @Test
    @Order(6)
    void aSecondTextGetsANameThatPeopleKnow() throws Exception {
        Path all = site.folder().resolve("all.cedar");
        Files.writeString(all, "@id(\"all\") permit (principal, action, resource);");
        Json.Obj no = refused(
                2, "policy-name-taken", "policy", "publish", all.toString(), "--name", "starter@v1", "--available");
        assertEquals("jurat policy publish " + all + " --name starter@v2 --available", Values.text(no, "error.next"));
        refused(2, "floors", "policy", "publish", "starter@v1", "--floors", "1,2,2,3");
        refused(2, "policy-name", "policy", "publish", "starter@v1", "--name", "mine@v1");
        Path other = site.folder().resolve("other.json");
        String changed = PROFILE.replace("\"version\":\"1\"", "\"version\":\"2\"");
        Files.writeString(other, changed);
        refused(2, "profile-name-taken", "profile", "publish", other.toString());
        Json.Obj foreign =
                refused(2, "no-such-tool", "profile", "publish", "counting@1", "--accept", "cuont=" + "0".repeat(64));
        assertTrue(Values.text(foreign, "error.message").contains("count"), foreign.toString());
        Files.writeString(other, "{ \"type\": \"something\" }");
        Json.Obj none = refused(2, "profile-type", "profile", "publish", other.toString());
        assertTrue(Values.text(none, "error.next").contains("docs/spec/contract.md"), none.toString());

        Party worker = Party.open(site, site.home().resolve("agents/worker.json"));
        for (Publication use : List.of(Publication.DEFAULT, Publication.AVAILABLE)) {
            RegistryFacts.Policy facts = new RegistryFacts.Policy(
                    Hash.of(new byte[] {1}), "starter@v1", use, new RegistryFacts.Floors(0, 0, 0, 0));
            NodeException e = assertThrows(
                    NodeException.class,
                    () -> worker.say(
                            facts, References.NONE, JsonBuilder.object().build()));
            assertEquals("policy-name-taken", e.code());
        }
    }

    @Test
    @Order(7)
    void aNounListsNothingOrShowsNothing() throws IOException {
        assertTrue(plain("operator", "list").startsWith("ann\t"));
        assertTrue(plain("operator", "list", "--json").contains("\"name\":\"ann\""));
        assertEquals("ann", Values.text(site.json("operator", "show", "ann"), "name"));
        refused(2, "no-such-operator", "operator", "show", "bob");
        assertTrue(plain("agent", "list").contains("worker"));
        assertTrue(plain("agent", "show", "worker").contains("in good standing"));
        refused(2, "no-such-principal", "agent", "show", "nobody");
        Json leaves = site.json("log", "list", "--limit", "3");
        assertEquals(3, Values.list(leaves, "leaves").size());
        String newest = Values.text(leaves, "leaves.0.index");
        assertEquals(Values.text(leaves, "leaves.0.id"), Values.text(site.json("log", "show", newest), "id"));
        assertTrue(plain("log", "list", "--limit", "1", "--before", "1").startsWith("0\tgenesis\t"));
        assertTrue(Values.text(site.json("log", "show"), "checkpoint").contains("\n"));
        assertTrue(plain("log", "show").contains("checkpoint"));
        refused(1, "not-found", "log", "show", "999999");
        Site.Said doctor = site.jurat("doctor");
        assertTrue(doctor.out().contains("ledger running"), doctor.out());
        assertTrue(plain("doctor", "--json").contains("\"health\":\"good\""));
    }

    @Test
    @Order(8)
    void aBundleOfAnyScopeDoesNotVerify() throws IOException {
        Json action = Values.at(site.json("search", "--outcome", "success"), "actions.0");
        String session = Values.text(action, "principal") + "/" + Values.text(action, "session");
        Path bundles = Files.createDirectories(site.folder().resolve("bundles"));
        export(bundles.resolve("action.jurat"), "--action", allowed);
        export(bundles.resolve("session.jurat"), "--session", session);
        export(bundles.resolve("all.jurat"), "--all");

        assertEquals(
                3,
                Values.list(site.json("bundle", "list", bundles.toString()), "bundles")
                        .size());
        assertTrue(plain("bundle", "list", bundles.toString()).contains("action.jurat"));
        Json shown = site.json("bundle", "show", bundles.resolve("action.jurat").toString());
        assertEquals("count", Values.text(shown, "summary.actions.0.what.name"));
        String text = plain("bundle", "show", bundles.resolve("all.jurat").toString());
        assertTrue(text.contains("nothing of it was checked") && text.contains("next: jurat verify"), text);
    }

    private void export(Path out, String... scope) throws IOException {
        List<String> words = new ArrayList<>(List.of("bundle", "export", "--out", out.toString()));
        words.addAll(List.of(scope));
        site.json(words.toArray(String[]::new));
        Json report = site.json("verify", "--trust", site.trust().toString(), out.toString());
        assertEquals("accepted", Values.text(report, "answer"), report.toString());
    }

    @Test
    @Order(9)
    void aKeyThatIsKeptCannotBeEnrolledOnASecondNode() throws IOException {
        Path second = site.folder().resolve("second");
        try (ManagedProcess ignored = site.up(second)) {
            String screen = site.unlocked("operator", "enroll", "--name", "ann", "--data", second.toString())
                    .screen();
            assertTrue(screen.contains("jurat policy publish --data " + second + " starter@v1"), screen);
            Json.Obj no =
                    refused(2, "operator-exists", "operator", "enroll", "--name", "ann", "--data", second.toString());
            assertEquals("jurat operator show ann", Values.text(no, "error.next"));
        }
    }

    @Test
    @Order(10)
    void aSuspendedAgentGoesOn() throws IOException {
        String screen = site.unlocked("agent", "suspend", "worker").screen();
        assertTrue(screen.contains("jurat agent resume worker"), screen);
        assertEquals("suspended", Values.text(site.json("agent", "show", "worker"), "state"));
        site.unlocked("agent", "resume", "worker");
        assertEquals("in good standing", Values.text(site.json("agent", "show", "worker"), "state"));
    }

    @Test
    @Order(11)
    void authorityOutlivesItsRevocation() throws IOException {
        try (StdioClient client = wrap()) {
            String arguments = "{\"word\":" + Texts.quoted(file) + "}";
            assertFalse(client.call("count", arguments, Servers.SOON).failed());
            Json action = Values.at(site.json("search", "--outcome", "success"), "actions.0");
            Json trace = site.json("trace", Values.text(action, "id"));
            revoke(kind(trace, "identity"));
            revoke(kind(trace, "contract"));
            site.unlocked("policy", "publish", "observe@v1", "--available");
            Json observe = Values.list(policies(), "policies").stream()
                    .filter(p -> Values.text(p, "name").equals("observe@v1"))
                    .toList()
                    .getLast();
            revoke(Values.text(observe, "record"));
            revoke(Values.text(action, "principal") + "/" + Values.text(action, "session"));
            assertTrue(client.call("count", arguments, Servers.SOON).failed(), "a revoked session is served");
            revoke(Values.text(action, "principal"));
        }
        assertNotEquals(
                "in good standing", Values.text(site.json("agent", "show", "worker"), "state"), "nothing was revoked");
        refused(2, "not-revocable", "revoke", allowed, "--reason", "an intent gives no authority");
    }

    private Json policies() throws IOException {
        return site.get("/v1/policies");
    }

    private void revoke(String what) throws IOException {
        String screen =
                site.unlocked("revoke", what, "--reason", "the test is over").screen();
        assertTrue(screen.contains("Revoked: "), screen);
    }

    private static String kind(Json trace, String kind) {
        return Values.list(trace, "records").stream()
                .filter(r -> Values.text(r, "kind").equals(kind))
                .map(r -> Values.text(r, "id"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Order(12)
    void anIndexThatIsMadeAnewLosesActions() throws IOException {
        int before = found();
        refused(2, "data-folder-in-use", "log", "reindex", "--data", site.data().toString());
        stopNode();
        assertNotEquals(
                "0",
                Values.text(site.json("log", "reindex", "--data", site.data().toString()), "indexed"));
        assertTrue(plain("log", "reindex", "--afresh").startsWith("Indexed "));
        refused(3, "node-unreachable", "status");
        site.up();
        assertEquals(before, found());
    }

    @Test
    @Order(13)
    void anAgentOfAnotherHomeIsTakenForOneOfThis() throws IOException {
        Path other = site.folder().resolve("other");
        Files.createDirectories(other.resolve("operators"));
        Files.copy(
                site.home().resolve("operators/ann.json"),
                other.resolve("operators/ann.json"),
                StandardCopyOption.COPY_ATTRIBUTES);
        String worker = Values.text(site.json("agent", "show", "worker"), "principal");

        String screen = site.unlocked(
                        "agent",
                        "enroll",
                        "worker",
                        "--home",
                        other.toString(),
                        "--data",
                        site.data().toString())
                .screen();

        assertTrue(screen.contains("Another agent of this node is called worker"), screen);
        assertTrue(screen.contains(worker), screen);
    }

    private void stopNode() throws IOException {
        Json status = site.json("status");
        long process = Long.parseLong(Values.text(status, "process"));
        ProcessHandle.of(process).ifPresent(p -> {
            p.destroy();
            p.onExit().join();
        });
    }
}
