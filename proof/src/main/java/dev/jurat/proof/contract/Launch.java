package dev.jurat.proof.contract;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How an enforcement point started the server behind it: the same software over other data is another launch.
 *
 * <p>Security property: the digest stands in statements that nobody can erase, and a command line may hold a secret, so it is salted. The
 * salt comes from the point's own key and from what was launched: the same launch has the same digest in every session, and nobody who has
 * neither the key nor a session's body can try guesses. The mistake that looks right but is not: one salt for all launches, which any
 * body that is left gives away.
 *
 * <p>Spec: {@code docs/spec/contract.md}, Digests.
 *
 * @param command the command and its arguments, each word as it was given
 * @param folder the absolute working folder
 * @param program the file that the command's first word led to
 * @param variables the variables that were given by name, each with the credential that its value comes from; empty text: from the point's
 *     own environment. No value is in here
 */
public record Launch(
        List<String> command, String folder, String program, SortedMap<String, String> variables, Salt salt) {
    private static final byte[] DOMAIN = "jurat/launch/v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SALT_DOMAIN = "jurat/launch-salt/v1\0".getBytes(StandardCharsets.US_ASCII);

    public Launch {
        command = List.copyOf(command);
        variables = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(variables));
    }

    /** The launch under the salt that this key gives it. */
    public static Launch of(
            List<String> command, String folder, String program, Map<String, String> variables, SigningKey key) {
        TreeMap<String, String> sorted = new TreeMap<>(variables);
        byte[] said = CanonicalJson.write(said(command, folder, program, sorted));
        byte[] message = Arrays.copyOf(SALT_DOMAIN, SALT_DOMAIN.length + said.length);
        System.arraycopy(said, 0, message, SALT_DOMAIN.length, said.length);
        byte[] secret = Hash.of(key.sign(message)).bytes();
        return new Launch(command, folder, program, sorted, Salt.of(Arrays.copyOf(secret, Salt.BYTES)));
    }

    /** Reads the closed object of a session's body, whose {@code server} is the command; codes of members, and {@code salt-syntax}. */
    public static Launch read(Fields fields, List<String> command) throws FormatException {
        String salt = fields.string("salt");
        if (!Salt.isHex(salt)) {
            throw new FormatException("salt-syntax", fields.path() + ".salt is not 32 lower-case hexadecimal digits");
        }
        TreeMap<String, String> variables = new TreeMap<>();
        for (Map.Entry<String, Json> one :
                fields.rawObject("variables").members().entrySet()) {
            if (!(one.getValue() instanceof Json.Str credential)) {
                throw new FormatException(
                        "member-type", fields.path() + ".variables has another value than the name of a credential");
            }
            variables.put(one.getKey(), credential.value());
        }
        Launch launch =
                new Launch(command, fields.string("folder"), fields.string("program"), variables, Salt.fromHex(salt));
        fields.end();
        return launch;
    }

    /** What a session's body says beside the command. */
    public Json.Obj toJson() {
        return JsonBuilder.object()
                .put("folder", folder)
                .put("program", program)
                .put("salt", salt.hex())
                .put("variables", texts(variables))
                .build();
    }

    /** The salted digest: {@code launch} in a context and in the contracts that rest on it. */
    public Hash digest() {
        return Hash.of(DOMAIN, salt.bytes(), CanonicalJson.write(said(command, folder, program, variables)));
    }

    private static Json.Obj said(
            List<String> command, String folder, String program, SortedMap<String, String> variables) {
        return JsonBuilder.object()
                .strings("command", command)
                .put("folder", folder)
                .put("program", program)
                .put("variables", texts(variables))
                .build();
    }

    private static Json.Obj texts(SortedMap<String, String> variables) {
        TreeMap<String, Json> members = new TreeMap<>();
        variables.forEach((name, credential) -> members.put(name, Json.of(credential)));
        return new Json.Obj(members);
    }
}
