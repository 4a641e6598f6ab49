package dev.jurat.proof.lifecycle;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.Key;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts.Compromise;
import dev.jurat.proof.record.SuccessionFacts.Recovery;
import dev.jurat.proof.record.SuccessionFacts.Rotation;
import dev.jurat.proof.record.SuccessionFacts.Successor;
import dev.jurat.proof.state.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who is who, recomputed from records alone. A key belongs to one principal for ever. */
final class Registry {
    private static final long OVERLAP_MILLIS_MIN = 60_000;
    private static final long OVERLAP_MILLIS_MAX = 30 * 86_400_000L;
    /** Their keys stand in genesis, and a node holds itself to that. */
    private static final Set<Role> OF_THE_LOG = Set.of(Role.LEDGER, Role.GOVERNOR, Role.BROKER);

    private static final Set<Role> OF_PEOPLE = Set.of(Role.ADMINISTRATOR, Role.APPROVER, Role.AUDITOR, Role.READER);

    /** A principal as the records so far have it. */
    static final class Principal {
        final Registered registered;
        final Set<Role> roles;
        /** Its keys, the first one first. */
        final List<Credential> credentials = new ArrayList<>();

        boolean selfEnrolled;
        boolean suspended;
        boolean retired;
        Optional<String> environment = Optional.empty();
        Optional<String> owner = Optional.empty();
        /** Where its keys are, by key. */
        final Map<String, PrincipalFacts.Custody> custodies = new HashMap<>();

        long sessions;
        Optional<Streams.SessionPlace> newestSession = Optional.empty();

        @Nullable
        Origin origin;

        Principal(Registered registered, boolean selfEnrolled) {
            this.registered = registered;
            this.roles = Set.copyOf(registered.roles());
            this.selfEnrolled = selfEnrolled;
        }

        String id() {
            return registered.principal();
        }

        /** The key that no other follows: the one that opens sessions, and by which others know it. */
        Credential newest() {
            return credentials.getLast();
        }

        Optional<Credential> credential(String key) {
            return credentials.stream().filter(c -> c.key().equals(key)).findFirst();
        }

        /** As it is known now: under its newest key. */
        Registered now() {
            return new Registered(id(), registered.type(), registered.roles(), newest().key());
        }

        /** What brought it. */
        Origin origin() {
            if (origin == null) {
                throw new IllegalStateException("a principal that no leaf brought: " + id());
            }
            return origin;
        }

        void become(Standing.Principal standing, Streams streams) {
            suspended = standing.suspended();
            selfEnrolled = standing.selfEnrolled();
            sessions = standing.sessions();
            newestSession = streams.sessionAt(standing.newest());
        }

        Standing.Principal standing() {
            return new Standing.Principal(
                    suspended,
                    selfEnrolled,
                    sessions,
                    newestSession.map(s -> s.place().leaf()).orElse(0L));
        }

        SignerType type() {
            return registered.type();
        }

        boolean has(Role role) {
            return roles.contains(role);
        }
    }

    private final Map<String, Principal> principals = new HashMap<>();
    /** Of principals and of checkpoints. */
    private final Set<String> keys = new HashSet<>();

    /** Who has which outside name, by the name's digest. */
    private final Map<Hash, String> bound = new HashMap<>();

    private final WorkingSet working;
    private final Archive archive;
    private final Streams streams;
    private boolean claimed;
    /** How many administrators there ever were. */
    private int administrators;

    private boolean part;

    Registry(WorkingSet working, Archive archive, Streams streams) {
        this.working = working;
        this.archive = archive;
        this.streams = streams;
    }

    /** Says that principals may be there who are not known here. */
    void isPart() {
        part = true;
    }

    Optional<Principal> find(String principal) {
        return Optional.ofNullable(principals.get(principal));
    }

    List<Registered> all() {
        return principals.values().stream()
                .map(Principal::now)
                .sorted(Comparator.comparing(Registered::principal))
                .toList();
    }

