package dev.jurat.proof.log;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which logs somebody believes, which witnesses they know, and which of those must have cosigned a checkpoint: a C2SP tlog-policy file,
 * read. {@link TlogPolicyReader} makes one.
 *
 * <p>Names mean something within the file alone. Immutable; compared by its text. Spec: {@code docs/spec/log.md} §11.
 */
public final class TlogPolicy {
    /** The largest file, in bytes. */
    public static final int BYTES_MAX = 1 << 16;
    /** The largest JSON file that has a policy as one of its texts, in bytes: JSON may write a character of it in six. */
    public static final int JSON_BYTES_MAX = 6 * BYTES_MAX + 1024;
    /** The most witnesses: a note has room for a line of each beside the log's. */
    public static final int WITNESSES_MAX = SignedNote.SIGNATURES_MAX - 1;

    /** The name of the quorum that asks for nobody. */
    public static final String NONE = "none";

    private final String text;
    private final List<Log> logs;
    private final List<Witness> witnesses;
    private final List<Group> groups;
    private final String quorum;

    /** A log whose checkpoints are believed, and where it may be met. */
    public record Log(NoteVerifier key, Optional<String> url) {}

    /** A cosigner, and the prefix that checkpoints are submitted under, where it is given. */
    public record Witness(String name, NoteVerifier key, Optional<String> url) {}

    /** Members of which so many must have witnessed a checkpoint for the group to have: witnesses, or groups before it. */
    public record Group(String name, int threshold, List<String> members) {
        public Group {
            members = List.copyOf(members);
        }
    }

    TlogPolicy(String text, List<Log> logs, List<Witness> witnesses, List<Group> groups, String quorum) {
        this.text = text;
        this.logs = List.copyOf(logs);
        this.witnesses = List.copyOf(witnesses);
        this.groups = List.copyOf(groups);
        this.quorum = quorum;
    }

    /**
     * Reads the file.
     *
     * @throws FormatException {@code tlog-policy-large}, {@code tlog-policy-text}, {@code tlog-policy-line}, {@code tlog-policy-key},
     *     {@code tlog-policy-name}, {@code tlog-policy-member}, {@code tlog-policy-threshold}, {@code tlog-policy-quorum}, or the codes of a vkey
     */
    public static TlogPolicy parse(byte[] bytes) throws FormatException {
        return new TlogPolicyReader().read(bytes);
    }

    /** The file as it was read. */
    public String text() {
        return text;
    }

    /** What tells one policy from another: the SHA-256 of the file. */
    public Hash digest() {
        return Hash.of(text.getBytes(StandardCharsets.UTF_8));
    }

    public List<Log> logs() {
        return logs;
    }

    public List<Witness> witnesses() {
        return witnesses;
    }

    /** The keys of the witnesses, in the order of the file. */
    public List<NoteVerifier> keys() {
        return witnesses.stream().map(Witness::key).toList();
    }

    /** The name of the witness or group that must have witnessed a checkpoint; {@link #NONE} where nobody must. */
    public String quorum() {
        return quorum;
    }

    /** Whether this log is one of the policy's; of a policy without logs, any is. */
    public boolean accepts(NoteVerifier log) {
        return logs.isEmpty() || logs.stream().anyMatch(known -> known.key().equals(log));
    }

    /**
     * Whether those who cosigned a checkpoint are enough.
     *
     * <p>The mistake that looks right but is not: giving keys whose lines are merely there. Only those count that
     * {@link VerifiedCheckpoint#cosigners} gives.
     */
    public boolean met(Collection<NoteVerifier> cosigners) {
        if (quorum.equals(NONE)) {
            return true;
        }
        Set<String> witnessed = new HashSet<>();
        for (Witness witness : witnesses) {
            if (cosigners.contains(witness.key())) {
                witnessed.add(witness.name());
            }
        }
        for (Group group : groups) {
            long members = group.members().stream().filter(witnessed::contains).count();
            if (members >= group.threshold()) {
                witnessed.add(group.name());
            }
        }
        return witnessed.contains(quorum);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TlogPolicy that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
