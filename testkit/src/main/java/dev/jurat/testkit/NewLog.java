package dev.jurat.testkit;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.OldLog;
import dev.jurat.proof.bundle.Bundle;
import dev.jurat.proof.bundle.BundleWriter;
import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.SoftwareKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.MerkleTree;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.predecessor.Citation;
import dev.jurat.proof.predecessor.Reason;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.verify.TrustPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A log of one leaf, its genesis, that says whose place it takes; what it says need not be so. */
public final class NewLog {
    private final TestLog log = new TestLog();
    private final String origin;
    private final SoftwareKey checkpointKey;

    /** Somebody whom the genesis names, with the key that signs it if they are an administrator. */
    public record Person(Registered registered, SigningKey key) {
        /** Of a world, by name, with the roles that they have there. */
        public static Person of(String name, Role... roles) {
            SigningKey key = World.key(name);
            return new Person(
                    new Registered(
                            World.principal(name, SignerType.HUMAN),
                            SignerType.HUMAN,
                            List.of(roles),
                            key.verifyKey().text()),
                    key);
        }

        /** The same with another key, by its name. */
        public Person with(String key) {
            SigningKey other = World.key(key);
            return new Person(
                    new Registered(
                            registered.principal(),
                            registered.type(),
                            registered.roles(),
                            other.verifyKey().text()),
                    other);
        }
    }

    /**
     * Makes it.
     *
     * @param name whose keys are its services', and which its origin begins with
     */
    public NewLog(String name, Citation citation, Person... people) {
        this(name + ".example", name, citation, people);
    }

    /** The same with an origin of its own. */
    public NewLog(String origin, String name, Citation citation, Person... people) {
        this.origin = origin;
        this.checkpointKey = World.key(name.equals("old") ? "checkpoint" : name + " checkpoint");
        Hash cited = log.artefact(citation.bytes());
        List<Registered> principals = new ArrayList<>();
        List<SigningKey> signers = new ArrayList<>(List.of(World.key(name + " ledger")));
        principals.add(service(name, "ledger", Role.LEDGER));
        principals.add(service(name, "governor", Role.GOVERNOR));
        principals.add(service(name, "broker", Role.BROKER));
        List.of(people).stream()
                .sorted(Comparator.comparing(p -> p.registered().principal()))
                .forEach(person -> {
                    principals.add(person.registered());
                    if (person.registered().roles().contains(Role.ADMINISTRATOR)) {
                        signers.add(person.key());
                    }
                });
        principals.sort(Comparator.comparing(Registered::principal));
        LedgerFacts.Genesis facts = new LedgerFacts.Genesis(
                LedgerFacts.Genesis.SPEC,
                1,
                origin,
                List.of(Suite.ED25519_2026.text()),
                checkpointKey.verifyKey().text(),
                principals,
                List.of(cited),
                List.of(),
                Optional.of(cited));
        Header header = new Header(
                Kind.GENESIS,
                Stream.LEDGER,
                SignerType.SERVICE,
                0,
                RecordId.NONE,
                RecordId.NONE,
                References.NONE,
                Suite.ED25519_2026);
        log.append(new Matter(
                SignedRecord.sign(new Statement(header, facts, Hash.ZERO), signers.toArray(SigningKey[]::new)),
                Optional.empty()));
    }

    private static Registered service(String name, String what, Role role) {
        String principal = what.equals("ledger")
                ? Stream.LEDGER.principal()
                : World.principal(name + " " + what, SignerType.SERVICE);
        return new Registered(
                principal,
                SignerType.SERVICE,
                List.of(role),
                World.key(name + " " + what).verifyKey().text());
    }

    /** What a sound successor of a world cites, as far as this checkpoint. */
    public static Citation cite(World world, SignedNote note) {
        return cite(new WorldSource(world.log(), note), note);
    }

    /** What a sound successor of a log cites. */
    public static Citation cite(WorldSource source, SignedNote note) {
        try {
            return OldLog.read(
                            source,
                            note,
                            Optional.empty(),
                            SignatureChecker.standard(),
                            RandomSource.secure(),
                            (read, size) -> {})
                    .cite(Reason.KEY_STOLEN);
        } catch (FormatException | IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    public SignedRecord genesis() {
        return log.leaves().getFirst();
    }

    public NoteVerifier logKey() {
        return NoteVerifier.log(origin, checkpointKey.verifyKey());
    }

    public SignedNote checkpoint() {
        MerkleTree tree = log.tree();
        return NoteSigner.log(origin, checkpointKey).note(new Checkpoint(origin, tree.size(), tree.root()).text());
    }

    /** The log as an audit reads it. */
    public WorldSource source() {
        return new WorldSource(log, checkpoint());
    }

    /** The trust policy of a reader who knows this log, and no witness. */
    public TrustPolicy trust() {
        return new TrustPolicy(logKey(), Optional.of(genesis().id()), Optional.empty());
    }

    /** All of it. */
    public Bundle bundle() {
        return bundle(checkpoint());
    }

    /** All of it under a checkpoint of its key. */
    public Bundle bundle(SignedNote note) {
        TreeMap<Long, SignedRecord> leaves = new TreeMap<>();
        leaves.put(0L, genesis());
        MerkleTree tree = log.tree();
        try {
            return new BundleWriter(
                            leaves,
                            VerifiedCheckpoint.open(note, logKey()),
                            index -> InclusionProof.make(tree, index, tree.size()),
                            index -> Optional.empty(),
                            digest -> Optional.ofNullable(log.artefacts().get(digest)))
                    .write(new Scope.All());
        } catch (FormatException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
