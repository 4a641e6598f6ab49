package dev.jurat.ledger;

import dev.jurat.ledger.store.Artefacts;
import dev.jurat.proof.contract.Grant;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.lifecycle.Candidate;
import dev.jurat.proof.lifecycle.PublishedArtefact;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.RegistryFacts.Publication;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.UseProof;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What the submitting threads do before the sequencer sees a group: bounds, artefacts that known signers name made durable, rule 5 over the bodies, and signatures
 * checked in parallel. Thread-safe.
 */
final class Intake {
    private final LedgerConfig config;
    private final Artefacts artefacts;
    private final SignatureChecker checker;
    private final Keyring keyring;

    private final Function<Stream, List<VerifyKey>> keys;
    private final Leaves leaves;

    /** The durable records of the log. */
    @FunctionalInterface
    interface Leaves {
        Optional<SignedRecord> at(long index) throws IOException;
    }

    /**
     * @param keys the keys that the ledger knows for a stream: its session's and its principal's
     */
    Intake(
            LedgerConfig config,
            Artefacts artefacts,
            SignatureChecker checker,
            Keyring keyring,
            Function<Stream, List<VerifyKey>> keys,
            Leaves leaves) {
        this.config = config;
        this.artefacts = artefacts;
        this.checker = checker;
        this.keyring = keyring;
        this.keys = keys;
        this.leaves = leaves;
    }

    /** What is beyond a bound, if anything is. */
    Optional<GroupAnswer.PushedBack> beyondBounds(Group group) {
        if (group.records().isEmpty() || group.records().size() > config.groupRecordsMax()) {
            return pushed("group-size", "a group has 1 to " + config.groupRecordsMax() + " records");
        }
        if (group.records().stream()
                .anyMatch(s -> s.body().filter(this::tooLarge).isPresent())) {
            return pushed("body-large", "a body has at most " + config.bodyBytesMax() + " bytes");
        }
        if (group.artefacts().stream().anyMatch(a -> a.length > config.artefactBytesMax())) {
            return pushed("artefact-large", "an artefact has at most " + config.artefactBytesMax() + " bytes");
        }
        return group.bytes() > config.queueBytesMax()
                ? pushed("group-large", "a group has at most " + config.queueBytesMax() + " bytes")
                : Optional.empty();
    }

    private boolean tooLarge(byte[] body) {
        return body.length > config.bodyBytesMax();
    }

    private static Optional<GroupAnswer.PushedBack> pushed(String code, String message) {
        return Optional.of(new GroupAnswer.PushedBack(code, Optional.empty(), message));
    }

    /** Keeps the artefacts and checks what can be checked without the log's state. */
    Pending prepare(Group group) throws IOException {
        keep(group);
        List<Checked> candidates = new ArrayList<>();
        List<CheckedSignatures.Good> good = new ArrayList<>();
        for (Submission submission : group.records()) {
            candidates.add(check(submission));
            check(submission.record(), good);
        }
        return new Pending(
                group.records(), List.copyOf(candidates), List.copyOf(good), group.bytes(), new CompletableFuture<>());
    }

    /** Keeps the artefacts that the group's records name, if somebody whom the ledger knows signed one of them: strangers fill no disk. */
    private void keep(Group group) throws IOException {
        if (group.artefacts().isEmpty() || group.records().stream().noneMatch(s -> isKnown(s.record()))) {
            return;
        }
        Set<Hash> named = new HashSet<>();
        group.records().forEach(s -> named.addAll(named(s.record().statement())));
        for (byte[] artefact : group.artefacts()) {
            if (named.contains(Hash.of(artefact))) {
                artefacts.put(artefact);
            }
        }
    }

    private boolean isKnown(SignedRecord record) {
        byte[] message = record.preAuthentication();
        return keys.apply(record.header().stream()).stream()
                .anyMatch(key ->
                        record.signatures().stream().anyMatch(signature -> checker.verifies(key, message, signature)));
    }

    private static List<Hash> named(Statement statement) {
        return switch (statement.facts()) {
            case RegistryFacts.Policy policy -> List.of(policy.artefact());
            case RegistryFacts.Profile profile -> List.of(profile.artefact());
            case RegistryFacts.Session session ->
                java.util.stream.Stream.of(session.model(), session.prompt(), session.tools())
                        .flatMap(Optional::stream)
                        .toList();
            case ExecutionFacts.Observation observation -> List.of(observation.matter());
            case AuthorityFacts.Context context ->
                java.util.stream.Stream.of(context.definition(), context.profile())
                        .flatMap(Optional::stream)
                        .toList();
            default -> List.of();
        };
    }

