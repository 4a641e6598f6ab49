package dev.jurat.identity;

import dev.jurat.governance.Entry;
import dev.jurat.governance.PointFacts;
import dev.jurat.governance.policy.PolicyInput;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.contract.Call;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.contract.LexicalPath;
import dev.jurat.proof.contract.Redaction;
import dev.jurat.proof.contract.Resource;
import dev.jurat.proof.contract.Roots;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.contract.ToolProfile;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** What a wrapper does up to the token: signs intents of one agent session and exchanges them. */
final class Caller {
    static final LexicalPath ROOT = path("/srv/data");
    private static final AtomicInteger SALTS = new AtomicInteger();

    private final Node node;
    final Signer session;
    final String point;
    private final ToolProfile profile;
    boolean observe;
    /** What goes out with every call besides its arguments. */
    Optional<byte[]> others = Optional.empty();
    /** What the intent's body says that the call touches. */
    List<String> resources = List.of();

    Optional<Hash> definition = Optional.empty();
    /** Where the point says that each path leads; empty: to itself. */
    Optional<String> leads = Optional.empty();
    /** How the point says that it started the server. */
    Optional<Hash> launch = Optional.empty();

    private Caller(Node node, Signer session, String point, ToolProfile profile) {
        this.node = node;
        this.session = session;
        this.point = point;
        this.profile = profile;
    }

    /** Enrols an agent and its point, and opens a session. */
    static Caller enrolled(Node node) throws Exception {
        Signer.enrol(node, "agent", SignerType.AGENT, Role.AGENT);
        Signer.enrol(node, "point", SignerType.SERVICE, Role.POINT);
        return session(node, "one");
    }

    static Caller session(Node node, String session) throws Exception {
        return session(node, session, Node.profile());
    }

    static Caller session(Node node, String session, ToolProfile profile) throws Exception {
        return new Caller(
                node,
                Signer.session(node, "agent", SignerType.AGENT, session),
                Node.id("point", SignerType.SERVICE),
                profile);
    }

    /** A signed intent with the form that exchanges it. */
    record Asked(Entry intent, String form) {}

    Asked call(String tool, String arguments) throws Exception {
        return call(tool, arguments, freshSalt());
    }

    static Salt freshSalt() {
        byte[] salt = new byte[16];
        salt[0] = (byte) SALTS.incrementAndGet();
        return Salt.of(salt);
    }

    Asked call(String tool, String arguments, Salt salt) throws Exception {
        return call(tool, arguments, salt, UnaryOperator.identity());
    }

    /** A call whose intent's facts differ from what they should be. */
    Asked call(String tool, String arguments, Salt salt, UnaryOperator<AuthorityFacts.Intent> change) throws Exception {
        Optional<Hash> listed = definition.isPresent()
                ? definition
                : profile.tool(tool).map(entry -> entry.definitions().getFirst());
        Tool classified = profile.classify(tool, listed, Set.of());
        byte[] bytes = arguments.getBytes(StandardCharsets.UTF_8);
        Call call = new Call(classified.profile(), "tools/call", tool, Optional.of(bytes), others);
        AuthorityFacts.Intent facts = change.apply(
                new AuthorityFacts.Intent(AuthorityFacts.Origin.DERIVED, classified, call.commitment(salt), point));
        CallDetails details = new CallDetails(
                salt,
                tool,
                Optional.of(bytes),
                Optional.empty(),
                others,
                resources,
                Optional.empty(),
                Optional.empty());
        Entry intent = session.sign(facts, References.NONE, details);
        return new Asked(intent, form(intent, point, facts(tool, bytes, listed), 0));
    }

    /** The form for an intent that was changed after it was made. */
    String form(Entry intent, String tool, String arguments) {
        Optional<Hash> listed =
                profile.tool(tool).map(entry -> entry.definitions().getFirst());
        return form(intent, point, facts(tool, arguments.getBytes(StandardCharsets.UTF_8), listed), 0);
    }

    /** The same agent under a session that the ledger never saw. */
    Caller unopened() throws Exception {
        return new Caller(node, Signer.unopened(node, "agent", SignerType.AGENT, "never"), point, profile);
    }

    /** A call whose body keeps digests of these arguments alone. */
    Asked redacted(String tool, String arguments, List<String> secret) throws Exception {
        return redacted(tool, arguments, secret, freshSalt());
    }

    Asked redacted(String tool, String arguments, List<String> secret, Salt salt) throws Exception {
        Asked plain = call(tool, arguments, salt);
        byte[] bytes = arguments.getBytes(StandardCharsets.UTF_8);
        CallDetails details = new CallDetails(
                salt,
                tool,
                Optional.empty(),
                Redaction.of(bytes, ForeignJson.parse(bytes), secret, salt),
                List.of(),
                Optional.empty(),
                Optional.empty());
        Entry intent = session.sign(plain.intent().record().statement().facts(), References.NONE, details);
        return new Asked(intent, form(intent, tool, arguments));
    }

    private PointFacts facts(String tool, byte[] arguments, Optional<Hash> listed) {
        return new PointFacts(
                Optional.of(profile.digest()),
                listed,
                launch,
                observe,
                List.of(ROOT),
                Optional.of(ROOT),
                resources(tool, arguments));
    }

    private List<PolicyInput.Resource> resources(String tool, byte[] arguments) {
        List<PolicyInput.Resource> out = new ArrayList<>();
        if (profile.tool(tool).isEmpty()) {
            return out;
        }
        try {
            ForeignJson tree = ForeignJson.parse(arguments);
            for (Resource one : profile.tool(tool).get().resources(Optional.of(tree), Roots.of(List.of(ROOT)))) {
                boolean inside =
                        one instanceof Resource.Path path && path.path().under(ROOT);
                out.add(new PolicyInput.Resource(
                        one.type(), one.text(), Optional.of(leads.orElse(one.text())), inside, Optional.empty()));
            }
        } catch (dev.jurat.proof.FormatException e) {
            return List.of();
        }
        return out;
    }

    /** Exchanges, and moves on if the intent is on the ledger. */
    TokenAnswer ask(Asked asked) throws Exception {
        TokenAnswer answer = node.broker.exchange(asked.form());
        if (Json.of(true).equals(answer.body().members().get("jurat_recorded"))) {
            session.keep(asked.intent());
        }
        return answer;
    }

    TokenAnswer ask(String tool, String arguments) throws Exception {
        return ask(call(tool, arguments));
    }

    static String form(Entry intent, String audience, PointFacts facts, long waitMillis) {
        Json.Obj subject = JsonBuilder.object()
                .put("payload", base64(intent.record().payload()))
                .strings(
                        "signatures",
                        intent.record().signatures().stream()
                                .map(Caller::base64)
                                .toList())
                .put("body", base64(intent.body().orElseThrow().bytes()))
                .build();
        return "grant_type=" + encode("urn:ietf:params:oauth:grant-type:token-exchange")
                + "&subject_token=" + url(CanonicalJson.write(subject))
                + "&subject_token_type=" + encode("urn:jurat:token-type:intent")
                + "&audience=" + encode(audience)
                + "&jurat_wait_millis=" + waitMillis
                + "&jurat_context=" + url(CanonicalJson.write(facts.toJson()));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static LexicalPath path(String text) {
        try {
            return LexicalPath.parse(text);
        } catch (dev.jurat.proof.FormatException e) {
            throw new IllegalStateException(e);
        }
    }
}