    boolean claimed() {
        return claimed;
    }

    /** Whether a key was ever anybody's, a session's too. */
    boolean keyUsed(String key) {
        return keys.contains(key) || streams.hasKey(key) || archive.hasKey(key);
    }

    void bindKey(String key) {
        keys.add(key);
    }

    Principal add(Registered registered, boolean selfEnrolled) {
        Principal principal = new Principal(registered, selfEnrolled);
        principals.put(registered.principal(), principal);
        keys.add(registered.key());
        if (registered.roles().contains(Role.ADMINISTRATOR)) {
            claimed = true;
            administrators++;
        }
        return principal;
    }

    /** A key of a principal, whichever of its keys. */
    Optional<Credential> credential(String principal, String key) {
        return find(principal).flatMap(p -> p.credential(key));
    }

    /** The key that a stream rests on: of a session the one that opened it, else its own. */
    Optional<Credential> credential(Streams.State stream) {
        return credential(
                stream.stream.principal(),
                stream.session.map(RegistryFacts.Session::identityKey).orElse(stream.key.text()));
    }

    /** Whether the key that a stream rests on was reported to be in other hands. */
    boolean isCompromised(Streams.State stream) {
        return credential(stream).filter(Credential::isCompromised).isPresent();
    }

    /** Whether an approval counts, as far as the key goes that it was signed with. */
    boolean isSound(Streams.State stream, Place record) {
        return credential(stream).filter(c -> c.isSoundAt(record)).isPresent();
    }

    /** Takes the next key of a principal. */
    Credential follow(Successor facts, Entity holder) {
        Principal principal = there(facts.principal());
        Credential next = new Credential(facts.key(), holder, working);
        principal.credential(facts.follows()).orElseThrow().followedBy(next, facts);
        principal.credentials.add(next);
        keys.add(facts.key());
        return next;
    }

    /** Whether a {@code key} record that brings the next key of a principal may: {@code docs/spec/lifecycle.md} §5. */
    Optional<Rule> succeeds(Successor facts, Clocks clocks) {
        Principal principal = there(facts.principal());
        Credential followed = principal.credential(facts.follows()).orElseThrow();
        if (keyUsed(facts.key())) {
            return Optional.of(Rule.KEY_REUSED);
        }
        if (OF_THE_LOG.stream().anyMatch(principal::has)) {
            return Optional.of(Rule.TARGET_PROTECTED);
        }
        if (principal.retired) {
            return Optional.of(Rule.PRINCIPAL_RETIRED);
        }
        if (followed.next().isPresent()) {
            return Optional.of(Rule.KEY_FOLLOWED);
        }
        return switch (facts) {
            case Rotation rotation -> rotates(principal, followed, rotation, clocks);
            case Recovery recovery -> recovers(recovery);
        };
    }

    private static Optional<Rule> rotates(Principal principal, Credential followed, Rotation rotation, Clocks clocks) {
        if (principal.suspended) {
            return Optional.of(Rule.PRINCIPAL_SUSPENDED);
        }
        if (followed.isCompromised()) {
            return Optional.of(Rule.KEY_COMPROMISED);
        }
        long latest = clocks.current().latest();
        boolean fits = rotation.until() >= latest + OVERLAP_MILLIS_MIN
                && (!clocks.running() || rotation.until() <= latest + OVERLAP_MILLIS_MAX);
        // One overlap after the other: never are there more than two keys.
        boolean first = principal.credentials.stream().allMatch(c -> c == followed || c.isRetired(clocks));
        return fits && first ? Optional.empty() : Optional.of(Rule.OVERLAP_INVALID);
    }

