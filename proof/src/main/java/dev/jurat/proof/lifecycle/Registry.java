package dev.jurat.proof.lifecycle;

import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.Key;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.state.Standing;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is who, recomputed from records alone. A key belongs to one principal for ever. */
final class Registry {
    /** A principal as the records so far have it. */
    static final class Principal {
        final Registered registered;
        final Set<Role> roles;
        boolean selfEnrolled;
        boolean suspended;
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

    private final WorkingSet working;
    private final Archive archive;
    private final Streams streams;
    private boolean claimed;

    Registry(WorkingSet working, Archive archive, Streams streams) {
        this.working = working;
        this.archive = archive;
        this.streams = streams;
    }

    Optional<Principal> find(String principal) {
        return Optional.ofNullable(principals.get(principal));
    }

    List<Registered> all() {
        return principals.values().stream()
                .map(p -> p.registered)
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
        claimed |= registered.roles().contains(Role.ADMINISTRATOR);
        return principal;
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
            case ADMINISTRATOR -> byAdministrator(key.by().orElseThrow());
        };
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
        return administrator.get().suspended ? Optional.of(Rule.PRINCIPAL_SUSPENDED) : Optional.empty();
    }

    /** Agents act, points enforce, people administer and approve; services live in the namespace {@code system} and nobody else does. */
    private static boolean rolesFit(Key key) {
        Set<Role> roles = Set.copyOf(key.roles());
        boolean system = key.principal().startsWith("system/");
        return switch (key.type()) {
            case AGENT -> !system && roles.equals(Set.of(Role.AGENT));
            case SERVICE -> system && roles.equals(Set.of(Role.POINT));
            case HUMAN ->
                !system
                        && !roles.isEmpty()
                        && Set.of(Role.ADMINISTRATOR, Role.APPROVER).containsAll(roles);
        };
    }

    /** Confirms, suspends or resumes a principal that is there under the same key. */
    Optional<Rule> changes(Key key, String by) {
        Optional<Principal> found = find(key.principal());
        if (found.isEmpty() || !found.get().registered.equals(key.registered())) {
            return Optional.of(Rule.TARGET_UNKNOWN);
        }
        boolean takesAway = key.action() == RegistryFacts.KeyAction.SUSPEND;
        return takesAway && isProtected(key.principal(), by) ? Optional.of(Rule.TARGET_PROTECTED) : Optional.empty();
    }

    /**
     * Whether somebody may not take this principal away: nobody the ledger, and no administrator themselves, so that one in good standing
     * is always left.
     */
    boolean isProtected(String principal, String by) {
        return there(principal).has(Role.LEDGER) || principal.equals(by);
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

    void suspend(String principal) {
        there(principal).suspended = true;
        working.changed(there(principal).origin());
    }

    private Principal there(String principal) {
        return find(principal).orElseThrow();
    }
}
