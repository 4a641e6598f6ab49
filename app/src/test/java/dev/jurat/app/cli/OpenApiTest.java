package dev.jurat.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.jurat.app.http.Door;
import dev.jurat.app.http.DoorLimits;
import dev.jurat.app.node.Administrator;
import dev.jurat.app.node.Node;
import dev.jurat.app.node.NodeConfig;
import dev.jurat.app.node.Successor;
import dev.jurat.app.node.WitnessChoice;
import dev.jurat.app.witness.Witness;
import dev.jurat.app.witness.WitnessApi;
import dev.jurat.app.witness.WitnessLogs;
import dev.jurat.governance.policy.PolicyArtefact;
import dev.jurat.governance.policy.ShippedPolicies;
import dev.jurat.ledger.LedgerConfig;
import dev.jurat.ledger.store.FolderLog;
import dev.jurat.ledger.witness.WitnessConfig;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.OldLog;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.contract.Call;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Base32;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.TlogPolicy;
import dev.jurat.proof.predecessor.Citation;
import dev.jurat.proof.predecessor.Reason;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.state.StateProof;
import dev.jurat.proof.state.StateReport;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.NodeHead;
import dev.jurat.sdk.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What a real node answers, held against the document that it gives of itself: each operation with a success and with an error. */
// A process has one folder for native libraries: that of the first node in it.
@ResourceLock("native libraries")
class OpenApiTest {
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final RandomSource RANDOM = RandomSource.secure();

    @TempDir
    Path folder;

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Set<String> answered = new TreeSet<>();
    private final SoftwareKey key = SoftwareKey.generate(RANDOM);
    private final Person person = new Person(JuratHome.NAMESPACE + "/" + Base32.encode(RANDOM.bytes(16)), key);
    private final KeyFile agentKey = KeyFile.generate(JuratHome.NAMESPACE, SignerType.AGENT, RANDOM);
    private final KeyFile pointKey = KeyFile.generate("system", SignerType.SERVICE, RANDOM);
    private Node node;
    private JuratClient client;
    private JsonNode document;
    private Session agent;

    private record Answer(int status, String mediaType, byte[] body) {
        Json.Obj json() throws FormatException {
            return CanonicalJson.readLoose(body);
        }
    }

    @BeforeEach
    void start() throws Exception {
        node = Node.start(
                new NodeConfig(folder.resolve("data"), 0, statesOften(), DoorLimits.USUAL),
                Optional.of(administrator()),
                fault -> {
                    throw fault;
                });
        client = new JuratClient(node.config().socket(), Duration.ofSeconds(20));
        document =
                new YAMLMapper().readTree(say("GET", "/v1/openapi.yaml", "", "").body());
        AgentCommands.enroll(client, agentKey, Role.AGENT, "agent", Optional.of(person));
        AgentCommands.enroll(client, pointKey, Role.POINT, "point", Optional.of(person));
        agent = Session.prepare(agentKey, client.head().genesis(), RANDOM);
    }

    /** The usual ledger, with its state stated several times a second. */
    private static LedgerConfig statesOften() {
        LedgerConfig usual = LedgerConfig.STANDARD;
        return new LedgerConfig(
                usual.segmentBytes(),
                usual.queueGroupsMax(),
                usual.queueBytesMax(),
                usual.groupRecordsMax(),
                usual.commitRecordsMax(),
                usual.commitBytesMax(),
                usual.bodyBytesMax(),
                usual.artefactBytesMax(),
                usual.tailRecordsMax(),
                usual.freeBytesMin(),
                usual.clockMillis(),
                200,
                100,
                usual.stateRecords());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        node.close();
    }

