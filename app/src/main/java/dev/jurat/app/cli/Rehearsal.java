package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.contract.Call;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.UseProof;
import dev.jurat.sdk.Enrolment;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.NodeHead;
import dev.jurat.sdk.Receipt;
import dev.jurat.sdk.Session;
import dev.jurat.sdk.TokenAnswer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An agent and an enforcement point that make observed calls at an unclaimed node, so that the node's start-up cache knows the code that
 * calls run through. No tool is called. Not thread-safe.
 */
final class Rehearsal {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final String TOOL = "write_file";

    private final JuratClient node;
    private final RandomSource random = RandomSource.secure();
    private final String root;
    private final Hash profileDigest;
    private final ToolProfile profile;
    private final Session agent;
    private final Session point;

    /** Enrols both, each on its own word, and opens a session of each. */
    Rehearsal(JuratClient node, Path root) throws NodeException, FormatException {
        this.node = node;
        this.root = root.toString();
        Json first = Fields.of(node.profiles(), "answer").array("profiles").getFirst();
        this.profileDigest = Hash.fromHex(Fields.of((Json.Obj) first, "profile").string("artefact"));
        this.profile = ToolProfile.read(node.artefact(profileDigest));
        this.agent = open(KeyFile.generate(JuratHome.NAMESPACE, SignerType.AGENT, random), Role.AGENT);
        this.point = open(KeyFile.generate("system", SignerType.SERVICE, random), Role.POINT);
    }

    private Session open(KeyFile identity, Role role) throws NodeException, FormatException {
        NodeHead head = node.head();
        Enrolment.self(node, identity, role, "rehearsal", head, random);
        Session session = Session.prepare(identity, head.genesis(), random);
        Session.Opening opening = new Session.Opening(
                head.latest() + Duration.ofHours(1).toMillis(),
                RegistryFacts.Isolation.SAME_USER,
                true,
                RegistryFacts.Signs.WRAPPER,
                false);
        RegistryDetails.Session details =
                new RegistryDetails.Session("rehearsal", List.of(), Optional.empty(), Optional.empty());
        send(session.open(identity, opening, head.clock(), details.toJson()));
        return session;
    }

    private void send(Entry... group) throws NodeException, FormatException {
        Receipt receipt = node.submit(List.of(group), DEADLINE);
        for (Receipt.Result result : receipt.results()) {
            if (result.status() == Receipt.Status.REFUSED) {
                throw new FormatException(result.rule(), "a record of the rehearsal was refused");
            }
        }
    }

    /** One call as a wrapper makes it: asked for, used, ended. */
    void call(int number) throws NodeException, FormatException {
        String file = root + "/" + number;
        byte[] arguments = CanonicalJson.write(
                JsonBuilder.object().put("content", "words").put("path", file).build());
        Hash definition =
                profile.tool(TOOL).orElseThrow().definitions().iterator().next();
        Tool tool = profile.classify(TOOL, Optional.of(definition), Set.of());
        Salt salt = Salt.of(random.bytes(Salt.BYTES));
        Hash call = new Call(tool.profile(), tool.method(), TOOL, Optional.of(arguments)).commitment(salt);
        CallDetails details = new CallDetails(
                salt,
                TOOL,
                Optional.of(arguments),
                Optional.empty(),
                List.of(file),
                Optional.empty(),
                Optional.empty());
        AuthorityFacts.Intent intent = new AuthorityFacts.Intent(
                AuthorityFacts.Origin.DERIVED, tool, call, point.stream().principal());
        Entry asked = agent.sign(salted -> intent, References.NONE, node.head().clock(), details.toJson());
        TokenAnswer answer = node.exchange(
                        asked, point.stream().principal(), context(file, definition), Duration.ZERO, DEADLINE)
                .answer();
        if (!(answer instanceof TokenAnswer.Granted granted)) {
            throw new FormatException("rehearsal-not-granted", "an observed call was not let through");
        }
        use(granted, call, details);
    }

    private void use(TokenAnswer.Granted granted, Hash call, CallDetails details)
            throws NodeException, FormatException {
        String nonce = HexFormat.of().formatHex(random.bytes(16));
        Hash eid = Hash.of(granted.token().getBytes(StandardCharsets.US_ASCII));
        byte[] proof =
                agent.key().sign(UseProof.message(eid, call, point.stream().principal(), nonce));
        ExecutionFacts.Use facts =
                new ExecutionFacts.Use(call, 1, nonce, Base64Text.encode(proof), 10_000, 600_000, Map.of());
        Entry use = point.sign(
                salted -> facts,
                References.of("identity", granted.identity()),
                node.head().clock(),
                details.toJson());
        send(use);
        send(point.sign(
                salted -> new ExecutionFacts.Outcome(ExecutionFacts.Result.SUCCESS, Optional.empty(), 0),
                References.of("use", use.record().id()),
                node.head().clock(),
                new ExecutionDetails.Outcome(1, Optional.empty(), Optional.empty()).toJson()));
    }

    private Json.Obj context(String file, Hash definition) {
        Json resource = JsonBuilder.object()
                .put("inside", true)
                .put("kind", "path")
                .put("name", file)
                .put("resolved", file)
                .put("root", root)
                .build();
        return JsonBuilder.object()
                .put("base", root)
                .put("definition", definition.hex())
                .put("observe", true)
                .put("profile", profileDigest.hex())
                .put("resources", new Json.Arr(List.of(resource)))
                .strings("roots", List.of(root))
                .build();
    }
}