    private Optional<Rule> recovers(Recovery recovery) {
        if (recovery.by().contains(recovery.principal())) {
            return Optional.of(Rule.FOUR_EYES);
        }
        return recovery.by().stream()
                .map(this::byAdministrator)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Whether a report may: {@code docs/spec/lifecycle.md} §6. */
    Optional<Rule> reports(Compromise facts, Stream by) {
        Optional<Credential> found = credential(facts.principal(), facts.key());
        if (found.isEmpty()) {
            return Optional.of(Rule.TARGET_UNKNOWN);
        }
        if (facts.with().filter(by.principal()::equals).isPresent()) {
            return Optional.of(Rule.FOUR_EYES);
        }
        Optional<Rule> with = facts.with().flatMap(this::byAdministrator);
        if (with.isPresent()) {
            return with;
        }
        Credential own = credential(streams.find(by).orElseThrow()).orElseThrow();
        boolean reachesSigner = own.isReachedFrom(found.get(), facts.since())
                || facts.with()
                        .map(administrator -> there(administrator).newest())
                        .filter(newest -> newest.isReachedFrom(found.get(), facts.since()))
                        .isPresent();
        if (there(facts.principal()).has(Role.LEDGER)
                || reachesSigner
                || !leavesAdministrator(p -> p.newest().isReachedFrom(found.get(), facts.since()))) {
            return Optional.of(Rule.TARGET_PROTECTED);
        }
        if (facts.since().isEmpty()) {
            return found.get().isCompromised() ? Optional.of(Rule.KEY_COMPROMISED) : Optional.empty();
        }
        return found.get().isEarlier(facts.since().get()) ? Optional.empty() : Optional.of(Rule.BOUNDARY_LATER);
    }

    /** Whether somebody can administer still when these cannot any more; in a part of a log, it may be somebody who is not shown. */
    boolean leavesAdministrator(Predicate<Principal> lost) {
        return part
                || principals.values().stream()
                        .filter(p -> p.has(Role.ADMINISTRATOR)
                                && !p.suspended
                                && !p.newest().isCompromised())
                        .anyMatch(lost.negate());
    }

    void report(Compromise facts, RecordId record) {
        Place place = Place.unknown(record);
        working.awaits(place);
        credential(facts.principal(), facts.key()).orElseThrow().reported(place, facts.since());
    }

    /** Whether a `key` record that enrols may: {@code docs/spec/lifecycle.md} §5. */
    Optional<Rule> enrols(Key key) {
        if (principals.containsKey(key.principal()) || keyUsed(key.key())) {
            return Optional.of(Rule.KEY_REUSED);
        }
        if (!rolesFit(key)) {
            return Optional.of(Rule.ROLES_INVALID);
        }
        return switch (key.enrolled()) {
            case SELF -> claimed ? Optional.of(Rule.ENROLMENT_CLOSED) : onlySelf(key);
            case CLAIM -> claimed ? Optional.of(Rule.ALREADY_CLAIMED) : onlyClaim(key);
            case ADMINISTRATOR ->
                byAdministrator(key.by().orElseThrow())
                        .or(() ->
                                second(key.type() == SignerType.HUMAN, key.by().orElseThrow(), key.with()));
        };
    }

    /**
     * Whether a second administrator signs where two are wanted: once there were two, for good, so that a thief of one key cannot be alone
     * again by taking the others away.
     *
     * @param grants whether it gives somebody what they had not
     */
    Optional<Rule> second(boolean grants, String by, Optional<String> with) {
        if (with.isEmpty()) {
            return grants && administrators > 1 ? Optional.of(Rule.FOUR_EYES) : Optional.empty();
        }
        return with.get().equals(by) ? Optional.of(Rule.FOUR_EYES) : byAdministrator(with.get());
    }

    private static Optional<Rule> onlySelf(Key key) {
        return key.type() == SignerType.HUMAN ? Optional.of(Rule.ROLES_INVALID) : Optional.empty();
    }

    private static Optional<Rule> onlyClaim(Key key) {
        boolean administrator = key.type() == SignerType.HUMAN && key.roles().contains(Role.ADMINISTRATOR);
        return administrator ? Optional.empty() : Optional.of(Rule.ROLES_INVALID);
    }

    private Optional<Rule> byAdministrator(String by) {
        Optional<Principal> administrator = find(by).filter(p -> p.has(Role.ADMINISTRATOR));
        if (administrator.isEmpty()) {
            return Optional.of(Rule.ROLE_FORBIDDEN);
        }
        if (administrator.get().suspended) {
            return Optional.of(Rule.PRINCIPAL_SUSPENDED);
        }
        return administrator.get().newest().isCompromised() ? Optional.of(Rule.KEY_COMPROMISED) : Optional.empty();
    }

    /** Agents act, points enforce, people administer, approve, audit and read; services live in the namespace {@code system} and nobody else does. */
    private static boolean rolesFit(Key key) {
        Set<Role> roles = Set.copyOf(key.roles());
        return switch (key.type()) {
            case AGENT -> !isOfSystem(key.principal()) && roles.equals(Set.of(Role.AGENT));
            case SERVICE -> isOfSystem(key.principal()) && roles.equals(Set.of(Role.POINT));
            case HUMAN -> isPerson(key.registered());
        };
    }

    private static boolean isOfSystem(String principal) {
        return principal.startsWith("system/");
    }

    private static boolean isPerson(Registered registered) {
        return registered.type() == SignerType.HUMAN
                && !isOfSystem(registered.principal())
                && !registered.roles().isEmpty()
                && OF_PEOPLE.containsAll(registered.roles());
    }

    /** Whether genesis may name them: the services of the log, each with its one role, and people; whoever acts or enforces comes later. */
    static boolean isFirst(Registered registered) {
        boolean service = registered.type() == SignerType.SERVICE
                && isOfSystem(registered.principal())
                && registered.roles().size() == 1
                && OF_THE_LOG.containsAll(registered.roles())
                && registered.principal().equals(Stream.LEDGER.principal())
                        == registered.roles().contains(Role.LEDGER);
        return service || isPerson(registered);
    }

    /** Confirms, suspends or resumes a principal that is there under the same key. */
    Optional<Rule> changes(Key key, String by) {
        Optional<Principal> found = find(key.principal());
        if (found.isEmpty() || !found.get().now().equals(key.registered())) {
            return Optional.of(Rule.TARGET_UNKNOWN);
        }
        if (found.get().retired) {
            return Optional.of(Rule.PRINCIPAL_RETIRED);
        }
        boolean takesAway = key.action() == RegistryFacts.KeyAction.SUSPEND;
        if (takesAway && isProtected(key.principal(), by)) {
            return Optional.of(Rule.TARGET_PROTECTED);
        }
        return second(key.action() == RegistryFacts.KeyAction.RESUME, by, key.with());
    }

    /**
     * Whether somebody may not take this principal away: nobody the ledger, no administrator themselves, and nobody the last one who can
     * administer.
     */
    boolean isProtected(String principal, String by) {
        Principal target = there(principal);
        return target.has(Role.LEDGER)
                || principal.equals(by)
                || target.has(Role.ADMINISTRATOR) && !leavesAdministrator(p -> p == target);
    }

    void apply(Key key) {
        Principal principal = there(key.principal());
        switch (key.action()) {
            case ENROLL -> {
                // It was added as its stream was opened.
            }
            case CONFIRM -> principal.selfEnrolled = false;
            case SUSPEND -> principal.suspended = true;
            case RESUME -> principal.suspended = false;
        }
        working.changed(principal.origin());
    }

    /** Whether what an administrator says of a principal may be said: {@code docs/spec/lifecycle.md} §5. */
    Optional<Rule> says(PrincipalFacts said, String by) {
        Optional<Principal> found = find(said.principal());
        if (found.isEmpty()) {
            return Optional.of(Rule.TARGET_UNKNOWN);
        }
        if (found.get().retired) {
            return Optional.of(Rule.PRINCIPAL_RETIRED);
        }
        return switch (said) {
            case PrincipalFacts.Description description -> describes(found.get(), description);
            case PrincipalFacts.Custody custody -> keeps(found.get(), custody, by);
            case PrincipalFacts.Binding binding -> binds(binding);
            case PrincipalFacts.Retirement ignored ->
                isProtected(said.principal(), by) ? Optional.of(Rule.TARGET_PROTECTED) : Optional.empty();
        };
    }

    private Optional<Rule> describes(Principal principal, PrincipalFacts.Description said) {
        if (principal.type() != SignerType.AGENT) {
            return Optional.of(Rule.TARGET_UNKNOWN);
        }
        boolean person = said.owner()
                .map(owner -> find(owner)
                        .filter(p -> p.type() == SignerType.HUMAN && !p.retired)
                        .isPresent())
                .orElse(true);
        if (!person) {
            return Optional.of(Rule.OWNER_UNKNOWN);
        }
        boolean moves = said.environment().isPresent()
                && principal.environment.isPresent()
                && !said.environment().equals(principal.environment);
        return moves ? Optional.of(Rule.ENVIRONMENT_FIXED) : Optional.empty();
    }

    private static Optional<Rule> keeps(Principal principal, PrincipalFacts.Custody said, String by) {
        if (!principal.newest().key().equals(said.key())) {
            return Optional.of(Rule.TARGET_UNKNOWN);
        }
        if (principal.newest().isCompromised()) {
            return Optional.of(Rule.KEY_COMPROMISED);
        }
        return principal.id().equals(by) ? Optional.of(Rule.TARGET_PROTECTED) : Optional.empty();
    }

    private Optional<Rule> binds(PrincipalFacts.Binding said) {
        Optional<String> holder = Optional.ofNullable(bound.get(said.subject()));
        if (said.bound()) {
            return holder.isPresent() ? Optional.of(Rule.NAME_BOUND) : Optional.empty();
        }
        return holder.equals(Optional.of(said.principal())) ? Optional.empty() : Optional.of(Rule.TARGET_UNKNOWN);
    }

    void apply(PrincipalFacts said) {
        again(said);
        if (said instanceof PrincipalFacts.Retirement) {
            suspend(said.principal());
        }
    }

    /** Takes again what was said. That somebody is suspended stands elsewhere. */
    void again(PrincipalFacts said) {
        Principal principal = there(said.principal());
        switch (said) {
            case PrincipalFacts.Description description -> {
                principal.environment = description.environment().or(() -> principal.environment);
                principal.owner = description.owner().or(() -> principal.owner);
            }
            case PrincipalFacts.Custody custody -> principal.custodies.put(custody.key(), custody);
            case PrincipalFacts.Binding binding -> {
                if (binding.bound()) {
                    bound.put(binding.subject(), binding.principal());
                } else {
                    bound.remove(binding.subject());
                }
            }
            case PrincipalFacts.Retirement ignored -> {
                principal.retired = true;
                bound.values().removeIf(said.principal()::equals);
            }
        }
    }

    /** Who is bound to a name that others know them by. */
    Optional<String> bearer(Hash subject) {
        return Optional.ofNullable(bound.get(subject));
    }

    Particulars particulars(Principal principal) {
        return new Particulars(
                principal.environment,
                principal.owner,
                principal.credentials.stream()
                        .flatMap(c -> Optional.ofNullable(principal.custodies.get(c.key())).stream())
                        .toList(),
                bound.entrySet().stream()
                        .filter(b -> b.getValue().equals(principal.id()))
                        .map(Map.Entry::getKey)
                        .sorted(Comparator.comparing(Hash::hex))
                        .toList(),
                principal.retired);
    }

    void suspend(String principal) {
        there(principal).suspended = true;
        working.changed(there(principal).origin());
    }

    private Principal there(String principal) {
        return find(principal).orElseThrow();
    }
}
