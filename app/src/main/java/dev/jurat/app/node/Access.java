package dev.jurat.app.node;

import dev.jurat.app.http.ApiException;
import dev.jurat.app.http.Owner;
import dev.jurat.app.http.Route;
import dev.jurat.app.http.Users;
import dev.jurat.governance.LedgerDoor;
import dev.jurat.ledger.Group;
import dev.jurat.ledger.Submission;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.OutsideName;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Who may do and read what at a node's shared door ({@code docs/operate/access.md}): the kernel says which user of the machine calls, the log
 * which principal that user is bound to, and this table what the principal's roles let it ask for. Thread-safe.
 *
 * <p>Security property: nothing is asked of the caller but to be there. The mistake that looks right but is not: to keep who somebody was when
 * they connected; whoever is suspended, or unbound, is out with the next request.
 */
final class Access implements Users {
    /** Who acts or enforces: what their records need, and nothing that others did. */
    private static final Set<Role> WRITERS = Set.of(Role.AGENT, Role.POINT);

    private static final Set<Role> PEOPLE = Set.of(Role.READER, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR);
    private static final Set<Role> SIGNERS = Set.of(Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR);
    private static final Set<Role> EVERYBODY =
            Set.of(Role.AGENT, Role.POINT, Role.READER, Role.APPROVER, Role.AUDITOR, Role.ADMINISTRATOR);
    private static final Set<Role> AUDITORS = Set.of(Role.AUDITOR, Role.ADMINISTRATOR);
    /** For the node's own user alone: what reaches into its folders. */
    private static final Set<Role> NOBODY = Set.of();

    /** What the kernel says of each user of another namespace whom it has no id for here (user_namespaces(7), the overflow id). */
    private static final Set<String> ANYBODY = Set.of("nobody", "nfsnobody", "65534");

    private static final Map<String, Set<Role>> TABLE = Map.ofEntries(
            Map.entry("POST /v1/groups", union(WRITERS, SIGNERS)),
            Map.entry("POST /v1/batch", union(WRITERS, SIGNERS)),
            Map.entry("POST /v1/token", WRITERS),
            Map.entry("POST /v1/approvals", Set.of(Role.APPROVER)),
            Map.entry("POST /v1/revocations", Set.of(Role.APPROVER, Role.ADMINISTRATOR)),
            Map.entry("POST /v1/backup", NOBODY),
            Map.entry("GET /v1/openapi.yaml", EVERYBODY),
            Map.entry("GET /v1/status", EVERYBODY),
            Map.entry("GET /v1/head", EVERYBODY),
            Map.entry("GET /v1/streams/{ns}/{id}/{session}", EVERYBODY),
            Map.entry("GET /v1/artefacts/{digest}", EVERYBODY),
            Map.entry("GET /v1/policies", EVERYBODY),
            Map.entry("GET /v1/profiles", EVERYBODY),
            Map.entry("GET /v1/log", EVERYBODY),
            Map.entry("GET /v1/records/{id}", PEOPLE),
            Map.entry("GET /v1/pending", PEOPLE),
            Map.entry("GET /v1/search", PEOPLE),
            Map.entry("GET /v1/trace/{id}", PEOPLE),
            Map.entry("GET /v1/principals", PEOPLE),
            Map.entry("GET /v1/leaves", PEOPLE),
            Map.entry("GET /v1/leaves/{index}", PEOPLE),
            Map.entry("GET /v1/configuration", AUDITORS),
            Map.entry("GET /v1/bodies", AUDITORS),
            Map.entry("GET /v1/holds", AUDITORS),
            Map.entry("GET /v1/keys/touched", AUDITORS),
            Map.entry("GET /v1/bundle", AUDITORS));
    /** Checkpoint, tiles and proofs: public, at the loopback port too. */
    private static final String LOG = "GET /v1/log/";

    private final LedgerDoor door;

    Access(LedgerDoor door) {
        this.door = door;
    }

