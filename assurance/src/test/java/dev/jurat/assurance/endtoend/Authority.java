package dev.jurat.assurance.endtoend;

import dev.jurat.assurance.harness.Party;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.Values;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.contract.Call;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.UseProof;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import dev.jurat.sdk.TokenAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An execution identity for one tool of npm's filesystem server, asked for as the wrapper does, and uses of it as tests want them. */
public final class Authority {
    private final Party agent;
    private final Tool tool;
    private final Salt salt;
    private final byte[] arguments;
    private final TokenAnswer.Granted granted;

    private Authority(Party agent, Tool tool, Salt salt, byte[] arguments, TokenAnswer.Granted granted) {
        this.agent = agent;
        this.tool = tool;
        this.salt = salt;
        this.arguments = arguments;
        this.granted = granted;
    }

    /** Asks for leave to call a tool with a path inside the site's folder, at this point. */
    public static Authority ask(Site site, Party agent, String point, String name, Path path, String argumentsText)
            throws IOException, NodeException, FormatException {
        Json profile = Values.list(agent.client().profiles(), "profiles").getFirst();
        Hash digest = Hash.fromHex(Values.text(profile, "artefact"));
        ToolProfile read = ToolProfile.read(agent.client().artefact(digest));
        Hash definition = read.tool(name).orElseThrow().definitions().iterator().next();
        Tool tool = read.classify(name, Optional.of(definition), Set.of());
        Salt salt = Salt.of(RandomSource.secure().bytes(Salt.BYTES));
        byte[] arguments = argumentsText.getBytes(StandardCharsets.UTF_8);
        CallDetails details = new CallDetails(
                salt,
                name,
                Optional.of(arguments),
                Optional.empty(),
                List.of(path.toString()),
                Optional.empty(),
                Optional.empty());
        AuthorityFacts.Intent intent = new AuthorityFacts.Intent(
                AuthorityFacts.Origin.DERIVED, tool, details.commitment(tool).orElseThrow(), point);
        Entry signed = agent.sign(intent, References.NONE, details.toJson());
        JuratClient.Exchange exchange = agent.client()
                .exchange(
                        signed, point, context(site, path, digest, definition), Duration.ZERO, Duration.ofSeconds(20));
        if (exchange.answer() instanceof TokenAnswer.Granted granted) {
            return new Authority(agent, tool, salt, arguments, granted);
        }
        throw new IOException("not granted: " + exchange.answer());
    }

    private static Json.Obj context(Site site, Path path, Hash profile, Hash definition) {
        Json resource = JsonBuilder.object()
                .put("inside", true)
                .put("kind", "path")
                .put("name", path.toString())
                .put("resolved", path.toString())
                .put("root", site.files().toString())
                .build();
        return JsonBuilder.object()
                .put("base", site.files().toString())
                .put("definition", definition.hex())
                .put("observe", false)
                .put("profile", profile.hex())
                .put("resources", new Json.Arr(List.of(resource)))
                .strings("roots", List.of(site.files().toString()))
                .build();
    }

    public RecordId identity() {
        return granted.identity();
    }

    public TokenAnswer.Granted granted() {
        return granted;
    }

    /** What a use says; each part can be another than it ought to be. */
    public record Saying(long ordinal, byte[] arguments, SigningKey proofKey, String proofPoint) {}

    /** A use as it ought to be, at this point. */
    public Saying sound(long ordinal, Party point) {
        return new Saying(ordinal, arguments, agent.session().key(), point.principal());
    }

    /** Submits a use from this point's session; answers what became of it. */
    public Receipt.Result use(Party point, Saying saying) throws NodeException {
        return point.send(sign(point, saying));
    }

    /** Signs a use in this point's session; nothing is sent. */
    public Entry sign(Party point, Saying saying) throws NodeException {
        Hash call =
                new Call(tool.profile(), tool.method(), tool.name(), Optional.of(saying.arguments())).commitment(salt);
        String nonce = HexFormat.of().formatHex(RandomSource.secure().bytes(16));
        Hash eid = Hash.of(granted.token().getBytes(StandardCharsets.US_ASCII));
        byte[] proof = saying.proofKey().sign(UseProof.message(eid, call, saying.proofPoint(), nonce));
        CallDetails details = new CallDetails(
                salt,
                tool.name(),
                Optional.of(saying.arguments()),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
        return point.sign(
                new ExecutionFacts.Use(
                        call, saying.ordinal(), nonce, Base64Text.encode(proof), 10_000, 600_000, Map.of()),
                References.of("identity", granted.identity()),
                details.toJson());
    }
}
