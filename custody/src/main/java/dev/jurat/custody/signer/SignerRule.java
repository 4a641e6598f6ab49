package dev.jurat.custody.signer;

import dev.jurat.custody.KeyName;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.Stream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who may have what signed with one key.
 *
 * @param key the key's name in the custody
 * @param principal whose records it signs, and nobody else's
 * @param users the users of this machine who may ask, by name
 * @param kinds the kinds of record: {@code key} enrols the principal or brings its next key, {@code session} opens a session of it
 * @param perMinute how many signatures a minute
 * @param succession the one key that it may follow, and the one that may follow it
 */
public record SignerRule(
        String key, String principal, Set<String> users, Set<Kind> kinds, int perMinute, Succession succession) {
    public static final int BYTES_MAX = 16 << 10;
    /** What an identity key signs; the rest of a stream is signed by its session's key. */
    public static final Set<Kind> KINDS = Set.of(Kind.KEY, Kind.SESSION);

    public static final int PER_MINUTE_USUAL = 60;
    public static final int PER_MINUTE_MAX = 60_000;

    private static final String TYPE = "https://jurat.dev/signer-rule/v1";
    /** What the kernel says of each user of another namespace whom it has no id for here (user_namespaces(7), the overflow id). */
    private static final Set<String> ANYBODY = Set.of("nobody", "nfsnobody", "65534");

    public SignerRule {
        users = Set.copyOf(users);
        kinds = Set.copyOf(kinds);
    }

    /** A rule of a key that follows none, and that none follows. */
    public SignerRule(String key, String principal, Set<String> users, Set<Kind> kinds, int perMinute) {
        this(key, principal, users, kinds, perMinute, Succession.NONE);
    }

    /** The same rule with another succession. */
    public SignerRule with(Succession other) {
        return new SignerRule(key, principal, users, kinds, perMinute, other);
    }

    public byte[] bytes() {
        return CanonicalJson.write(succession
                .put(JsonBuilder.object())
                .put("key", key)
                .strings("kinds", kinds.stream().map(Kind::wire).sorted().toList())
                .put("perMinute", perMinute)
                .put("principal", principal)
                .put("type", TYPE)
                .strings("users", users.stream().sorted().toList())
                .build());
    }

    /** Reads a rule, in any spelling: {@code signer-rule}, or the codes of {@link Fields}. */
    public static SignerRule read(byte[] bytes) throws FormatException {
        Fields in = Fields.of(CanonicalJson.readLoose(bytes), "rule");
        String key = in.string("key");
        require(in.string("type").equals(TYPE) && KeyName.allowed(key), "not a signer's rule of this version");
        String principal = in.string("principal");
        Stream.parse(principal + "/" + "a".repeat(26));
        SignerRule rule = new SignerRule(
                key,
                principal,
                users(in.strings("users")),
                kinds(in.strings("kinds")),
                (int) in.integer("perMinute", 1, PER_MINUTE_MAX),
                Succession.read(in));
        in.end();
        return rule;
    }

    private static Set<String> users(List<String> names) throws FormatException {
        require(!names.isEmpty() && !names.contains(""), "a rule names one user or more");
        for (String name : names) {
            require(
                    isOne(name),
                    "to the kernel, whoever has no id on this machine is " + name
                            + ": a rule names users who have one");
        }
        return new HashSet<>(names);
    }

    /** Whether a name is one user's. */
    public static boolean isOne(String user) {
        return !ANYBODY.contains(user);
    }

    private static Set<Kind> kinds(List<String> words) throws FormatException {
        Set<Kind> kinds = new HashSet<>();
        for (String word : words) {
            kinds.add(Kind.parse(word));
        }
        require(!kinds.isEmpty() && KINDS.containsAll(kinds), "an identity key signs key and session records only");
        return kinds;
    }

    private static void require(boolean sound, String message) throws FormatException {
        if (!sound) {
            throw new FormatException("signer-rule", message);
        }
    }
}
