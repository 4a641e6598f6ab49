package dev.jurat.proof.assess;

import dev.jurat.proof.audit.LogAudit;
import dev.jurat.proof.bundle.Leaf;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.Enrolled;
import dev.jurat.proof.record.RegistryFacts.Isolation;
import dev.jurat.proof.record.RegistryFacts.KeyAction;
import dev.jurat.proof.record.RegistryFacts.Session;
import dev.jurat.proof.record.RegistryFacts.Signs;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the records of a log say, leaf by leaf, that no rule asks: counts, and the first record of each sort. What a record says is taken where
 * the audit or the verifier lets it stand. Memory grows with principals and not with records. Not thread-safe.
 */
public final class Survey implements LogAudit.Onlooker {
    /** Counts a sort of record, and keeps the first. */
    static final class Tally {
        private long count;
        private Optional<Leaf> first = Optional.empty();

        private void add(Leaf leaf) {
            count++;
            if (first.isEmpty()) {
                first = Optional.of(leaf);
            }
        }

        long count() {
            return count;
        }

        Optional<Leaf> first() {
            return first;
        }
    }

    final Tally records = new Tally();
    final Tally principals = new Tally();
    final Tally sessions = new Tally();
    /** Sessions of agents: all, those whose key is in the point's process, those for whom a wrapper signs, those in hardware, and the others. */
    final Tally agents = new Tally();

    final Tally shared = new Tally();
    final Tally wrapped = new Tally();
    /** Of the identity keys that agents opened sessions with: the first session that says it is in software, and that it is in hardware. */
    private final Map<String, Leaf> softwareByItsWord = new LinkedHashMap<>();

    private final Map<String, Leaf> hardwareByItsWord = new LinkedHashMap<>();
    /** Where administrators say that a key is, by key: the newest word. */
    private final Map<String, Leaf> custodies = new HashMap<>();
    /** Agents that an administrator enrolled or confirmed. */
    final Tally vouched = new Tally();

    final Tally clocks = new Tally();
    final Tally bodiesGone = new Tally();
    final Tally erasures = new Tally();
    /** Keys that follow another one, which signed for them. */
    final Tally rotations = new Tally();

    /** A second record for a number of a session: its key signed in two places. */
    final Tally conflicts = new Tally();
    /** Records admitted although their signer was suspended. */
    final Tally flagged = new Tally();

    final Tally boundaries = new Tally();
    private Optional<Boundary> firstBoundary = Optional.empty();
    private final Set<String> bounded = new HashSet<>();
    private long beforeBoundaries;
    private Optional<LedgerFacts.Clock> newestClock = Optional.empty();
    private final Map<String, SignerType> types = new HashMap<>();
    private final Map<String, Long> written = new HashMap<>();
    /** Agents that nobody has vouched for, by the leaf that enrolled them. */
    private final TreeMap<Long, Leaf> selfEnrolled = new TreeMap<>();

    private final Map<String, Long> selfEnrolledAt = new HashMap<>();

    @Override
    public void judged(LogAudit.Judged record) {
        Leaf leaf = record.leaf();
        records.add(leaf);
        if (record.bodyGone()) {
            bodiesGone.add(leaf);
        }
        if (record.admitted()) {
            admitted(leaf, record.flags());
        }
    }

    private void admitted(Leaf leaf, Set<Flag> flags) {
        if (flags.contains(Flag.SIGNER_SUSPENDED)) {
            flagged.add(leaf);
        }
        Boundary.of(leaf).filter(b -> !isPersonsConflict(b)).ifPresent(this::boundary);
        written.merge(leaf.stream().principal(), 1L, Long::sum);
        switch (leaf.record().statement().facts()) {
            case LedgerFacts.Genesis genesis -> genesis.principals().forEach(p -> principal(leaf, p));
            case LedgerFacts.Clock clock -> {
                clocks.add(leaf);
                newestClock = Optional.of(clock);
            }
            case LedgerFacts.Conflict conflict -> conflict(leaf, conflict.stream());
            case RegistryFacts.Key key -> key(leaf, key);
            case PrincipalFacts.Custody custody -> custodies.put(custody.key(), leaf);
            case SuccessionFacts.Rotation ignored -> rotations.add(leaf);
            case Session session -> session(leaf, session);
            case CustodyFacts.Erasure ignored -> erasures.add(leaf);
            default -> {
                // Of the others there is nothing to say but that they are there.
            }
        }
    }

