package dev.jurat.proof.body;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Call;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.contract.Redaction;
import dev.jurat.proof.contract.Salt;
import dev.jurat.proof.contract.Tool;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Body;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The body of an intent or a use: what is called, with which bytes, under which salt its commitment was made.
 *
 * @param callSalt the salt of the call commitment in the facts
 * @param name the tool's or prompt's name, or the resource's URI, as it was sent
 * @param arguments the bytes of {@code arguments} as they were sent; empty where the call has none or {@code redacted} stands in
 * @param redacted the arguments with those that the profile marks secret replaced by salted digests
 * @param others the members besides {@code arguments} that the commitment covers, as one object; empty where there are none
 * @param resources what the call touches, in the normalised form of the point that reads it; may be empty in an intent
 * @param meta the bytes of {@code _meta}, which no commitment covers; in a use only
 * @param purpose what the agent says that it is for; in an intent only
 */
public record CallDetails(
        Salt callSalt,
        String name,
        Optional<byte[]> arguments,
        Optional<Json.Obj> redacted,
        Optional<byte[]> others,
        List<String> resources,
        Optional<byte[]> meta,
        Optional<String> purpose)
        implements Details {
    private static final Set<String> READ = Set.of("task");

    /** A call without other members. */
    public CallDetails(
            Salt callSalt,
            String name,
            Optional<byte[]> arguments,
            Optional<Json.Obj> redacted,
            List<String> resources,
            Optional<byte[]> meta,
            Optional<String> purpose) {
        this(callSalt, name, arguments, redacted, Optional.empty(), resources, meta, purpose);
    }

    /** Reads the body; {@code arguments-twice} where arguments stand both as they are and redacted. */
    public static CallDetails read(Body body) throws FormatException {
        Fields in = Details.fields(body);
        CallDetails details = new CallDetails(
                Details.salt(in, "callSalt"),
                in.string("name"),
                Details.optionalBytes(in, "arguments"),
                in.has("redacted") ? Optional.of(in.rawObject("redacted")) : Optional.empty(),
                Details.optionalBytes(in, "others"),
                in.strings("resources"),
                Details.optionalBytes(in, "meta"),
                in.optionalString("purpose"));
        in.end();
        if (details.arguments.isPresent() && details.redacted.isPresent()) {
            throw new FormatException("arguments-twice", "arguments stand as they are or redacted, not both");
        }
        return details;
    }

    @Override
    public Json.Obj toJson() {
        return JsonBuilder.object()
                .put("arguments", arguments.map(Details::base64))
                .put("callSalt", callSalt.hex())
                .put("meta", meta.map(Details::base64))
                .put("name", name)
                .put("others", others.map(Details::base64))
                .put("purpose", purpose.map(Json.Str::new))
                .put("redacted", redacted)
                .strings("resources", resources)
                .build();
    }

    /** The commitment that the facts must carry; empty where redacted arguments leave that to the enforcement point's word. */
    public Optional<Hash> commitment(Tool tool) {
        return redacted.isPresent()
                ? Optional.empty()
                : Optional.of(new Call(tool.profile(), tool.method(), name, arguments, others).commitment(callSalt));
    }

    /**
     * Refuses bytes that went out and that two readers could take two ways, so that nobody could say what was called.
     *
     * @throws FormatException the codes of {@link ForeignJson}, and those of {@link Redaction#restored}
     */
    public void requireReadable() throws FormatException {
        if (arguments.isPresent()) {
            ForeignJson.parse(arguments.get());
        }
        if (redacted.isPresent()) {
            Redaction.restored(redacted.get());
        }
        if (others.isPresent()) {
            ForeignJson.parseObject(others.get());
        }
    }

    /** Whether more goes out with the call than a profile can class: only the wish that it be a task is read ({@code docs/spec/contract.md}). */
    public boolean isBeyondProfiles() {
        try {
            return others.isPresent()
                    && !READ.containsAll(
                            ForeignJson.parseObject(others.get()).members().keySet());
        } catch (FormatException e) {
            return true;
        }
    }

    /** Whether both are the same call, byte for byte, whatever their salts. */
    public boolean isSameCall(CallDetails other) {
        return name.equals(other.name)
                && isSame(arguments, other.arguments)
                && redacted.equals(other.redacted)
                && hasSameOthers(other);
    }

    /** Whether the same goes out with both besides their arguments, byte for byte. */
    public boolean hasSameOthers(CallDetails other) {
        return isSame(others, other.others);
    }

    private static boolean isSame(Optional<byte[]> one, Optional<byte[]> two) {
        return one.isPresent() == two.isPresent() && (one.isEmpty() || Arrays.equals(one.get(), two.orElseThrow()));
    }
}
