package dev.jurat.proof.record;

import dev.jurat.proof.FormatException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a record says happened: the closed table of version 1 ({@code docs/spec/lifecycle.md} §1).
 *
 * <p>A strict kind is refused when a rule fails. An open kind is admitted whenever its signature is genuine and its stream continues, with
 * flags: what happened is never turned away.
 */
public enum Kind {
    GENESIS(Gate.STRICT, false, Set.of(Role.LEDGER), "", ""),
    CLOCK(Gate.OPEN, false, Set.of(Role.LEDGER), "", ""),
    KEY(Gate.STRICT, true, Set.of(), "", ""),
    SESSION(Gate.STRICT, true, Set.of(Role.AGENT, Role.GOVERNOR, Role.BROKER, Role.POINT), "", ""),
    SESSION_END(Gate.OPEN, false, Set.of(Role.AGENT, Role.GOVERNOR, Role.BROKER, Role.POINT), "", ""),
    POLICY(Gate.STRICT, false, Set.of(Role.ADMINISTRATOR, Role.GOVERNOR), "", ""),
    PROFILE(Gate.STRICT, false, Set.of(Role.ADMINISTRATOR, Role.GOVERNOR), "", ""),
    INTENT(Gate.STRICT, true, Set.of(Role.AGENT), "", ""),
    CONTEXT(Gate.STRICT, true, Set.of(Role.GOVERNOR), "intent", ""),
    DECISION(Gate.STRICT, true, Set.of(Role.GOVERNOR), "intent context policy", "supersedes approvals*"),
    APPROVAL(Gate.STRICT, true, Set.of(Role.APPROVER), "decision", ""),
    CONTRACT(Gate.STRICT, true, Set.of(Role.GOVERNOR), "decision", ""),
    IDENTITY(Gate.STRICT, true, Set.of(Role.BROKER), "contract intent", ""),
    USE(Gate.STRICT, true, Set.of(Role.POINT), "identity", ""),
    OUTCOME(Gate.OPEN, true, Set.of(Role.POINT), "use", ""),
    REFUSAL(Gate.OPEN, true, Set.of(Role.POINT), "", "identity decision"),
    VIOLATION(Gate.OPEN, true, Set.of(Role.POINT), "", "use"),
    OBSERVATION(Gate.OPEN, true, Set.of(Role.POINT), "", ""),
    REVOCATION(Gate.STRICT, true, Set.of(Role.ADMINISTRATOR, Role.APPROVER), "", "target"),
    COMPROMISE(Gate.STRICT, true, Set.of(Role.ADMINISTRATOR), "", ""),
    ERASURE(Gate.STRICT, false, Set.of(Role.ADMINISTRATOR), "", ""),
    HOLD(Gate.STRICT, false, Set.of(Role.ADMINISTRATOR), "", "hold"),
    REFUSED(Gate.OPEN, true, Set.of(Role.LEDGER), "", ""),
    REFUSED_FOLD(Gate.OPEN, true, Set.of(Role.LEDGER), "", ""),
    CONFLICT(Gate.OPEN, true, Set.of(Role.LEDGER), "", ""),
    INCOMPLETE(Gate.OPEN, false, Set.of(Role.LEDGER), "use", ""),
    EXPIRY(Gate.OPEN, false, Set.of(Role.LEDGER), "contract", ""),
    EXPORT(Gate.STRICT, true, Set.of(Role.ADMINISTRATOR, Role.AUDITOR), "", ""),
    CONFIGURATION(Gate.STRICT, true, Set.of(Role.ADMINISTRATOR), "", ""),
    STATE(Gate.OPEN, false, Set.of(Role.LEDGER), "", "");

    /** Whether a failing rule refuses the record or only flags it. */
    public enum Gate {
        STRICT,
        OPEN
    }

    private static final Map<String, Kind> BY_WIRE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Kind::wire, kind -> kind));

    private final String wire = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final Gate gate;
    private final boolean body;
    private final Set<Role> writers;
    private final boolean ledgers;
    private final List<String> required;
    private final List<String> optional;

    Kind(Gate gate, boolean body, Set<Role> writers, String required, String optional) {
        this.gate = gate;
        this.body = body;
        this.writers = writers;
        this.ledgers = writers.equals(Set.of(Role.LEDGER));
        this.required = words(required);
        this.optional = words(optional);
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    public String wire() {
        return wire;
    }

    public static Kind parse(String wire) throws FormatException {
        Kind kind = BY_WIRE.get(wire);
        if (kind == null) {
            throw new FormatException("value-unknown", "kind is not one of the words known");
        }
        return kind;
    }

    public Gate gate() {
        return gate;
    }

    /** Whether the kind has a body beside the tree; without one the subject is the genesis id. */
    public boolean hasBody() {
        return body;
    }

    /** The roles that may write this kind. Empty for {@code key}, whose rule is in the lifecycle. */
    public Set<Role> writers() {
        return writers;
    }

    /** Whether only the ledger itself may write this kind. */
    public boolean isLedgers() {
        return ledgers;
    }

    /** Whether a record of this kind is number 0 of a stream that it opens, and so stands alone in its group. */
    public boolean opensStream() {
        return this == SESSION || this == GENESIS;
    }

    /** Roles of references that must be there, each naming one record. */
    public List<String> requiredReferences() {
        return required;
    }

    /** Roles of references that may be there; a name ending in {@code *} takes a sorted list. */
    public List<String> optionalReferences() {
        return optional;
    }
}