    private static Set<Role> union(Set<Role> some, Set<Role> more) {
        return java.util.stream.Stream.concat(some.stream(), more.stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Who may ask for a route, in the order of their names. */
    static List<Role> allowed(String route) {
        return roles(route).stream().sorted().toList();
    }

    private static Set<Role> roles(String route) {
        Set<Role> roles = route.startsWith(LOG) ? EVERYBODY : TABLE.get(route);
        if (roles == null) {
            throw new IllegalStateException("nobody said who may ask for " + route);
        }
        return roles;
    }

    /** The routes of the table and their roles, sorted. */
    static Map<String, List<Role>> table() {
        return TABLE.keySet().stream()
                .collect(Collectors.toMap(route -> route, Access::allowed, (a, b) -> a, TreeMap::new));
    }

    /** Whether a user of the machine is bound to somebody in good standing. */
    @Override
    public boolean areLetIn(String user) {
        return principal(user).isPresent();
    }

    /** The route for those who may ask for it; it sees whom the caller is bound to. */
    Route guard(String name, Route route) {
        Set<Role> roles = roles(name);
        return request -> {
            Registered caller = principal(request.peer()).orElseThrow(Access::stranger);
            if (caller.roles().stream().noneMatch(roles::contains)) {
                throw forbidden(caller, roles);
            }
            return route.answer(request.by(caller.principal()));
        };
    }

    private Optional<Registered> principal(String user) {
        if (ANYBODY.contains(user)) {
            return Optional.empty();
        }
        Hash name;
        try {
            name = OutsideName.osUser(user).digest();
        } catch (FormatException e) {
            return Optional.empty();
        }
        return door.ask(state ->
                state.bearer(name).filter(bearer -> isSound(state, bearer)).flatMap(state::principal));
    }

    private static boolean isSound(Lifecycle state, String principal) {
        return !state.suspended(principal)
                && state.keys(principal).getLast().report().isEmpty();
    }

    /**
     * Refuses a group with a record that is not the caller's to hand in ({@code caller-not-signer}): an agent hands in its own records and those
     * of points, a point those of points, a person their own and, as administrator, those by which others get a key.
     */
    void requireOwn(String caller, Group group) throws ApiException {
        Registered who = door.ask(state -> state.principal(caller)).orElseThrow(Access::stranger);
        for (Submission submission : group.records()) {
            if (!mayHandIn(who, submission.record())) {
                throw foreign();
            }
        }
    }

    private static boolean mayHandIn(Registered who, SignedRecord record) {
        Header header = record.header();
        boolean writes = who.roles().stream().anyMatch(WRITERS::contains);
        if (header.stream().principal().equals(who.principal())) {
            return true;
        }
        if (writes) {
            return header.signer() == SignerType.SERVICE;
        }
        return record.kind() == Kind.KEY && who.roles().contains(Role.ADMINISTRATOR);
    }

    static ApiException foreign() {
        return new ApiException(
                403,
                "caller-not-signer",
                "whoever hands this in is not bound to the principal that signed it",
                Owner.YOU,
                "send it as the user who is bound to that principal");
    }

    @Override
    public ApiException turnedAway() {
        return stranger();
    }

    private static ApiException stranger() {
        return new ApiException(
                403,
                "peer-not-allowed",
                "nobody in good standing is bound to this user of the machine",
                Owner.OPERATOR,
                "have an administrator bind it: jurat agent bind NAME --os-user USER");
    }

    private static ApiException forbidden(Registered caller, Set<Role> roles) {
        String who = roles.isEmpty()
                ? "the node's own user, at its own door"
                : "these roles: " + roles.stream().map(Role::wire).sorted().collect(Collectors.joining(", "));
        return new ApiException(
                403,
                "role-not-allowed",
                caller.principal() + " may not ask for this, which is for " + who,
                Owner.OPERATOR,
                "who has which role: jurat agent list");
    }
}
