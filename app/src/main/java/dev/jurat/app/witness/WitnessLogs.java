package dev.jurat.app.witness;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.log.NoteKeyType;
import dev.jurat.proof.log.NoteVerifier;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The logs that a witness cosigns, as a file of lines {@code log <vkey>}, and what stands behind it on the line passed over, as in a C2SP
 * tlog-policy; {@code #} begins a comment. Several keys of one origin are one log.
 */
public record WitnessLogs(Map<String, List<NoteVerifier>> byOrigin) {
    /** The largest file, in bytes. */
    public static final int BYTES_MAX = 1 << 20;

    /**
     * Reads the file.
     *
     * @throws FormatException {@code witness-logs}, or the codes of a vkey
     */
    public static WitnessLogs read(byte[] bytes) throws FormatException {
        Map<String, List<NoteVerifier>> logs = new LinkedHashMap<>();
        for (String line : text(bytes).lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("[ \t]+");
            if (words.length < 2 || !words[0].equals("log")) {
                throw refused("a line is: log VKEY");
            }
            NoteVerifier key = NoteVerifier.parse(words[1]);
            if (key.type() != NoteKeyType.ED25519) {
                throw refused("the key of " + key.name() + " is no log's");
            }
            logs.computeIfAbsent(key.name(), name -> new ArrayList<>()).add(key);
        }
        if (logs.isEmpty()) {
            throw refused("no log stands in it");
        }
        logs.replaceAll((name, keys) -> List.copyOf(keys));
        return new WitnessLogs(logs);
    }

    private static String text(byte[] bytes) throws FormatException {
        if (bytes.length > BYTES_MAX) {
            throw refused("it has more than " + BYTES_MAX + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused("it is not UTF-8");
        }
    }

    private static FormatException refused(String why) {
        return new FormatException("witness-logs", why);
    }
}
