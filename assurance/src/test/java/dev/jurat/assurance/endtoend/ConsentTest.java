package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.CountingServer;
import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.SocketProxy;
import dev.jurat.assurance.harness.StdioClient;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.contract.Proposal;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Terms;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.TokenAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person is shown before they sign, where the agent, the arguments or the node would rather have them see something else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsentTest {
    private static final String POLICY = """
            @id("exact") @shape("exact") @window("10m")
            permit (principal, action, resource) when { context.tool.effect != "read" };
            @id("ranged") @shape("ranged") @uses("7") @window("90s")
            @limits("{\\"properties\\":{\\"path\\":{\\"type\\":\\"string\\"}},\\"required\\":[\\"path\\"],\\"type\\":\\"object\\"}")
            permit (principal, action, resource) when { context.tool.effect == "read" };
            @id("ask") @approvals("1")
            forbid (principal, action, resource) unless { context.approvals >= 1 };
            """;

    private static final String WORD = "The agent's word";
    private static final String SIGNED = "What you would sign";

    private Site site;
    private Party agent;
    private Party point;

    @BeforeAll
    void start() throws IOException, NodeException, FormatException {
        site = Site.governed();
        agent = Party.open(site, site.home().resolve("agents/agent.json"));
        point = Party.open(site, site.home().resolve("points/mcp.json"));
        Path policy = site.folder().resolve("ask.cedar");
        Files.writeString(policy, POLICY);
        site.unlocked("policy", "publish", policy.toString(), "--name", "ask@v1");
    }

    @AfterAll
    void stop() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    /** Asks as an agent does that says it touches something harmless; answers the decision that waits. */
    private String ask(String name, Path path, String arguments) throws IOException, NodeException, FormatException {
        return ask(name, path, arguments, path.toString());
    }

    /** A call whose intent names this as what it touches. */
    private String ask(String name, Path path, String arguments, String named)
            throws IOException, NodeException, FormatException {
        Json profile = Values.list(agent.client().profiles(), "profiles").getFirst();
        Hash digest = Hash.fromHex(Values.text(profile, "artefact"));
        ToolProfile read = ToolProfile.read(agent.client().artefact(digest));
        Hash definition = read.tool(name).orElseThrow().definitions().iterator().next();
        Tool tool = read.classify(name, Optional.of(definition), Set.of());
        CallDetails details = new CallDetails(
                Salt.of(RandomSource.secure().bytes(Salt.BYTES)),
                name,
                Optional.of(arguments.getBytes(StandardCharsets.UTF_8)),
                Optional.empty(),
                List.of(named),
                Optional.empty(),
                Optional.of("tidy \u202eup"));
        Entry signed = agent.sign(
                new AuthorityFacts.Intent(
                        AuthorityFacts.Origin.DECLARED,
                        tool,
                        details.commitment(tool).orElseThrow(),
                        point.principal()),
                References.NONE,
                details.toJson());
        Json resource = JsonBuilder.object()
                .put("inside", true)
                .put("kind", "path")
                .put("name", path.toString())
                .put("resolved", path.toString())
                .put("root", site.files().toString())
                .build();
        Json.Obj context = JsonBuilder.object()
                .put("definition", definition.hex())
                .put("observe", false)
                .put("profile", digest.hex())
                .put("resources", new Json.Arr(List.of(resource)))
                .strings("roots", List.of(site.files().toString()))
                .build();
        JuratClient.Exchange exchange =
                agent.client().exchange(signed, point.principal(), context, Duration.ZERO, Duration.ofSeconds(20));
        if (exchange.answer() instanceof TokenAnswer.Pending pending) {
            return pending.decision().hex();
        }
        throw new IOException("does not wait: " + exchange.answer());
    }

    private String shown(String decision, String... options) throws IOException {
        List<String> words = new java.util.ArrayList<>(List.of("pending"));
        words.addAll(List.of(options));
        Site.Said said = site.jurat(words.toArray(String[]::new));
        assertEquals(0, said.exit(), said.out() + said.err());
        String all = said.out();
        int from = all.indexOf("Decision " + decision.substring(0, 12));
        assertTrue(from >= 0, all);
        int to = all.indexOf("\nDecision ", from);
        return all.substring(from, to < 0 ? all.length() : to);
    }

    private Json item(String decision) throws IOException {
        return Values.list(site.json("pending"), "pending").stream()
                .filter(i -> Values.text(i, "decision").equals(decision))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatTheAgentSaysIsShownAsWhatWouldBeSigned() throws Exception {
        Path path = site.files().resolve("secret plan");
        String decision = ask("write_file", path, Texts.write(path.toString(), "text"));

        for (String text : List.of(
                shown(decision),
                site.unlocked("deny", decision.substring(0, 12), "--reason", "no")
                        .screen())) {
            String signed = text.substring(text.indexOf(SIGNED), text.indexOf(WORD));
            assertTrue(signed.contains("\"" + path + "\" itself"), text);
            assertFalse(signed.contains("tidy"), text);
            String word = text.substring(text.indexOf(WORD));
            assertTrue(word.contains("\"" + path + "\"") && word.contains("\"tidy \\u202eup\""), text);
        }
    }

    @Test
    void anIntentThatNamesAnotherFileWaitsForAPerson() {
        Path path = site.files().resolve("other plan");
        IOException denied = assertThrows(
                IOException.class, () -> ask("write_file", path, Texts.write(path.toString(), "text"), "/harmless"));
        assertTrue(String.valueOf(denied.getMessage()).contains("[resource-mismatch]"), denied.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"approve", "deny"})
    void whoWantsAnAnswerInJsonSignsWhatTheyHaveNotSeen(String command) throws Exception {
        Path path = site.files().resolve(command + "-in-json");
        String decision = ask("write_file", path, Texts.write(path.toString(), "text"));

        String screen =
                site.unlocked(command, decision, "--reason", "seen", "--json").screen();
        int asked = screen.indexOf("Passphrase of");
        assertTrue(asked > 0 && screen.substring(0, asked).contains("\"" + path + "\" itself"), screen);
        Json answer = CanonicalJson.read(
                screen.strip().lines().toList().getLast().strip().getBytes(StandardCharsets.UTF_8));
        assertTrue(screen.substring(0, asked).contains(Values.text(answer, "signed.terms")), screen);
    }

    @Test
    void aMemberOfTheProposalIsNotShown() throws Exception {
        Path path = site.files().resolve("a.txt");
        String decision = ask("read_text_file", path, Texts.path(path));
        String text = shown(decision).replaceAll(" +", " ");

        for (String part : List.of(
                "agent " + agent.principal(),
                "session any of the agent's",
                "point " + point.principal(),
                "what tools/call read_text_file",
                "effect read",
                "profile filesystem@",
                "on \"" + site.files() + "\" and all below it",
                "how often 7 times",
                "needed: path",
                "how long 90 s",
                "while definition is ",
                "mode enforced",
                "evidence use, outcome, output-digest; logged",
                "revocation of: contract, identity, policy, principal, session",
                "terms " + Values.text(item(decision), "terms"),
                "The point's word to the node, unsigned; what the terms are on comes from it.",
                "The client may send the server other folders.")) {
            assertTrue(text.contains(part), part + " is not in: " + text);
        }
    }

    @Test
    void aLongValueHidesTheOnesAfterIt() throws Exception {
        Path path = site.files().resolve("tail");
        String content = "x".repeat(5_000);
        String decision = ask("write_file", path, "{\"content\":\"" + content + "\",\"path\":\"" + path + "\"}");

        String text = shown(decision);
        assertTrue(text.contains("… and 4,700 more characters: --all"), text);
        assertTrue(text.contains("path: \"" + path + "\""), text);
        assertTrue(shown(decision, "--all").replaceAll("\n +\\| ", "").contains(content));
    }

    @Test
    void theWholeIsNotInTheJson() throws Exception {
        Path path = site.files().resolve("whole");
        String content = "y".repeat(5_000);
        String decision = ask("write_file", path, Texts.write(path.toString(), content));
        Json item = item(decision);

        Proposal proposal = Proposal.read((Json.Obj) Values.at(item, "proposal"));
        Salt salt = Salt.of(HexFormat.of().parseHex(Values.text(item, "terms-salt")));
        assertEquals(Values.text(item, "terms"), Terms.of(salt, proposal).hex());
        assertTrue(Values.text(item, "call.arguments").contains(content), item.toString());
        assertEquals(path.toString(), Values.text(item, "declared.resources.0"));
    }

    @Test
    void theNodesOwnRenderingIsBelieved() throws Exception {
        Path path = site.files().resolve("hidden");
        String decision = ask("write_file", path, Texts.write(path.toString(), "text"));
        Path other = Files.createDirectory(site.folder().resolve("other"));
        try (SocketProxy proxy = SocketProxy.start(other.resolve("node.sock"), site.socket())) {
            proxy.telling(answer -> answer.replace("/hidden", "/public"));

            String text = shown(decision, "--data", other.toString());

            assertTrue(text.contains("\"" + path + "\" itself"), text);
            assertFalse(text.contains("/public"), text);
        }
    }

    @Test
    void aBodyThatIsNotTheRecordsIsShownOrSigned() throws Exception {
        Path path = site.files().resolve("forged");
        String decision = ask("write_file", path, Texts.write(path.toString(), "text"));
        Path other = Files.createDirectory(site.folder().resolve("forger"));
        try (SocketProxy proxy = SocketProxy.start(other.resolve("node.sock"), site.socket())) {
            proxy.telling(answer -> answer.replaceFirst("(\"body\":\"[^\"]{400})[^A]", "$1A"));

            Site.Said said = site.jurat("pending", "--data", other.toString());
            assertEquals(1, said.exit(), said.out() + said.err());
            String brief = decision.substring(0, 12);
            assertTrue(said.out().contains("Decision " + brief + " cannot be shown: "), said.out());
            assertFalse(said.out().contains(SIGNED), said.out());

            Site.Said signing = site.jurat("approve", brief, "--data", other.toString());
            assertEquals(1, signing.exit(), signing.out() + signing.err());
            assertTrue(signing.err().contains("nothing was signed (node-lies)"), signing.err());
            assertTrue(said.out().contains("jurat deny --data " + other + " " + brief + " --reason TEXT"), said.out());

            String denied = site.unlocked("deny", brief, "--reason", "unseen", "--data", other.toString())
                    .screen();
            assertTrue(denied.contains("cannot be shown rightly: "), denied);
            assertTrue(denied.contains(SIGNED + ": no, to this decision"), denied);
            assertFalse(denied.contains("The call") || denied.contains("nothing was signed"), denied);
            assertTrue(denied.contains("Denied"), denied);
        }
        assertFalse(site.json("pending").toString().contains(decision), "it waits still");
    }

    @Test
    void whoIsNobodyHereIsSentInACircleOrAskedForAPassphrase() throws Exception {
        Path path = site.files().resolve("stranger");
        String brief =
                ask("write_file", path, Texts.write(path.toString(), "text")).substring(0, 12);
        Path empty = Files.createDirectory(site.folder().resolve("empty"));
        Path strangers = Files.createDirectories(site.folder().resolve("strangers/operators"));
        Path key = Files.copy(
                site.home().resolve("operators/ann.json"),
                strangers.resolve("zed.json"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(
                key, Files.readString(key).replace("\"ann\"", "\"zed\"").replace("local/", "local/a"));
        String data = site.data().toString();

        Site.Said nobody = site.jurat("approve", brief, "--home", empty.toString(), "--data", data);
        assertEquals(2, nobody.exit(), nobody.err());
        assertTrue(nobody.err().contains("(no-operator)"), nobody.err());
        assertTrue(nobody.err().contains("jurat approve " + brief + " --data " + data + " --home DIR"), nobody.err());
        assertTrue(
                nobody.err().contains("jurat operator enroll --home DIR --data " + data + " --name YOU"), nobody.err());

        Site.Said enrolling =
                site.jurat("operator", "enroll", "--name", "you", "--home", empty.toString(), "--data", data);
        assertEquals(2, enrolling.exit(), enrolling.err());
        assertTrue(
                enrolling.err().contains("jurat operator enroll --name you --data " + data + " --home DIR"),
                enrolling.err());

        for (String command : List.of("approve", "deny")) {
            List<String> words = new java.util.ArrayList<>(
                    List.of(command, brief, "--home", strangers.getParent().toString(), "--data", data));
            words.addAll(command.equals("deny") ? List.of("--reason", "no") : List.of("--as", "zed"));
            Site.Said stranger = site.jurat(words.toArray(String[]::new));
            assertEquals(2, stranger.exit(), stranger.err());
            assertTrue(stranger.err().contains("this node does not know zed"), stranger.err());
            assertTrue(stranger.err().contains("(operator-unknown)"), stranger.err());
        }

        // The home that lies beside the data folder is named.
        Path beside = Files.createDirectory(site.folder().resolve("beside"));
        try (SocketProxy ignored = SocketProxy.start(beside.resolve("node.sock"), site.socket())) {
            String homed = " --home " + site.home() + " --data " + beside;
            Site.Said waits = site.jurat("pending", "--home", empty.toString(), "--data", beside.toString());
            assertTrue(waits.out().contains("jurat approve" + homed + " " + brief), waits.out());
            assertTrue(waits.out().contains("jurat deny" + homed + " " + brief), waits.out());
            Site.Said approving = site.jurat("approve", brief, "--home", empty.toString(), "--data", beside.toString());
            assertTrue(
                    approving.err().contains("jurat approve " + brief + " --data " + beside + " --home " + site.home()),
                    approving.err());
        }
        site.unlocked("deny", brief, "--reason", "the test is over");
    }

    @Test
    void aWordWhoseAnswerIsLostLooksAsIfItWasNotTaken() throws Exception {
        Path path = site.files().resolve("lost");
        String brief =
                ask("write_file", path, Texts.write(path.toString(), "text")).substring(0, 12);
        Path other = Files.createDirectory(site.folder().resolve("lossy"));
        try (SocketProxy proxy = SocketProxy.start(other.resolve("node.sock"), site.socket())) {
            proxy.plan(request ->
                    request.path().equals("/v1/approvals") ? SocketProxy.Fault.ANSWER_LOST : SocketProxy.Fault.NONE);
            String screen = String.valueOf(
                    assertThrows(IOException.class, () -> site.unlocked("approve", brief, "--data", other.toString()))
                            .getMessage());
            assertTrue(screen.contains("ended with 3"), screen);
            assertTrue(screen.contains("may have been taken all the same (node-no-answer)"), screen);
            Matcher show =
                    Pattern.compile("jurat show --data \\S+ ([0-9a-f]{12})").matcher(screen);
            assertTrue(show.find(), screen);
            assertTrue(site.jurat("show", show.group(1)).out().startsWith("approval"));
            assertTrue(screen.contains("the same again: jurat approve " + brief), screen);
        }
    }

    @Test
    void aServerThatNobodyProfiledLooksLikeOneThatIs() throws Exception {
        try (StdioClient client = Servers.ready(site.wrap(
                "agent",
                List.of("--hold", "0"),
                CountingServer.command(site.folder().resolve("counter"))))) {
            StdioClient.Answer answer = client.call("count", "{\"word\":\"a\"}", Servers.SOON);
            String text = shown(Texts.decision(answer));

            assertTrue(text.contains("no profile: nobody has said what this tool does"), text);
            assertTrue(text.contains("not known: no profile says what this call touches"), text);
            assertTrue(text.contains(CountingServer.class.getName()), text);
            assertTrue(text.matches("(?s).*definition +[0-9a-f]{64}, accepted by nobody.*"), text);
            assertTrue(text.contains("none: the wrapper made the intent from the call"), text);
        }
    }
}
