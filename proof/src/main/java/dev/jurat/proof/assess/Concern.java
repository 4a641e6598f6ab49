package dev.jurat.proof.assess;

import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.verify.Defect;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a defect speaks against. Every defect has a concern: one that is not listed is of the leaf that it names, or of the rest. */
enum Concern {
    /** A record is not by whom it says, or is none. */
    SIGNATURE,
    /** Nobody can say with which key a record is to be checked. */
    KEY,
    /** One key has been given to two. */
    SHARED_KEY,
    /** A stream has a gap, or a fork. */
    STREAM,
    /** The leaves are not those that were signed for. */
    TREE,
    /** The checkpoint is not signed by whom it has to be. */
    OWNER,
    /** Fewer witnesses have signed than the reader asks for. */
    WITNESSES,
    /** Whose key was out of use has signed what needs a key in use. */
    STANDING,
    /** Time goes back, or is not known. */
    TIME,
    /** Any other rule, a body, an artefact, the state, an act beyond its permission. */
    REST;

    /** Those of which one makes a record's authorship doubtful. */
    static final Set<Concern> AUTHORSHIP = EnumSet.of(SIGNATURE, KEY);
    /** Those of which one makes the order of records doubtful. */
    static final Set<Concern> ORDER = EnumSet.of(STREAM, TREE, OWNER);

    /** All but that fewer witnesses signed than the reader asks for, which says nothing of what was given. */
    static final Set<Concern> ALL_BUT_WITNESSES = EnumSet.complementOf(EnumSet.of(WITNESSES));

    private static final Map<String, Rule> RULES =
            Arrays.stream(Rule.values()).collect(Collectors.toUnmodifiableMap(Rule::code, Function.identity()));
    private static final Set<String> STREAMS = Set.of("record-twice", "record-conflict");
    private static final Set<String> OWNERS =
            Set.of("trust-log", "trust-genesis", "second-line-missing", "second-line-order");
    private static final Set<String> TREES = Set.of(
            "root-mismatch",
            "tile-mismatch",
            "tile-missing",
            "entries-missing",
            "leaf-missing",
            "genesis-missing",
            "log-went-back",
            "log-rewritten",
            "defects-many",
            "leaf-index-beyond-size");

    static Concern of(Defect defect) {
        String code = defect.code();
        Optional<Concern> rule = Optional.ofNullable(RULES.get(code)).map(Concern::of);
        if (rule.isPresent()) {
            return rule.get();
        }
        if (code.equals("witness-quorum")) {
            return WITNESSES;
        }
        if (STREAMS.contains(code)) {
            return STREAM;
        }
        boolean before = code.startsWith("predecessor-") || code.startsWith("successor-");
        if (OWNERS.contains(code) || before || code.startsWith("note-") || code.startsWith("checkpoint-")) {
            return OWNER;
        }
        boolean proof = code.startsWith("proof-") || code.startsWith("inclusion-") || code.startsWith("tlog-proof-");
        if (TREES.contains(code) || proof || code.startsWith("tile-") || code.startsWith("entry-bundle-")) {
            return TREE;
        }
        return code.startsWith("genesis-") || isUnreadable(defect) ? SIGNATURE : REST;
    }

    /** A leaf that is no record: the place names no kind and no id. */
    private static boolean isUnreadable(Defect defect) {
        return defect.where().matches("leaf [0-9]+");
    }

    private static Concern of(Rule rule) {
        return switch (rule) {
            case KEY_UNKNOWN, STREAM_UNKNOWN, KEY_INVALID, SUITE_MISMATCH, SUITE_UNNAMED -> KEY;
            case KEY_REUSED -> SHARED_KEY;
            case SIGNER_TYPE -> SIGNATURE;
            case PRINCIPAL_SUSPENDED, SESSION_SUSPENDED, SESSION_EXPIRED, KEY_COMPROMISED, KEY_RETIRED -> STANDING;
            case CLOCK_BACKWARDS, SEEN_UNKNOWN, SEEN_TOO_OLD -> TIME;
            default ->
                switch (rule.number()) {
                    case 1 -> SIGNATURE;
                    case 2 -> STREAM;
                    default -> REST;
                };
        };
    }
}