    private void principal(Leaf leaf, LedgerFacts.Registered registered) {
        principals.add(leaf);
        types.put(registered.principal(), registered.type());
    }

    private void key(Leaf leaf, RegistryFacts.Key key) {
        if (key.action() == KeyAction.ENROLL) {
            principal(leaf, key.registered());
        }
        if (key.type() != SignerType.AGENT) {
            return;
        }
        boolean byAdministrator = key.action() == KeyAction.ENROLL && key.enrolled() == Enrolled.ADMINISTRATOR;
        if (key.action() == KeyAction.ENROLL && !byAdministrator) {
            selfEnrolled.put(leaf.index(), leaf);
            selfEnrolledAt.put(key.principal(), leaf.index());
        } else if (byAdministrator || key.action() == KeyAction.CONFIRM) {
            vouched.add(leaf);
            Optional.ofNullable(selfEnrolledAt.remove(key.principal())).ifPresent(selfEnrolled::remove);
        }
    }

    private void session(Leaf leaf, Session session) {
        sessions.add(leaf);
        if (leaf.header().signer() != SignerType.AGENT) {
            return;
        }
        agents.add(leaf);
        (session.isolation() == Isolation.HARDWARE ? hardwareByItsWord : softwareByItsWord)
                .putIfAbsent(session.identityKey(), leaf);
        if (session.shared()) {
            shared.add(leaf);
        }
        if (session.signs() == Signs.WRAPPER) {
            wrapped.add(leaf);
        }
    }

    /** The first record by which an agent's key is where software can take it: an administrator's word, else the session's own. */
    Optional<Leaf> inSoftware() {
        return java.util.stream.Stream.concat(softwareByItsWord.keySet().stream(), hardwareByItsWord.keySet().stream())
                .flatMap(key -> Optional.ofNullable(custodies.get(key))
                        .filter(leaf -> custody(leaf).keptIn() == PrincipalFacts.KeptIn.SOFTWARE)
                        .or(() -> Optional.ofNullable(softwareByItsWord.get(key))
                                .filter(session -> !custodies.containsKey(key)))
                        .stream())
                .findFirst();
    }

    /** The weakest word by which an agent's key is in hardware: a session's own, an administrator's, what a TPM certified. */
    Optional<Leaf> inHardware() {
        Optional<Leaf> own = hardwareByItsWord.entrySet().stream()
                .filter(entry -> !custodies.containsKey(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
        return own.or(() -> java.util.stream.Stream.concat(
                        softwareByItsWord.keySet().stream(), hardwareByItsWord.keySet().stream())
                .flatMap(key -> Optional.ofNullable(custodies.get(key)).stream())
                .min(Comparator.comparing(leaf -> custody(leaf).attestationKey().isPresent())));
    }

    static PrincipalFacts.Custody custody(Leaf leaf) {
        return (PrincipalFacts.Custody) leaf.record().statement().facts();
    }

    private void boundary(Boundary boundary) {
        boundaries.add(boundary.stated());
        if (bounded.add(boundary.principal())) {
            beforeBoundaries += written.getOrDefault(boundary.principal(), 0L);
        }
        if (firstBoundary.isEmpty()) {
            firstBoundary = Optional.of(boundary);
        }
    }

    private void conflict(Leaf leaf, Stream stream) {
        if (types.get(stream.principal()) != SignerType.HUMAN) {
            conflicts.add(leaf);
        }
    }

    /** A person's stream goes on after one (lifecycle.md §2). */
    private boolean isPersonsConflict(Boundary boundary) {
        return boundary.stated().record().statement().facts() instanceof LedgerFacts.Conflict
                && types.get(boundary.principal()) == SignerType.HUMAN;
    }

    Optional<Boundary> firstBoundary() {
        return firstBoundary;
    }

    /** How many records of those whose key was put out of use stand before that, before the first time for each. */
    long beforeBoundaries() {
        return beforeBoundaries;
    }

    Optional<LedgerFacts.Clock> newestClock() {
        return newestClock;
    }

    /** The first agent that is there on its own word alone. */
    Optional<Leaf> selfEnrolled() {
        return Optional.ofNullable(selfEnrolled.firstEntry()).map(Map.Entry::getValue);
    }
}
