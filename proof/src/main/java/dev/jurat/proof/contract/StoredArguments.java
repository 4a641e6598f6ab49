package dev.jurat.proof.contract;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * Arguments as a body keeps them: the exact text where nothing is secret, else member by member with salted digests for what is.
 *
 * <p>Spec: {@code docs/spec/contract.md}, Stored arguments.
 */
public final class StoredArguments {
    private static final byte[] DOMAIN = "jurat/secret/v1\0".getBytes(StandardCharsets.US_ASCII);

    private StoredArguments() {}

    /**
     * The body's member.
     *
     * @param text the text that {@code arguments} was parsed from
     * @param secret names whose values are not kept
     */
    public static Json.Obj of(byte[] text, ForeignJson arguments, Collection<String> secret, Salt salt) {
        boolean hides = arguments instanceof ForeignJson.Obj object
                && secret.stream().anyMatch(name -> object.members().containsKey(name));
        if (!hides) {
            return JsonBuilder.object().put("exact", exact(text, arguments)).build();
        }
        TreeMap<String, Json> members = new TreeMap<>();
        for (Map.Entry<String, ForeignJson> member :
                ((ForeignJson.Obj) arguments).members().entrySet()) {
            byte[] value = member.getValue().span().cut(text);
            JsonBuilder kept = JsonBuilder.object();
            if (secret.contains(member.getKey())) {
                kept.put("digest", digest(salt, member.getKey(), value).hex());
            } else {
                kept.put("exact", exact(text, member.getValue()));
            }
            members.put(member.getKey(), kept.build());
        }
        return JsonBuilder.object().put("members", new Json.Obj(members)).build();
    }

    /** The salted digest that stands for one secret value, given by its exact bytes. */
    public static Hash digest(Salt salt, String name, byte[] value) {
        byte[] named = name.getBytes(StandardCharsets.UTF_8);
        return Hash.of(DOMAIN, salt.bytes(), length(named), named, length(value), value);
    }

    private static String exact(byte[] text, ForeignJson value) {
        return new String(value.span().cut(text), StandardCharsets.UTF_8);
    }

    private static byte[] length(byte[] bytes) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array();
    }
}
