package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Arguments as a body keeps them where the tool profile marks some as secret: member by member, with salted digests for what is secret.
 *
 * <p>Spec: {@code docs/spec/contract.md}, Secret arguments.
 */
public final class Redaction {
    private static final byte[] DOMAIN = "jurat/secret/v1\0".getBytes(StandardCharsets.US_ASCII);

    private Redaction() {}

    /**
     * The redacted form, or empty where nothing is secret, so that the exact bytes are kept instead.
     *
     * @param text the text that {@code arguments} was parsed from
     * @param secret names whose values are not kept
     */
    public static Optional<Json.Obj> of(byte[] text, ForeignJson arguments, Collection<String> secret, Salt salt) {
        if (!(arguments instanceof ForeignJson.Obj object)
                || secret.stream().noneMatch(object.members()::containsKey)) {
            return Optional.empty();
        }
        TreeMap<String, Json> members = new TreeMap<>();
        for (Map.Entry<String, ForeignJson> member : object.members().entrySet()) {
            byte[] value = member.getValue().span().cut(text);
            JsonBuilder kept = JsonBuilder.object();
            if (secret.contains(member.getKey())) {
                kept.put("digest", digest(salt, member.getKey(), value).hex());
            } else {
                kept.put("exact", new String(value, StandardCharsets.UTF_8));
            }
            members.put(member.getKey(), kept.build());
        }
        return Optional.of(new Json.Obj(members));
    }

    /**
     * The arguments of a body that keeps digests of the secret ones; null stands for each of these.
     *
     * @throws FormatException where a member is neither a digest nor one whole value, and the codes of {@link ForeignJson}
     */
    public static ForeignJson.Obj restored(Json.Obj redacted) throws FormatException {
        StringJoiner text = new StringJoiner(",", "{", "}");
        for (Map.Entry<String, Json> member : redacted.members().entrySet()) {
            text.add(CanonicalJson.writeString(Json.of(member.getKey())) + ":" + kept(member.getValue()));
        }
        return ForeignJson.parseObject(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String kept(Json member) throws FormatException {
        Fields fields = Fields.of(member, "redacted");
        if (fields.has("digest")) {
            boolean digest = Hash.isHex(fields.string("digest"));
            fields.end();
            if (digest) {
                return "null";
            }
            throw new FormatException("digest-syntax", "a digest is 64 lower-case hexadecimal digits");
        }
        String exact = fields.string("exact");
        fields.end();
        // By itself first: a text such as 1,"x":2 would be a value and a member more.
        ForeignJson.parse(exact.getBytes(StandardCharsets.UTF_8));
        return exact;
    }

    /** The members that stand as digests. */
    public static Set<String> hidden(Json.Obj redacted) {
        return redacted.members().entrySet().stream()
                .filter(member -> member.getValue() instanceof Json.Obj kept
                        && kept.members().containsKey("digest"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The salted digest that stands for one secret value, given by its exact bytes. */
    public static Hash digest(Salt salt, String name, byte[] value) {
        byte[] named = name.getBytes(StandardCharsets.UTF_8);
        return Hash.of(DOMAIN, salt.bytes(), length(named), named, length(value), value);
    }

    private static byte[] length(byte[] bytes) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array();
    }
}