    // ---- signatures

    private void check(SignedRecord record, List<CheckedSignatures.Good> good) {
        Optional<VerifyKey> key = keyring.stream(record.header().stream());
        if (key.isPresent() && record.signatures().size() == 1) {
            check(key.get(), record.preAuthentication(), record.signatures().getFirst(), good);
        }
        if (record.statement().facts() instanceof ExecutionFacts.Use use) {
            checkProof(record, use, good);
        }
    }

    private void checkProof(SignedRecord record, ExecutionFacts.Use use, List<CheckedSignatures.Good> good) {
        Optional<Keyring.Bound> bound =
                keyring.identity(record.header().references().one("identity"));
        if (bound.isPresent()) {
            byte[] message = UseProof.message(
                    bound.get().eid(), use.call(), record.header().stream().principal(), use.nonce());
            check(bound.get().key(), message, Base64.getDecoder().decode(use.proof()), good);
        }
    }

    private void check(VerifyKey key, byte[] message, byte[] signature, List<CheckedSignatures.Good> good) {
        if (checker.verifies(key, message, signature)) {
            good.add(new CheckedSignatures.Good(key, message, signature));
        }
    }

    // ---- bodies and artefacts

    /**
     * A record with what was found of its body.
     *
     * @param grantKnown whether the grant that a use is under was known when its body was checked
     */
    record Checked(Candidate candidate, Optional<byte[]> body, boolean grantKnown) {
        /** The same, held against a grant that is known by now. */
        Candidate against(Function<RecordId, Optional<Grant>> grantOf) {
            Optional<Rule> fault = dev.jurat.proof.lifecycle.Intake.bodyFault(candidate.record(), body, grantOf);
            return new Candidate(candidate.record(), candidate.bodyFault().or(() -> fault));
        }
    }

    private Checked check(Submission submission) throws IOException {
        SignedRecord record = submission.record();
        Optional<Rule> fault = dev.jurat.proof.lifecycle.Intake.bodyFault(record, submission.body(), this::grant);
        if (fault.isEmpty()) {
            fault = artefactFault(record.statement());
        }
        if (fault.isEmpty() && record.statement().facts() instanceof CustodyFacts.Erasure erasure) {
            fault = erasureFault(erasure);
        }
        return new Checked(new Candidate(record, fault), submission.body(), grantKnown(record));
    }

    /** An erasure names records that have a body, where they are: {@code docs/spec/lifecycle.md} §6.12. */
    private Optional<Rule> erasureFault(CustodyFacts.Erasure erasure) throws IOException {
        for (CustodyFacts.Erased erased : erasure.records()) {
            boolean there = leaves.at(erased.leaf())
                    .filter(record -> record.id().equals(erased.id())
                            && record.header().stream().equals(erasure.stream())
                            && record.kind().hasBody())
                    .isPresent();
            if (!there) {
                return Optional.of(Rule.TARGET_UNKNOWN);
            }
        }
        return Optional.empty();
    }

    private boolean grantKnown(SignedRecord record) {
        return !(record.statement().facts() instanceof ExecutionFacts.Use)
                || grant(record.header().references().one("identity")).isPresent();
    }

    private Optional<Grant> grant(RecordId identity) {
        return keyring.identity(identity).map(Keyring.Bound::grant);
    }

    private Optional<Rule> artefactFault(Statement statement) throws IOException {
        Optional<Hash> wanted = switch (statement.facts()) {
            case RegistryFacts.Policy policy
            when policy.publication() != Publication.WITHDRAWN -> Optional.of(policy.artefact());
            case RegistryFacts.Profile profile
            when profile.publication() != Publication.WITHDRAWN -> Optional.of(profile.artefact());
            default -> Optional.empty();
        };
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        Optional<byte[]> there = artefacts.read(wanted.get());
        return there.isEmpty()
                ? Optional.of(Rule.ARTEFACT_MISSING)
                : PublishedArtefact.fault(statement.facts(), there.get());
    }
}
