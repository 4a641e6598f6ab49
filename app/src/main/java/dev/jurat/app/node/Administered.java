package dev.jurat.app.node;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.OperationFacts;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SuccessionFacts;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The records by which a person's key gave or took authority, exported or set up: those that it signed first, and those that it signed behind another key. */
final class Administered {
    private static final Set<Kind> FIRST = Set.of(
            Kind.POLICY,
            Kind.PROFILE,
            Kind.REVOCATION,
            Kind.COMPROMISE,
            Kind.ERASURE,
            Kind.HOLD,
            Kind.EXPORT,
            Kind.CONFIGURATION);

    private final String principal;
    private final String text;
    private final VerifyKey key;

    Administered(String principal, String key) throws FormatException {
        this.principal = principal;
        this.text = key;
        this.key = VerifyKey.parse(key);
    }

    /** Whether a record is one; what brings the principal a key of its own is none. */
    boolean has(SignedRecord record, boolean own) {
        Facts facts = record.statement().facts();
        boolean first = own
                && (FIRST.contains(record.kind())
                        || facts instanceof PrincipalFacts
                        || (facts instanceof RegistryFacts.Key about
                                && !about.principal().equals(principal)));
        return first || cosigned(record, SuccessionFacts.cosigners(facts));
    }

    private boolean cosigned(SignedRecord record, List<String> cosigners) {
        int at = cosigners.indexOf(principal);
        if (at < 0) {
            return false;
        }
        // The principal may have signed with the key before this one, or the one after it.
        int signature = record.signatures().size() - cosigners.size() + at;
        return key.verifies(record.preAuthentication(), record.signatures().get(signature));
    }

    /** One of them, with what it does to whom. */
    Json.Obj shown(SignedRecord record, long leaf) {
        return JsonBuilder.object()
                .put("does", does(record.statement().facts()))
                .put("ends", ends(record).map(Json.Str::new))
                .put("id", record.id().hex())
                .put("kind", record.kind().wire())
                .put("leaf", leaf)
                .build();
    }

    private String does(Facts facts) {
        return switch (facts) {
            case RegistryFacts.Key about -> about.action().wire() + " " + about.principal();
            case SuccessionFacts.Recovery recovery -> SuccessionFacts.RECOVER + " " + recovery.principal();
            case SuccessionFacts.Compromise report -> "report " + report.principal();
            case RegistryFacts.Policy policy -> policy.publication().wire() + " " + policy.name();
            case RegistryFacts.Profile profile -> profile.publication().wire() + " " + profile.name();
            case RegistryFacts.Revocation revocation ->
                "revoke " + revocation.target().wire();
            case PrincipalFacts said -> Summary.of(said);
            case OperationFacts operation -> Summary.of(operation);
            case CustodyFacts.Erasure erasure -> "erase " + erasure.records().size();
            case CustodyFacts.Place ignored -> "place";
            case CustodyFacts.Lift ignored -> "lift";
            default ->
                throw new IllegalStateException("a record of another kind than those that " + text + " has here");
        };
    }

    /** The command that takes back what was given; what took something away, or tells of somebody, has none. */
    private static Optional<String> ends(SignedRecord record) {
        return switch (record.statement().facts()) {
            case RegistryFacts.Key about
            when about.action() != RegistryFacts.KeyAction.SUSPEND -> Optional.of(suspend(about.principal()));
            case SuccessionFacts.Recovery recovery -> Optional.of(suspend(recovery.principal()));
            case PrincipalFacts.Binding binding
            when binding.bound() -> Optional.of("jurat agent unbind " + binding.principal());
            case RegistryFacts.Policy policy
            when policy.publication() != RegistryFacts.Publication.WITHDRAWN ->
                Optional.of("jurat revoke " + record.id().hex());
            case RegistryFacts.Profile profile
            when profile.publication() != RegistryFacts.Publication.WITHDRAWN ->
                Optional.of("jurat profile withdraw " + profile.artefact().hex());
            case CustodyFacts.Place ignored ->
                Optional.of("jurat log hold --lift " + record.id().hex());
            default -> Optional.empty();
        };
    }

    private static String suspend(String principal) {
        return "jurat agent suspend " + principal;
    }
}
