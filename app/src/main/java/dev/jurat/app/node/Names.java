package dev.jurat.app.node;

import dev.jurat.governance.LedgerDoor;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The names that principals gave themselves, from the bodies of their {@code key} records; gone where a body was erased. Thread-safe. */
final class Names {
    private final LedgerDoor ledger;
    private final Map<String, String> names = new ConcurrentHashMap<>();
    /** By the record whose body has the name. */
    private final Map<RecordId, String> told = new ConcurrentHashMap<>();

    Names(LedgerDoor ledger) {
        this.ledger = ledger;
    }

    /** Takes a record that was admitted: those of the log first, in its order. */
    void add(SignedRecord record) {
        if (record.statement().facts() instanceof CustodyFacts.Erasure erasure) {
            erasure.records().forEach(erased -> forget(erased.id()));
        }
        if (record.statement().facts() instanceof RegistryFacts.Key key
                && key.action() == RegistryFacts.KeyAction.ENROLL) {
            ledger.body(record.id()).flatMap(Names::read).ifPresent(name -> {
                names.put(key.principal(), name);
                told.put(record.id(), key.principal());
            });
        }
    }

    private void forget(RecordId id) {
        String principal = told.remove(id);
        if (principal != null) {
            names.remove(principal);
        }
    }

    Optional<String> of(String principal) {
        return Optional.ofNullable(names.get(principal));
    }

    /** The name of a principal, if no other has the same. */
    Optional<String> only(String principal) {
        return of(principal).filter(name -> bearers(name).equals(Set.of(principal)));
    }

    /** The principals that call themselves so. */
    Set<String> bearers(String name) {
        return names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<String> read(Body body) {
        try {
            return Optional.of(RegistryDetails.Key.read(body).name());
        } catch (FormatException e) {
            return Optional.empty();
        }
    }
}
