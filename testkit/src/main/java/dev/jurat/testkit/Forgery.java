package dev.jurat.testkit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.Closure;
import dev.jurat.proof.bundle.Derived;
import dev.jurat.proof.bundle.Records;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.TreeSize;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.SignedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A bundle in the hands of somebody who changes it and then recomputes whatever is not signed. Not thread-safe. */
public final class Forgery {
    private Scope scope;
    private SignedNote checkpoint;
    private final TreeMap<Long, byte[]> leaves;
    private final TreeMap<Long, byte[]> proofs;
    private final TreeMap<Long, byte[]> bodies;
    private final TreeMap<Hash, byte[]> artefacts;
    private byte[] manifest;
    private byte[] summary;
    private boolean recomputes = true;

    private Forgery(Bundle bundle) {
        scope = bundle.scope();
        checkpoint = bundle.checkpoint();
        leaves = new TreeMap<>(bundle.leaves());
        proofs = new TreeMap<>(bundle.proofs());
        bodies = new TreeMap<>(bundle.bodies());
        artefacts = new TreeMap<>(bundle.artefacts());
        manifest = bundle.manifest();
        summary = bundle.summary();
    }

    public static Forgery of(Bundle bundle) {
        return new Forgery(bundle);
    }

    /** Leaves manifest and summary as they are. */
    public Forgery withoutRecomputing() {
        recomputes = false;
        return this;
    }

    public long lastLeaf() {
        return leaves.lastKey();
    }

    public void dropLeaf(long index) {
        leaves.remove(index);
        proofs.remove(index);
        bodies.remove(index);
    }

    /** Leaves out what the action led to after a leaf, and then whatever the scope does not lead to any more. */
    public void dropAfter(long last) {
        try {
            records().all().stream()
                    .filter(leaf -> leaf.index() > last && leaf.kind() != Kind.CLOCK)
                    .forEach(leaf -> dropLeaf(leaf.index()));
            Records left = records();
            Set<Long> wanted = Closure.of(left, scope).included();
            left.all().stream().filter(leaf -> !wanted.contains(leaf.index())).forEach(leaf -> dropLeaf(leaf.index()));
        } catch (FormatException e) {
            throw new IllegalStateException("nothing that has this scope", e);
        }
    }

    private Records records() throws FormatException {
        TreeMap<Long, SignedRecord> records = new TreeMap<>();
        for (var leaf : leaves.entrySet()) {
            records.put(leaf.getKey(), SignedRecord.ofLeaf(leaf.getValue()));
        }
        return Records.of(records);
    }

    /** Puts a leaf, its proof and its body elsewhere. */
    public void moveLeaf(long from, long to) {
        move(leaves, from, to);
        move(proofs, from, to);
        move(bodies, from, to);
    }

    private static void move(NavigableMap<Long, byte[]> map, long from, long to) {
        byte[] bytes = map.remove(from);
        if (bytes != null) {
            map.put(to, bytes);
        }
    }

    public void swapLeaves(long a, long b) {
        moveLeaf(a, Long.MAX_VALUE);
        moveLeaf(b, a);
        moveLeaf(Long.MAX_VALUE, b);
    }

    /** Changes the facts of a record, whose signatures stay as they were. */
    public void rewriteFacts(long index, UnaryOperator<Json.Obj> change) {
        try {
            SignedRecord record = SignedRecord.ofLeaf(leaf(index));
            Json.Obj payload = CanonicalJson.readObject(record.payload());
            Json.Obj predicate = object(payload, "predicate");
            Json.Obj changed = predicate.with("facts", change.apply(object(predicate, "facts")));
            byte[] bytes = CanonicalJson.write(payload.with("predicate", changed));
            leaves.put(index, SignedRecord.of(bytes, record.signatures()).leaf());
        } catch (FormatException e) {
            throw new IllegalStateException("facts that no statement can have", e);
        }
    }

    private static Json.Obj object(Json.Obj in, String name) {
        if (in.members().get(name) instanceof Json.Obj object) {
            return object;
        }
        throw new IllegalStateException("no object " + name);
    }

    public byte[] leaf(long index) {
        return there(leaves, index);
    }

    public void leaf(long index, byte[] bytes) {
        leaves.put(index, bytes);
    }

    public byte[] proof(long index) {
        return there(proofs, index);
    }

    public void proof(long index, byte[] bytes) {
        proofs.put(index, bytes);
    }

    public void dropProof(long index) {
        proofs.remove(index);
    }

    public byte[] body(long index) {
        return there(bodies, index);
    }

    public void body(long index, byte[] bytes) {
        bodies.put(index, bytes);
    }

    private static byte[] there(NavigableMap<Long, byte[]> map, long index) {
        byte[] bytes = map.get(index);
        if (bytes == null) {
            throw new IllegalStateException("nothing at " + index);
        }
        return bytes;
    }

    public void artefact(byte[] bytes) {
        artefacts.put(Hash.of(bytes), bytes);
    }

    /** Puts other bytes under the name of an artefact. */
    public void replaceArtefact(Hash name, String text) {
        artefacts.put(name, text.getBytes(StandardCharsets.UTF_8));
    }

    public void dropArtefact(Hash name) {
        artefacts.remove(name);
    }

    public void scope(Scope other) {
        scope = other;
    }

    public void checkpoint(SignedNote other) {
        checkpoint = other;
    }

    /** States size and root of the leaves as they are now, under the old signature. */
    public void restateCheckpoint() {
        checkpoint = new SignedNote(stated().text(), checkpoint.signatures());
    }

    /** States size and root of the leaves as they are now, under a key of the forger's. */
    public void signCheckpoint(SigningKey key) {
        checkpoint = NoteSigner.log(stated().origin(), key).note(stated().text());
    }

    private Checkpoint stated() {
        List<Hash> hashes = new ArrayList<>();
        leaves.values().forEach(leaf -> hashes.add(Rfc6962.leafHash(leaf)));
        return new Checkpoint(World.ORIGIN, new TreeSize(hashes.size()), Rfc6962.root(hashes));
    }

    public String manifest() {
        return new String(manifest, StandardCharsets.UTF_8);
    }

    public void manifest(String text) {
        manifest = text.getBytes(StandardCharsets.UTF_8);
    }

    public String summary() {
        return new String(summary, StandardCharsets.UTF_8);
    }

    public void summary(String text) {
        summary = text.getBytes(StandardCharsets.UTF_8);
    }

    /** The forged bundle. */
    public byte[] bytes() {
        Bundle forged = new Bundle(scope, checkpoint, leaves, proofs, bodies, artefacts, manifest, summary);
        if (!recomputes) {
            return forged.bytes();
        }
        try {
            return Derived.complete(forged, records()).bytes();
        } catch (FormatException e) {
            return withoutSummary(forged);
        }
    }

    /** Where no summary follows from what is left, the old one stays. */
    private byte[] withoutSummary(Bundle forged) {
        try {
            byte[] stated = Derived.manifest(forged);
            return new Bundle(scope, checkpoint, leaves, proofs, bodies, artefacts, stated, summary).bytes();
        } catch (FormatException e) {
            return forged.bytes();
        }
    }
}
