package dev.jurat.testkit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.lifecycle.Candidate;
import dev.jurat.proof.lifecycle.Intake;
import dev.jurat.proof.lifecycle.Judgement;
import dev.jurat.proof.lifecycle.Lifecycle;
import dev.jurat.proof.lifecycle.Rule;
import dev.jurat.proof.log.MerkleTree;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A log in memory: leaves in order, bodies, artefacts, and the lifecycle over them. Judges when asked, or takes what it is given. */
public final class TestLog {
    private final List<SignedRecord> leaves = new ArrayList<>();
    private final Map<RecordId, Body> bodies = new LinkedHashMap<>();
    private final Map<Hash, byte[]> artefacts = new LinkedHashMap<>();
    private final SignatureChecker checker = SignatureChecker.standard();
    private Optional<Lifecycle> current = Optional.empty();
    /** How many leaves {@link #current} has read. */
    private int read;
    /** Whether it has judged what is no leaf. */
    private boolean astray;

    /** The records in log order; a live view. */
    public List<SignedRecord> leaves() {
        return Collections.unmodifiableList(leaves);
    }

    /** Bodies by record. */
    public Map<RecordId, Body> bodies() {
        return Collections.unmodifiableMap(bodies);
    }

    /** Artefacts by digest. */
    public Map<Hash, byte[]> artefacts() {
        return Collections.unmodifiableMap(artefacts);
    }

    public RecordId genesisId() {
        return leaves.isEmpty() ? RecordId.NONE : leaves.getFirst().id();
    }

    /** The newest clock leaf, or genesis. */
    public RecordId clockId() {
        return lifecycle().clockId();
    }

    /** The lifecycle over all leaves so far, as a later reader has it who judges leaf by leaf. */
    public Lifecycle lifecycle() {
        if (current.isEmpty()) {
            current = Optional.of(new Lifecycle(checker));
            read = 0;
        }
        read(current.get(), read);
        read = leaves.size();
        return current.get();
    }

    private void read(Lifecycle lifecycle, int from) {
        try {
            for (int index = from; index < leaves.size(); index++) {
                SignedRecord leaf = leaves.get(index);
                if (index == 0) {
                    lifecycle.begin(leaf);
                } else if (lifecycle.judge(Candidate.of(leaf)) instanceof Judgement.Admitted admitted) {
                    lifecycle.placed(leaf, index, admitted.flags());
                }
            }
        } catch (FormatException e) {
            throw new IllegalStateException("leaf 0 does not begin a log: " + e.getMessage(), e);
        }
    }

    /** What the lifecycle would say of a group now; nothing changes. */
    public List<Judgement> judge(Matter... group) {
        Lifecycle lifecycle = new Lifecycle(checker);
        read(lifecycle, 0);
        return lifecycle.judge(candidates(group));
    }

    /** Enters a group of which every record must be admitted. */
    public void admit(Matter... group) {
        List<Judgement> judgements = lifecycle().judge(candidates(group));
        for (int i = 0; i < group.length; i++) {
            if (!(judgements.get(i) instanceof Judgement.Admitted)) {
                astray = true;
                throw new IllegalStateException(group[i].record() + " is not admitted: " + judgements);
            }
        }
        for (int i = 0; i < group.length; i++) {
            keepAdmitted(group[i], judgements.get(i));
        }
    }

    /** Puts a record into the log whatever the lifecycle says of it. */
    public void append(Matter matter) {
        if (astray) {
            current = Optional.empty();
            astray = false;
        }
        keep(matter);
    }

    /** Judges a group as a ledger does and keeps what is admitted; the caller writes the {@code refused} record. */
    List<Judgement> take(Matter... group) {
        return take((judgements, i) -> {}, group);
    }

    /** The same, and has something written before each record that is admitted. */
    List<Judgement> take(BiConsumer<List<Judgement>, Integer> beforeAdmitted, Matter... group) {
        List<Judgement> judgements = lifecycle().judge(candidates(group));
        for (int i = 0; i < group.length; i++) {
            if (judgements.get(i) instanceof Judgement.Admitted) {
                beforeAdmitted.accept(judgements, i);
            }
            keepAdmitted(group[i], judgements.get(i));
        }
        return judgements;
    }

    private void keepAdmitted(Matter matter, Judgement judgement) {
        if (judgement instanceof Judgement.Admitted admitted) {
            lifecycle().placed(matter.record(), leaves.size(), admitted.flags());
            keep(matter);
            read = leaves.size();
        } else {
            astray = true;
        }
    }

    private void keep(Matter matter) {
        leaves.add(matter.record());
        matter.body().ifPresent(body -> bodies.put(matter.id(), body));
    }

    /** Candidates with what intake finds of their bodies. */
    private List<Candidate> candidates(Matter... group) {
        List<Candidate> candidates = new ArrayList<>();
        for (Matter matter : group) {
            Optional<Rule> fault = Intake.bodyFault(
                    matter.record(),
                    matter.body().map(Body::bytes),
                    id -> lifecycle().identity(id).map(i -> i.facts().grant()));
            candidates.add(new Candidate(matter.record(), fault));
        }
        return candidates;
    }

    /** The tree over the leaves so far. */
    public MerkleTree tree() {
        MerkleTree tree = MerkleTree.of(List.of());
        leaves.forEach(leaf -> tree.append(Rfc6962.leafHash(leaf.leaf())));
        return tree;
    }

    /** Keeps an artefact and returns its digest. */
    public Hash artefact(byte[] bytes) {
        Hash digest = Hash.of(bytes);
        artefacts.put(digest, bytes.clone());
        return digest;
    }

    /** Erases the body of one record. */
    public void erase(RecordId id) {
        bodies.remove(id);
    }

    /** Erases every body. */
    public void eraseBodies() {
        bodies.clear();
    }
}