    @Test
    void anAnswerIsNotWhatTheDocumentSays() throws Exception {
        Entry opening = opening();
        good("POST", "/v1/groups", JSON, text(group(opening)));
        Entry unordered = skipping();
        good(
                "POST",
                "/v1/batch",
                JSON,
                text(JsonBuilder.object()
                        .put("groups", new Json.Arr(List.of(group(opening), group(unordered))))
                        .build()));
        good("POST", "/v1/groups", JSON, text(publication()));
        Answer none = bad("POST", "/v1/groups", JSON, text(empty()));
        assertEquals("profile-tool", View.text(none.json(), "code"), "a profile without tools is published");
        Answer foreign = bad("POST", "/v1/groups", JSON, text(accepting("no_such_tool")));
        assertEquals("no-such-tool", View.text(foreign.json(), "code"), "a tool is accepted that the profile lacks");
        Entry allowed = intent("read_text_file", true);
        Json.Obj granted =
                good("POST", "/v1/token", FORM, exchange(allowed, true)).json();
        String contract = View.text(granted, "jurat_records.contract");
        assertTrue(contract.matches("[0-9a-f]{64}"), granted.toString());
        Answer waits = bad("POST", "/v1/token", FORM, exchange(intent("unheard_of", false), false));
        assertEquals("authorization_pending", View.text(waits.json(), "error"));
        Waiting waiting = Waiting.of(
                client, View.list(good("GET", "/v1/pending").json(), "pending").getFirst());
        good("POST", "/v1/approvals", JSON, text(approval(waiting)));
        good("POST", "/v1/revocations", JSON, text(revocation()));

        good("POST", "/v1/groups", JSON, text(group(person.signBare(client, hold(), References.NONE))));
        long allowedAt = ((Json.Int) View.at(client.record(allowed.record().id()), "index")).value();
        Entry erasure = person.signBare(
                client,
                new CustodyFacts.Erasure(
                        CustodyFacts.ErasureGround.MISTAKE,
                        agent.stream(),
                        List.of(new CustodyFacts.Erased(allowed.record().id(), allowedAt))),
                References.NONE);
        good("POST", "/v1/groups", JSON, text(group(erasure)));
        String genesis = client.head().genesis().hex();
        good("GET", "/v1/profiles");
        for (String path : List.of(
                "/v1/openapi.yaml",
                "/v1/status",
                "/v1/head",
                "/v1/records/" + genesis,
                "/v1/records/" + allowed.record().id().hex(),
                "/v1/streams/" + agent.stream(),
                "/v1/search",
                "/v1/search?limit=1",
                "/v1/log",
                "/v1/log/checkpoint",
                "/v1/log/tile/0/000.p/1",
                "/v1/log/tile/entries/000.p/2",
                "/v1/log/inclusion/1/2",
                "/v1/log/inclusion/" + genesis + "/2",
                "/v1/log/consistency/1/2",
                "/v1/log/proof/0.tlog-proof",
                "/v1/leaves",
                "/v1/leaves?until=0",
                "/v1/leaves/0",
                "/v1/trace/" + allowed.record().id().hex(),
                "/v1/bundle?all=true",
                "/v1/artefacts/" + digest().hex(),
                "/v1/principals",
                "/v1/keys/touched?principal=" + url(agentKey.principal()) + "&key="
                        + url(agentKey.key().verifyKey().text()),
                "/v1/bodies?subject=agent&kinds=intent,key",
                "/v1/holds",
                "/v1/policies")) {
            good("GET", path);
        }
        state();
        for (String path : List.of(
                "/v1/log/state/policy/zz",
                "/v1/log/state/key/+/",
                "/v1/log/state/policy/" + genesis,
                "/v1/log/state/contract/" + "0".repeat(64),
                "/v1/records/zz",
                "/v1/records/" + "0".repeat(64),
                "/v1/search?limit=0",
                "/v1/bundle",
                "/v1/artefacts/00",
                "/v1/artefacts/" + "0".repeat(64),
                "/v1/streams/a/b/c",
                "/v1/log/checkpoint?a=1&a=2",
                "/v1/log/tile/0/001",
                "/v1/log/tile/9",
                "/v1/log/inclusion/2/2",
                "/v1/log/inclusion/x/2",
                "/v1/log/inclusion/" + "0".repeat(64) + "/2",
                "/v1/log/inclusion/0/999999",
                "/v1/log/consistency/2/1",
                "/v1/log/consistency/01/1",
                "/v1/log/proof/0",
                "/v1/log/proof/999999.tlog-proof",
                "/v1/leaves/999999",
                "/v1/leaves?limit=0",
                "/v1/leaves?until=yesterday",
                "/v1/keys/touched",
                "/v1/bodies?subject=a",
                "/v1/bodies?kinds=nonsense",
                "/v1/holds?a=1&a=2",
                "/v1/trace/" + "0".repeat(64),
                "/v1/status?a=1&a=2",
                "/v1/head?a=1&a=2",
                "/v1/pending?a=1&a=2",
                "/v1/log?a=1&a=2",
                "/v1/principals?a=1&a=2",
                "/v1/policies?a=1&a=2",
                "/v1/profiles?a=1&a=2")) {
            bad("GET", path, "", "");
        }
        good(
                "POST",
                "/v1/backup",
                JSON,
                text(JsonBuilder.object()
                        .put("slots", folder.resolve("slots").toString())
                        .put("to", folder.resolve("backup").toString())
                        .build()));
        good("GET", "/v1/configuration");
        bad("POST", "/v1/backup", JSON, "{\"to\":\"" + folder.resolve("data/inside") + "\"}");
        for (String path : List.of("/v1/groups", "/v1/batch", "/v1/approvals", "/v1/revocations", "/v1/backup")) {
            bad("POST", path, JSON, "{}");
            bad("POST", path, FORM, "a=b");
        }
        bad("POST", "/v1/token", JSON, "{}");
        bad("POST", "/v1/token", FORM, "grant_type=none");

        witnessed();
        succeeded();

        Set<String> wanted = new TreeSet<>();
        document.at("/paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    String name = operation.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey();
                    wanted.add(name + " 200");
                    if (operation.getValue().at("/responses").has("default")) {
                        wanted.add(name + " default");
                    }
                }));
        assertEquals(wanted, answered);
    }

    /** The same log once a witness has cosigned it, before which it is not there. */
    private void witnessed() throws Exception {
        String state = "/v1/log/witnessed/state/key/" + keyInPath();
        bad("GET", "/v1/log/witnessed/checkpoint", "", "");
        bad("GET", "/v1/log/witnessed/tile/9", "", "");
        assertEquals("not-witnessed", View.text(bad("GET", state, "", "").json(), "code"));
        NoteSigner cosigner = NoteSigner.cosigner("witness.example/w", SoftwareKey.generate(RANDOM));
        NoteVerifier log = log();
        Witness witness = Witness.open(
                Files.createDirectory(folder.resolve("witness")),
                cosigner,
                new WitnessLogs(Map.of(log.name(), List.of(log))),
                () -> System.currentTimeMillis() / 1000);
        client.close();
        node.close();
        try (Door door = Door.loopback(0, new WitnessApi(witness).router(), DoorLimits.USUAL, fault -> {})) {
            String policy = "log " + log.text() + "\nwitness w "
                    + cosigner.verifier().text() + " http://127.0.0.1:" + door.port() + "\nquorum w\n";
            TlogPolicy read = TlogPolicy.parse(policy.getBytes(StandardCharsets.UTF_8));
            node = Node.start(
                    new NodeConfig(folder.resolve("data"), 0, statesOften(), DoorLimits.USUAL)
                            .with(new WitnessChoice.Given(WitnessConfig.of(read, 200))),
                    Optional.empty(),
                    fault -> {
                        throw fault;
                    });
            client = new JuratClient(node.config().socket(), Duration.ofSeconds(20));
            for (int i = 0; ask("GET", state, "", "").status() != 200; i++) {
                assertTrue(i < 300, "no state is witnessed");
                Thread.sleep(50);
            }
            good("GET", "/v1/log/witnessed/checkpoint");
            good("GET", "/v1/log/witnessed/tile/0/000.p/1");
        }
    }

    private Administrator administrator() {
        List<Role> roles = List.of(Role.ADMINISTRATOR, Role.APPROVER);
        return new Administrator(
                new Registered(
                        person.principal(),
                        SignerType.HUMAN,
                        roles,
                        key.verifyKey().text()),
                key);
    }

    /** A log that has taken the place of this one, made where an earlier try was cut off. */
    private void succeeded() throws Exception {
        bad("GET", "/v1/log/predecessor", "", "");
        client.close();
        node.close();
        FolderLog log = FolderLog.open(folder.resolve("data").resolve("log"));
        OldLog old = OldLog.read(
                log,
                log.checkpoint(Optional.empty()),
                Optional.empty(),
                SignatureChecker.standard(),
                RANDOM,
                (read, size) -> {});
        Path left = folder.resolve("new.succeeding").resolve("keys");
        Files.createDirectories(left);
        Files.writeString(left.resolve("record.json"), "cut off");
        Citation citation = old.cite(Reason.PLANNED);
        Successor.make(folder.resolve("new"), List.of(administrator()), citation);
        assertFalse(Files.exists(left));
        node = Node.start(
                new NodeConfig(folder.resolve("new"), 0, statesOften(), DoorLimits.USUAL), Optional.empty(), fault -> {
                    throw fault;
                });
        client = new JuratClient(node.config().socket(), Duration.ofSeconds(20));
        assertArrayEquals(citation.bytes(), good("GET", "/v1/log/predecessor").body());
        Json.Obj status = good("GET", "/v1/status").json();
        assertEquals("planned", View.text(status, "predecessor.reason"));
        assertTrue(node.claimed());
    }

    private NoteVerifier log() throws Exception {
        Statement first = View.entry(client.get("/v1/leaves/0")).record().statement();
        String key = ((LedgerFacts.Genesis) first.facts()).checkpointKey();
        return NoteVerifier.log(View.text(client.get("/v1/log"), "origin"), VerifyKey.parse(Suite.ED25519_2026, key));
    }

    private String keyInPath() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(key.verifyKey().bytes());
    }

    /** What has a session open has its state stated, once that is due. */
    private void state() throws Exception {
        String path = "/v1/log/state/key/" + keyInPath();
        for (int i = 0; say("GET", path, "", "").status() == 503; i++) {
            assertTrue(i < 200, "no state is stated");
            Thread.sleep(100);
        }
        byte[] proof = good("GET", path).body();
        StateReport report = StateProof.check(proof, Optional.empty());
        assertEquals(List.of("unanchored"), report.codes(), report.toString());
    }

    // ---- asking

    private Answer good(String method, String path) throws IOException {
        return good(method, path, "", "");
    }

    private Answer good(String method, String path, String mediaType, String body) throws IOException {
        Answer answer = ask(method, path, mediaType, body);
        assertEquals(200, answer.status(), () -> path + ": " + new String(answer.body(), StandardCharsets.UTF_8));
        return answer;
    }

    private Answer bad(String method, String path, String mediaType, String body) throws IOException {
        Answer answer = ask(method, path, mediaType, body);
        assertTrue(answer.status() >= 400 && answer.status() < 500, path + ": " + answer.status());
        return answer;
    }

    private Answer ask(String method, String path, String mediaType, String body) throws IOException {
        Answer answer = say(method, path, mediaType, body);
        String template = template(path.split("\\?")[0]);
        JsonNode responses = document.at(
                "/paths/" + escaped(template) + "/" + method.toLowerCase(java.util.Locale.ROOT) + "/responses");
        String status = responses.has(Integer.toString(answer.status())) ? "" + answer.status() : "default";
        assertTrue(responses.has(status), path + ": the document has no answer " + answer.status());
        JsonNode response = responses.get(status);
        if (response.has("$ref")) {
            response = document.at(response.get("$ref").asString().substring(1));
        }
        JsonNode content = response.at("/content/" + escaped(answer.mediaType()));
        assertTrue(content.isObject(), path + ": the document has no " + answer.mediaType() + " for " + status);
        if (answer.mediaType().equals(JSON)) {
            String said = new String(answer.body(), StandardCharsets.UTF_8);
            List<com.networknt.schema.Error> errors =
                    schema(content.get("schema")).validate(said, InputFormat.JSON);
            assertTrue(errors.isEmpty(), () -> method + " " + path + ": " + errors + "\n" + said);
        }
        answered.add(method + " " + template + " " + status);
        return answer;
    }

    /** The schema with the parts that it refers to beside it. */
    private Schema schema(JsonNode schema) {
        ObjectNode whole = (ObjectNode) schema.deepCopy();
        whole.set("components", document.get("components"));
        return registry.getSchema(new ObjectMapper().writeValueAsString(whole), InputFormat.JSON);
    }

    /** The path of the document that a path is one of; the plainest first. */
    private String template(String path) {
        if (document.at("/paths/" + escaped(path)).isObject()) {
            return path;
        }
        List<String> fitting = new ArrayList<>();
        document.at("/paths").propertyNames().forEach(template -> {
            if (path.matches(template.replace("{path}", ".+")
                    .replace("/{kind}/{id}", "/[a-z]+/.+")
                    .replaceAll("\\{[a-z]+}", "[^/]+"))) {
                fitting.add(template);
            }
        });
        assertEquals(1, fitting.size(), () -> path + ": " + fitting);
        return fitting.getFirst();
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    private Answer say(String method, String path, String mediaType, String body) throws IOException {
        String head = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + (mediaType.isEmpty()
                        ? ""
                        : "Content-Type: " + mediaType + "\r\nContent-Length: "
                                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n")
                + "\r\n";
        byte[] said;
        try (SocketChannel channel =
                SocketChannel.open(UnixDomainSocketAddress.of(node.config().socket()))) {
            channel.write(ByteBuffer.wrap((head + body).getBytes(StandardCharsets.UTF_8)));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            while (channel.read(buffer.clear()) >= 0) {
                out.write(buffer.array(), 0, buffer.position());
            }
            said = out.toByteArray();
        }
        String text = new String(said, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        String type = text.substring(0, end)
                .lines()
                .filter(line -> line.startsWith("Content-Type: "))
                .findFirst()
                .orElse("Content-Type: ");
        return new Answer(
                Integer.parseInt(text.split(" ", 3)[1]),
                type.substring("Content-Type: ".length()).split(";")[0],
                Arrays.copyOfRange(said, end + 4, said.length));
    }

    // ---- what is asked

    private CustodyFacts.Place hold() {
        return new CustodyFacts.Place(
                CustodyFacts.HoldGround.AUDIT,
                CustodyFacts.Scope.PRINCIPAL,
                Optional.of(person.principal()),
                List.of());
    }

    private static String text(Json.Obj body) {
        return CanonicalJson.writeString(body);
    }

    private static Json.Obj group(Entry entry) {
        return JsonBuilder.object()
                .put("records", new Json.Arr(List.of(entry.toJson())))
                .build();
    }

    private Entry opening() throws NodeException {
        NodeHead head = client.head();
        Session.Opening opening = new Session.Opening(
                head.latest() + Duration.ofHours(1).toMillis(),
                RegistryFacts.Isolation.SAME_USER,
                true,
                RegistryFacts.Signs.WRAPPER,
                true);
        RegistryDetails.Session details =
                new RegistryDetails.Session("test", List.of(), Optional.empty(), Optional.empty());
        return agent.open(agentKey, opening, head.clock(), details.toJson());
    }

    /** A record with a number that the stream has not come to; the stream stays where it is. */
    private Entry skipping() throws Exception {
        var mark = agent.mark();
        intent("read_text_file", true);
        Entry second = intent("read_text_file", true);
        agent.resume(mark);
        return second;
    }

    private ToolProfile profile() throws NodeException, FormatException {
        return ToolProfile.read(client.artefact(digest()));
    }

    private Hash digest() throws NodeException {
        return Hash.fromHex(View.text(View.list(client.profiles(), "profiles").getFirst(), "artefact"));
    }

    private Entry intent(String name, boolean known) throws NodeException, FormatException {
        ToolProfile profile = profile();
        Optional<Hash> definition = known
                ? Optional.of(profile.tool(name)
                        .orElseThrow()
                        .definitions()
                        .iterator()
                        .next())
                : Optional.empty();
        Tool tool = profile.classify(name, definition, Set.of());
        byte[] arguments =
                text(JsonBuilder.object().put("path", folder + "/a").build()).getBytes(StandardCharsets.UTF_8);
        Salt salt = Salt.of(RANDOM.bytes(Salt.BYTES));
        Hash call = new Call(tool.profile(), tool.method(), name, Optional.of(arguments)).commitment(salt);
        CallDetails details = new CallDetails(
                salt,
                name,
                Optional.of(arguments),
                Optional.empty(),
                List.of(folder + "/a"),
                Optional.empty(),
                Optional.empty());
        AuthorityFacts.Intent facts =
                new AuthorityFacts.Intent(AuthorityFacts.Origin.DERIVED, tool, call, pointKey.principal());
        return agent.sign(salted -> facts, References.NONE, client.head().clock(), details.toJson());
    }

    private String exchange(Entry intent, boolean known) throws NodeException, FormatException {
        AuthorityFacts.Intent facts =
                (AuthorityFacts.Intent) intent.record().statement().facts();
        String path = folder + "/a";
        JsonBuilder context = JsonBuilder.object()
                .put("base", folder.toString())
                .put("observe", false)
                .put("profile", digest().hex())
                .put(
                        "resources",
                        new Json.Arr(List.of(JsonBuilder.object()
                                .put("inside", true)
                                .put("kind", "path")
                                .put("name", path)
                                .put("resolved", path)
                                .put("root", folder.toString())
                                .build())))
                .strings("roots", List.of(folder.toString()));
        if (known) {
            context.put(
                    "definition",
                    profile()
                            .tool(facts.tool().name())
                            .orElseThrow()
                            .definitions()
                            .iterator()
                            .next()
                            .hex());
        }
        return "grant_type=" + url("urn:ietf:params:oauth:grant-type:token-exchange") + "&subject_token_type="
                + url("urn:jurat:token-type:intent") + "&audience=" + url(pointKey.principal()) + "&subject_token="
                + base64(text(intent.toJson())) + "&jurat_context=" + base64(text(context.build()));
    }

    private static String url(String text) {
        return URLEncoder.encode(text, StandardCharsets.US_ASCII);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Json.Obj approval(Waiting waiting) throws NodeException {
        AuthorityFacts.Approval facts = new AuthorityFacts.Approval(
                AuthorityFacts.Verdict.APPROVE, waiting.proposed().terms());
        return one(person.sign(client, facts, References.of("decision", waiting.id()), new PersonDetails("")));
    }

    private Json.Obj revocation() throws NodeException {
        RegistryFacts.Revocation facts = new RegistryFacts.Revocation(
                RegistryFacts.Target.SESSION, "by-operator", Optional.of(agent.stream()), Optional.empty());
        return one(person.sign(client, facts, References.NONE, new PersonDetails("")));
    }

    /** The shipped profile under another name, with no tools. */
    private Json.Obj empty() throws NodeException, FormatException {
        byte[] artefact = CanonicalJson.write(CanonicalJson.readObject(client.artefact(digest()))
                .with("name", Json.of("bad@1"))
                .with("tools", JsonBuilder.object().build()));
        RegistryFacts.Profile facts =
                new RegistryFacts.Profile(Hash.of(artefact), "bad@1", RegistryFacts.Publication.AVAILABLE, List.of());
        return group(person.signBare(client, facts, References.NONE))
                .with(
                        "artefacts",
                        new Json.Arr(List.of(Json.of(Base64.getEncoder().encodeToString(artefact)))));
    }

    private Json.Obj accepting(String tool) throws NodeException, FormatException {
        byte[] artefact = client.artefact(digest());
        RegistryFacts.Profile facts = new RegistryFacts.Profile(
                digest(),
                View.text(CanonicalJson.readObject(artefact), "name"),
                RegistryFacts.Publication.AVAILABLE,
                List.of(new RegistryFacts.Accepted(tool, Hash.of(artefact))));
        return group(person.signBare(client, facts, References.NONE))
                .with(
                        "artefacts",
                        new Json.Arr(List.of(Json.of(Base64.getEncoder().encodeToString(artefact)))));
    }

    private Json.Obj publication() throws NodeException {
        PolicyArtefact starter = ShippedPolicies.starter();
        var floors = starter.floors();
        RegistryFacts.Policy facts = new RegistryFacts.Policy(
                starter.digest(),
                starter.name(),
                RegistryFacts.Publication.DEFAULT,
                new RegistryFacts.Floors(floors.read(), floors.write(), floors.destroy(), floors.unknown()));
        return group(person.signBare(client, facts, References.NONE))
                .with(
                        "artefacts",
                        new Json.Arr(List.of(Json.of(Base64.getEncoder().encodeToString(starter.bytes())))));
    }

    private static Json.Obj one(Entry entry) {
        return JsonBuilder.object().put("record", entry.toJson()).build();
    }
}
