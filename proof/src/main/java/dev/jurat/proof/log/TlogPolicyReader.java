package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.log.TlogPolicy.Group;
import dev.jurat.proof.log.TlogPolicy.Log;
import dev.jurat.proof.log.TlogPolicy.Witness;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a C2SP tlog-policy file, line by line: a name counts from its line on. One for each file. */
final class TlogPolicyReader {
    /** With the log's own line, a note has no room for more cosignatures. */
    private static final int LOGS_MAX = 256;

    private static final int GROUPS_MAX = 256;

    private final List<Log> logs = new ArrayList<>();
    private final List<Witness> witnesses = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> members = new HashSet<>();
    private final Set<VerifyKey> keys = new HashSet<>();
    private Optional<String> quorum = Optional.empty();

    TlogPolicy read(byte[] bytes) throws FormatException {
        String text = text(bytes);
        for (String line : text.split("\n", -1)) {
            List<String> words = words(line);
            if (!words.isEmpty() && !words.getFirst().startsWith("#")) {
                line(words);
            }
        }
        String wanted =
                quorum.orElseThrow(() -> new FormatException("tlog-policy-quorum", "a policy has one quorum line"));
        return new TlogPolicy(text, logs, witnesses, groups, wanted);
    }

    private static String text(byte[] bytes) throws FormatException {
        if (bytes.length > TlogPolicy.BYTES_MAX) {
            throw large("a policy has at most " + TlogPolicy.BYTES_MAX + " bytes");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException("tlog-policy-text", "a policy is UTF-8");
        }
        if (text.chars().anyMatch(c -> (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)) {
            throw new FormatException("tlog-policy-text", "a control character other than tab and line feed");
        }
        if (!text.endsWith("\n")) {
            throw new FormatException("tlog-policy-text", "each line ends in a line feed");
        }
        return text;
    }

    /** What stands between spaces and tabs; no other space parts words. */
    private static List<String> words(String line) {
        return Arrays.stream(line.split("[ \t]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private void line(List<String> words) throws FormatException {
        switch (words.getFirst()) {
            case "log" -> log(words);
            case "witness" -> witness(words);
            case "group" -> group(words);
            case "quorum" -> quorum(words);
            default -> throw form("a line is log, witness, group or quorum");
        }
    }

    private void log(List<String> words) throws FormatException {
        require(words.size() == 2 || words.size() == 3, "log VKEY [URL]");
        logs.add(new Log(key(words.get(1), NoteKeyType.ED25519), url(words, 2)));
        limit(logs.size(), LOGS_MAX, "logs");
    }

    private void witness(List<String> words) throws FormatException {
        require(words.size() == 3 || words.size() == 4, "witness NAME VKEY [URL]");
        NoteVerifier key = key(words.get(2), NoteKeyType.COSIGNATURE_V1);
        witnesses.add(new Witness(defined(words.get(1)), key, url(words, 3)));
        limit(witnesses.size(), TlogPolicy.WITNESSES_MAX, "witnesses");
    }

    private void group(List<String> words) throws FormatException {
        require(words.size() >= 4, "group NAME all|any|K MEMBER…");
        List<String> of = words.subList(3, words.size());
        for (String member : of) {
            if (!names.contains(member) || !members.add(member)) {
                throw new FormatException(
                        "tlog-policy-member", member + " is not defined before, or a member of a group already");
            }
        }
        int threshold = threshold(words.get(2), of.size());
        groups.add(new Group(defined(words.get(1)), threshold, of));
        limit(groups.size(), GROUPS_MAX, "groups");
    }

    private static int threshold(String word, int size) throws FormatException {
        long threshold = switch (word) {
            case "all" -> size;
            case "any" -> 1;
            default -> Decimal.parse(word, "tlog-policy-threshold");
        };
        if (threshold < 1 || threshold > size) {
            throw new FormatException("tlog-policy-threshold", "a group asks for 1 to all of its members");
        }
        return (int) threshold;
    }

    private void quorum(List<String> words) throws FormatException {
        require(words.size() == 2, "quorum NAME|none");
        String name = words.get(1);
        if (quorum.isPresent() || !(name.equals(TlogPolicy.NONE) || names.contains(name))) {
            throw new FormatException("tlog-policy-quorum", "one quorum line, of what is defined before it, or none");
        }
        quorum = Optional.of(name);
    }

    private String defined(String name) throws FormatException {
        if (name.equals(TlogPolicy.NONE) || !names.add(name)) {
            throw new FormatException("tlog-policy-name", name + " is defined already");
        }
        return name;
    }

    /** A key of the one kind, and of nobody else in the file: whoever signs twice is not two. */
    private NoteVerifier key(String vkey, NoteKeyType type) throws FormatException {
        NoteVerifier key = NoteVerifier.parse(vkey);
        if (key.type() != type || !keys.add(key.key())) {
            throw new FormatException(
                    "tlog-policy-key", "the key of " + key.name() + " is of another kind, or stands there twice");
        }
        return key;
    }

    private static Optional<String> url(List<String> words, int at) {
        return words.size() > at ? Optional.of(words.get(at)) : Optional.empty();
    }

    private static void require(boolean sound, String form) throws FormatException {
        if (!sound) {
            throw form("a line is: " + form);
        }
    }

    private static void limit(int count, int max, String what) throws FormatException {
        if (count > max) {
            throw large("a policy has at most " + max + " " + what);
        }
    }

    private static FormatException form(String why) {
        return new FormatException("tlog-policy-line", why);
    }

    private static FormatException large(String why) {
        return new FormatException("tlog-policy-large", why);
    }
}
