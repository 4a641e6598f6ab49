package dev.jurat.app.client;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One server of a client that runs behind Jurat: what was asked for, and what undoing needs.
 *
 * @param credentials variable to the name of the file that has its value; an empty name where the wrapper's own environment has it
 * @param before the bytes of the server's own entry, secrets included
 * @param after what Jurat wrote in its place; two while one is being exchanged for another
 */
public record Wrap(
        String client,
        Place place,
        String server,
        String agent,
        boolean observe,
        Map<String, String> credentials,
        byte[] before,
        List<byte[]> after) {
    public Wrap {
        credentials = java.util.Collections.unmodifiableMap(new TreeMap<>(credentials));
        after = List.copyOf(after);
    }

    /** How a server's entry looks now. */
    public enum State {
        /** As Jurat wrote it. */
        WRAPPED,
        /** As it was before. */
        BEFORE,
        /** Somebody changed it since. */
        CHANGED,
        /** It is not there. */
        GONE,
        /** The file cannot be read. */
        UNREADABLE;

        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** Whether undoing needs no force. */
        public boolean undoes() {
            return this == WRAPPED || this == BEFORE;
        }
    }

    /** The server's own command and its arguments. */
    public List<String> command() throws FormatException {
        return command(before);
    }

    /** What the client starts instead. */
    public List<String> wrapper() throws FormatException {
        return command(after.getLast());
    }

    private static List<String> command(byte[] entry) throws FormatException {
        ServerEntry read = ServerEntry.read(ForeignJson.parse(entry), entry);
        List<String> out = new ArrayList<>(List.of(read.command()));
        out.addAll(read.arguments());
        return out;
    }

    /** The same while the entry may still be the one that it takes the place of. */
    Wrap or(byte[] old) {
        return new Wrap(client, place, server, agent, observe, credentials, before, List.of(old, after.getLast()));
    }

    State state(Optional<ClientFile.Entry> entry) throws FormatException {
        if (entry.isEmpty()) {
            return State.GONE;
        }
        for (byte[] one : after) {
            if (entry.get().says(one)) {
                return State.WRAPPED;
            }
        }
        return entry.get().says(before) ? State.BEFORE : State.CHANGED;
    }

    /** The name of the note: one for each server of each place. */
    static String id(Place place, String server) {
        String whole = place.file() + "\0" + place.folder().orElse("") + "\0" + server;
        return Hash.of(whole.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
    }

    /** The note that is kept. */
    byte[] note() {
        JsonBuilder kept = JsonBuilder.object();
        credentials.forEach(kept::put);
        return CanonicalJson.write(JsonBuilder.object()
                .strings(
                        "after",
                        after.stream().map(Base64.getEncoder()::encodeToString).toList())
                .put("agent", agent)
                .put("before", Base64.getEncoder().encodeToString(before))
                .put("client", client)
                .put("credentials", kept.build())
                .put("file", place.file().toString())
                .put("folder", place.folder().map(Json.Str::new))
                .put("observe", observe)
                .put("scope", place.scope().wire())
                .put("server", server)
                .build());
    }

    /** Reads a note; {@code client-note} if this version did not write it. */
    static Wrap read(byte[] note) throws FormatException {
        try {
            Fields in = Fields.of(CanonicalJson.readObject(note), "note");
            Map<String, String> kept = new TreeMap<>();
            Fields names = in.object("credentials");
            for (String variable : in.rawObject("credentials").members().keySet()) {
                kept.put(variable, names.string(variable));
            }
            Base64.Decoder bytes = Base64.getDecoder();
            Place place = new Place(
                    Place.Scope.parse(in.string("scope")), Path.of(in.string("file")), in.optionalString("folder"));
            return new Wrap(
                    in.string("client"),
                    place,
                    in.string("server"),
                    in.string("agent"),
                    in.bool("observe"),
                    kept,
                    bytes.decode(in.string("before")),
                    in.strings("after").stream().map(bytes::decode).toList());
        } catch (FormatException | IllegalArgumentException e) {
            throw new FormatException("client-note", "not a note of this version (" + e.getMessage() + ")");
        }
    }
}
