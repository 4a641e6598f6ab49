package dev.jurat.testkit.vectors;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.MerkleTree;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.state.Standing;
import dev.jurat.proof.state.StateChunk;
import dev.jurat.proof.state.StateProof;
import dev.jurat.proof.state.StateTree;
import dev.jurat.proof.state.Subject;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.testkit.Execution;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.World;
import dev.jurat.testkit.WorldState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The cases of {@code vectors/state/v1}: state proofs, and what a reader must say of each. */
final class StateCases {
    /**
     * A file, and what must be said of it.
     *
     * @param reasons of an accepted one: why its subject is not in force
     */
    record Case(
            String name,
            String what,
            byte[] proof,
            Optional<TrustPolicy> trust,
            List<String> codes,
            List<String> reasons) {}

    /** A log, and so what it has come to. */
    record Log(String name, String what, List<SignedRecord> leaves) {}

    /** Logs with a standing of each kind. */
    static List<Log> logs() {
        World w = World.claimed();
        w.holds(w.administrator(), w.policy()).admit();
        Execution approved = w.execution().anySession().ranged(3, 60_000).ask(1);
        approved.approval(w.approver()).admit();
        w.admit(
                approved.decisionAfterApproval().sign(),
                approved.contract().sign(),
                approved.identity().sign());
        approved.use().admit();
        Execution unknown = w.execution().authorise();
        unknown.use().admit();
        unknown.outcome(ExecutionFacts.Result.UNKNOWN).admit();
        Execution done = w.execution().run();
        done.outcome(ExecutionFacts.Result.TOOL_ERROR).admit();
        w.revokes(w.approver(), RegistryFacts.Target.CONTRACT, unknown.id(Kind.CONTRACT))
                .admit();
        return List.of(
                new Log(
                        "genesis",
                        "a log of its genesis alone",
                        List.copyOf(World.claimed().log().leaves().subList(0, 1))),
                new Log(
                        "p256",
                        "agents, points and people have P-256 keys",
                        World.onP256().log().leaves()),
                new Log(
                        "unclaimed",
                        "agent and point enrolled themselves",
                        World.unclaimed().log().leaves()),
                new Log(
                        "standings",
                        "a use that waits, one that is unknown, an outcome that came twice, a hold",
                        w.log().leaves()));
    }

    private final List<Case> cases = new ArrayList<>();

    private StateCases() {}

    static List<Case> all() {
        StateCases all = new StateCases();
        all.standing();
        all.ended();
        all.trusted();
        all.forms();
        all.changed();
        all.leftOut();
        all.exchanged();
        all.ledgersLies();
        return List.copyOf(all.cases);
    }

    // ---- a log and what is asked of it

    /** Two sessions of one agent, one of them over; a contract for five uses, one of them spent; and another contract. */
    static final class Story {
        final World world;
        final Execution ranged;
        final Execution other;
        final Party second;

        Story() {
            this(World.claimed());
        }

        Story(World start) {
            world = start;
            ranged = world.execution().ranged(5, 3_000_000).anySession().run();
            second = world.session("agent", "agent-2").admitAndJoin();
            other = world.execution().run();
            world.tick(1_000);
        }

        /** Has the state stated up to here, with everything in it so far. */
        Story stated() {
            world.state().admit();
            world.tick(1_000);
            world.state().admit();
            return this;
        }

        Subject.OfContract contract() {
            return new Subject.OfContract(ranged.id(Kind.CONTRACT));
        }

        Subject.OfIdentity identity() {
            return new Subject.OfIdentity(ranged.id(Kind.IDENTITY));
        }

        Subject.OfPrincipal agent() {
            return new Subject.OfPrincipal(world.agent().principal());
        }

        byte[] proof(Subject subject) {
            return make(WorldState.of(world), subject);
        }

        StateForgery forged(Subject subject) {
            return StateForgery.of(proof(subject));
        }

        long indexOf(Kind kind) {
            return world.indexOf(ranged.id(kind));
        }
    }

    private static byte[] make(WorldState source, Subject subject) {
        try {
            return StateProof.make(source, subject);
        } catch (FormatException e) {
            throw new IllegalStateException(e.code() + ": " + e.getMessage(), e);
        }
    }

    private void accept(String name, String what, Story story, Subject subject, String... reasons) {
        cases.add(new Case(
                "accept-" + name,
                what,
                story.proof(subject),
                Optional.of(story.world.trust()),
                List.of(),
                List.of(reasons)));
    }

    private void refuse(String name, String what, World world, byte[] proof, String code) {
        refuse(name, what, Optional.of(world.trust()), proof, code);
    }

    private void refuse(String name, String what, Optional<TrustPolicy> trust, byte[] proof, String code) {
        cases.add(new Case(name, what, proof, trust, List.of(code), List.of()));
    }

    // ---- what holds

    private void standing() {
        Story s = new Story().stated();
        World w = s.world;
        accept("stream", "the head of an agent's session", s, new Subject.OfStream(w.agent().stream()));
        accept("stream-of-a-person", "the head of a person's stream", s, new Subject.OfStream(w.approver().stream()));
        accept(
                "stream-of-the-ledger",
                "the head of the ledger's own stream",
                s,
                new Subject.OfStream(w.ledger().stream()));
        accept("principal", "an agent with both of its sessions", s, s.agent());
        accept(
                "principal-without-sessions",
                "a person",
                s,
                new Subject.OfPrincipal(w.approver().principal()));
        accept("contract", "a contract of which one use of five is spent", s, s.contract());
        accept("identity", "an identity that may be used", s, s.identity());
        accept("key-of-a-session", "a session's key", s, key("session/agent-1"));
        accept("key-of-an-agent", "the key that an agent opens sessions with", s, key("agent"));
        accept("key-of-a-person", "the key that a person signs with", s, key("approver"));
        accept("key-of-a-service", "a key that genesis names, of a service", s, key("governor"));
        accept("key-of-checkpoints", "the key that signs checkpoints", s, key("checkpoint"));
        accept("policy", "a policy that holds", s, new Subject.OfPolicy(w.policy()));
        manyChunks();
        unclaimed();
        onP256();
    }

    private void onP256() {
        Story s = new Story(World.onP256()).stated();
        World w = s.world;
        accept("p256-key-of-an-agent", "the P-256 key that an agent opens sessions with", s, keyOf(w, "agent"));
        accept("p256-key-of-a-person", "the P-256 key that a person signs with", s, keyOf(w, "approver"));
        accept("p256-stream-of-a-person", "a person's stream", s, new Subject.OfStream(w.approver().stream()));
        accept("p256-principal", "an agent with a P-256 key", s, s.agent());
    }

    private static Subject keyOf(World w, String name) {
        return new Subject.OfKey(w.registeredKey(name).verifyKey().text());
    }

    private static Subject key(String name) {
        return new Subject.OfKey(World.key(name).verifyKey().text());
    }

    /** The subject, genesis and the newest leaves are in different chunks of three. */
    private void manyChunks() {
        Story s = new Story();
        for (int i = 0; i < 600; i++) {
            s.world.tick(1_000);
        }
        s.stated();
        accept("of-three-chunks", "a contract in a log of three chunks", s, s.contract());
    }

    private void unclaimed() {
        World w = World.unclaimed();
        w.state().admit();
        w.state().admit();
        byte[] proof = make(WorldState.of(w), new Subject.OfPrincipal(w.agent().principal()));
        cases.add(new Case(
                "accept-self-enrolled",
                "an agent that is there on its own word only",
                proof,
                Optional.of(w.trust()),
                List.of(),
                List.of()));
    }

    // ---- what has ended

    private void ended() {
        Story revoked = new Story();
        World w = revoked.world;
        w.revokes(w.approver(), RegistryFacts.Target.CONTRACT, revoked.ranged.id(Kind.CONTRACT))
                .admit();
        revoked.stated();
        accept("contract-revoked", "a contract that was revoked", revoked, revoked.contract(), "contract-revoked");
        accept(
                "identity-of-revoked",
                "an identity whose contract was revoked",
                revoked,
                revoked.identity(),
                "contract-revoked");
        accept(
                "contract-spent",
                "a contract for one use, which is spent",
                revoked,
                new Subject.OfContract(revoked.other.id(Kind.CONTRACT)),
                "contract-spent");

        Story byPolicy = new Story();
        World p = byPolicy.world;
        p.revokes(p.administrator(), RegistryFacts.Target.POLICY, p.policy()).admit();
        byPolicy.stated();
        accept(
                "policy-revoked",
                "a policy that was revoked",
                byPolicy,
                new Subject.OfPolicy(p.policy()),
                "policy-revoked",
                "policy-withdrawn");
        accept("contract-of-revoked-policy", "a contract under it", byPolicy, byPolicy.contract(), "policy-revoked");

        Story identity = new Story();
        World i = identity.world;
        i.revokes(i.approver(), RegistryFacts.Target.IDENTITY, identity.ranged.id(Kind.IDENTITY))
                .admit();
        identity.stated();
        accept("identity-revoked", "an identity that was revoked", identity, identity.identity(), "identity-revoked");

        Story session = new Story();
        World t = session.world;
        t.revokes(t.approver(), t.agent()).admit();
        session.stated();
        accept(
                "session-revoked",
                "a session that was revoked",
                session,
                new Subject.OfStream(t.agent().stream()),
                "session-suspended");
        accept("key-of-revoked-session", "its key", session, key("session/agent-1"), "session-suspended");
        accept("identity-of-revoked-session", "an identity for it", session, session.identity(), "session-suspended");

        Story suspended = new Story();
        World u = suspended.world;
        u.changes(u.administrator(), "agent", SignerType.AGENT, RegistryFacts.KeyAction.SUSPEND, Role.AGENT)
                .admit();
        suspended.stated();
        accept(
                "principal-suspended",
                "an agent that is suspended",
                suspended,
                suspended.agent(),
                "principal-suspended");
        accept("key-of-suspended", "its key", suspended, key("agent"), "principal-suspended");

        Story ended = new Story();
        ended.world.sessionEnd(ended.second).admit();
        ended.world.tick(4_000_000);
        ended.stated();
        accept(
                "session-ended",
                "a session that has ended, and is over",
                ended,
                new Subject.OfStream(ended.second.stream()),
                "session-expired",
                "session-ended");
        accept("contract-expired", "a contract whose window is over", ended, ended.contract(), "contract-expired");
    }

    // ---- whose log it is

    private void trusted() {
        Story s = new Story().stated();
        World w = s.world;
        byte[] proof = s.proof(s.contract());
        refuse("unanchored", "a reader without a trust policy", Optional.empty(), proof, "unanchored");
        NoteVerifier other = NoteVerifier.log(World.ORIGIN, World.key("another").verifyKey());
        refuse(
                "another-log",
                "a reader who believes another key",
                Optional.of(new TrustPolicy(other, Optional.empty(), Optional.empty())),
                proof,
                "trust-log");
        refuse(
                "another-genesis",
                "a reader who knows another genesis",
                Optional.of(new TrustPolicy(w.logKey(), Optional.of(w.policy()), Optional.empty())),
                proof,
                "trust-genesis");
        SignedNote note = w.checkpoint();
        refuse(
                "checkpoint-by-another",
                "a checkpoint that another key signed",
                w,
                s.forged(s.contract())
                        .checkpoint(NoteSigner.log(World.ORIGIN, World.key("another"))
                                .note(note.text()))
                        .bytes(),
                "note-signature-missing");
        refuse(
                "checkpoint-of-another-origin",
                "a checkpoint that the key signed under another name",
                w,
                s.forged(s.contract())
                        .checkpoint(NoteSigner.log("other.example", w.checkpointKey())
                                .note(note.text()))
                        .bytes(),
                "note-signature-missing");
        witnessed(s, note);
        forgedTree(s);
    }

    private void witnessed(Story s, SignedNote note) {
        NoteSigner witness = NoteSigner.cosigner("witness.example", World.key("witness"));
        TrustPolicy asks = new TrustPolicy(
                s.world.logKey(),
                Optional.of(s.world.log().genesisId()),
                Optional.of(new TrustPolicy.Witnesses.Counted(1, List.of(witness.verifier()))));
        refuse(
                "witness-missing",
                "the witness did not sign",
                Optional.of(asks),
                s.proof(s.contract()),
                "witness-quorum");
        SignedNote cosigned = note.with(witness.cosign(note.text(), World.START_MILLIS / 1000));
        byte[] proof = make(WorldState.of(s.world, cosigned), s.contract());
        cases.add(new Case("accept-witnessed", "a witness signed", proof, Optional.of(asks), List.of(), List.of()));
    }

    /** A tree of the forger's own, in which the contract was never revoked, and a checkpoint that nobody signed anew. */
    private void forgedTree(Story s) {
        World w = s.world;
        MerkleTree tree = w.log().tree();
        SignedNote signed = w.checkpoint();
        String text = new Checkpoint(World.ORIGIN, tree.size(), Hash.of(new byte[] {1})).text();
        refuse(
                "root-of-the-forger",
                "another root under the signature",
                w,
                s.forged(s.contract())
                        .checkpoint(new SignedNote(text, signed.signatures()))
                        .bytes(),
                "inclusion-proof-invalid");
    }

    // ---- the form of the file

    private void forms() {
        Story s = new Story().stated();
        World w = s.world;
        Subject c = s.contract();
        refuse(
                "not-canonical",
                "white space",
                w,
                (new String(s.proof(c), StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8),
                "json-not-canonical");
        refuse(
                "another-type",
                "another type",
                w,
                s.forged(c)
                        .with("type", Json.of("https://jurat.dev/state-proof/v2"))
                        .bytes(),
                "state-proof-type");
        refuse(
                "a-member-more",
                "a member that nobody knows",
                w,
                s.forged(c).with("note", Json.of("believe me")).bytes(),
                "member-unknown");
        refuse(
                "a-member-more-in-a-leaf",
                "a member of a leaf that nobody knows",
                w,
                s.forged(c)
                        .change("leaves", 0, l -> l.with("note", Json.of("believe me")))
                        .bytes(),
                "member-unknown");
        refuse(
                "leaves-out-of-order",
                "leaves in another order",
                w,
                s.forged(c).reverse("leaves").bytes(),
                "state-proof-order");
        refuse(
                "subject-unknown-kind",
                "a subject of a kind that there is not",
                w,
                s.forged(c).subject("use", c.id()).bytes(),
                "subject-kind");
        refuse(
                "subject-of-no-form",
                "a contract by no record id",
                w,
                s.forged(c).subject("contract", "7").bytes(),
                "record-id");
        refuse(
                "digest-in-capitals",
                "a path in capitals",
                w,
                s.forged(c)
                        .path(
                                "leaves",
                                0,
                                p -> p.stream()
                                        .map(h -> h.toUpperCase(Locale.ROOT))
                                        .toList())
                        .bytes(),
                "digest-syntax");
        refuse("bundle", "a file of another kind", w, "PK".getBytes(StandardCharsets.UTF_8), "json-syntax");
    }

    // ---- bytes and paths

    private void changed() {
        Story s = new Story().stated();
        World w = s.world;
        Subject c = s.contract();
        String wrong = "inclusion-proof-invalid";
        long leaf = s.indexOf(Kind.CONTRACT);
        refuse(
                "leaf-changed",
                "another signature on the contract",
                w,
                s.forged(c).flip("leaves", leaf, -1).bytes(),
                wrong);
        refuse(
                "leaf-path-changed",
                "another hash in a path",
                w,
                s.forged(c).path("leaves", leaf, p -> swapped(p)).bytes(),
                wrong);
        refuse(
                "leaf-path-short",
                "a path without its last hash",
                w,
                s.forged(c)
                        .path("leaves", leaf, p -> p.subList(0, p.size() - 1))
                        .bytes(),
                wrong);
        refuse(
                "leaf-path-long",
                "a path with a hash more",
                w,
                s.forged(c).path("leaves", leaf, p -> more(p)).bytes(),
                wrong);
        refuse(
                "leaf-elsewhere",
                "a leaf at another index",
                w,
                s.forged(c).move("leaves", leaf, leaf + 1).bytes(),
                wrong);
        refuse(
                "leaf-beyond",
                "a leaf beyond the checkpoint",
                w,
                s.forged(c).move("leaves", leaf, 1L << 40).bytes(),
                "leaf-index-beyond-size");
        refuse(
                "chunk-changed",
                "a standing of which one bit is another",
                w,
                s.forged(c).flip("chunks", 0, -1).bytes(),
                wrong);
        refuse(
                "chunk-path-long",
                "a chunk with a hash more in its path",
                w,
                s.forged(c).path("chunks", 0, p -> more(p)).bytes(),
                wrong);
        refuse(
                "chunk-beyond",
                "the chunk under the number of one that is not there",
                w,
                s.forged(c).move("chunks", 0, 1).bytes(),
                "leaf-index-beyond-size");
        chunksExchanged();
    }

    private static List<String> swapped(List<String> path) {
        List<String> other = new ArrayList<>(path);
        other.set(0, "00".repeat(32));
        return other;
    }

    private static List<String> more(List<String> path) {
        List<String> other = new ArrayList<>(path);
        other.add("00".repeat(32));
        return other;
    }

    /** In a log of three chunks, what stands in another one is of other leaves. */
    private void chunksExchanged() {
        Story s = new Story();
        for (int i = 0; i < 600; i++) {
            s.world.tick(1_000);
        }
        s.stated();
        WorldState source = WorldState.of(s.world);
        refuse(
                "chunk-of-other-leaves",
                "the second chunk as the first",
                s.world,
                s.forged(s.contract())
                        .add("chunks", 0, source.chunk(1), source.chunkPath(1))
                        .bytes(),
                "inclusion-proof-invalid");
        refuse(
                "chunk-more",
                "a chunk that no step leads to",
                s.world,
                s.forged(s.contract())
                        .add("chunks", 1, source.chunk(1), source.chunkPath(1))
                        .bytes(),
                "state-proof-unwanted");
    }

    // ---- too little and too much

    private void leftOut() {
        Story s = new Story().stated();
        World w = s.world;
        WorldState source = WorldState.of(w);
        Subject c = s.contract();
        String missing = "state-proof-missing";
        long state = source.stateLeaf().orElseThrow();
        long before = w.indexOf(Kind.STATE);
        refuse(
                "genesis-left-out",
                "a proof without genesis",
                w,
                s.forged(c).drop("leaves", 0).bytes(),
                missing);
        refuse(
                "state-left-out",
                "a proof without the state leaf",
                w,
                s.forged(c).drop("leaves", state).bytes(),
                missing);
        refuse(
                "state-before-left-out",
                "a proof without the state leaf before",
                w,
                s.forged(c).drop("leaves", before).bytes(),
                missing);
        refuse(
                "clock-left-out",
                "a proof without the clock",
                w,
                s.forged(c).drop("leaves", clockOf(w, before)).bytes(),
                missing);
        refuse(
                "contract-left-out",
                "a proof without its subject",
                w,
                s.forged(c).drop("leaves", s.indexOf(Kind.CONTRACT)).bytes(),
                missing);
        refuse(
                "decision-left-out",
                "a contract without its decision",
                w,
                s.forged(c).drop("leaves", s.indexOf(Kind.DECISION)).bytes(),
                missing);
        refuse(
                "policy-left-out",
                "a contract without its policy",
                w,
                s.forged(c).drop("leaves", w.indexOf(w.policy())).bytes(),
                missing);
        refuse(
                "chunk-left-out",
                "a proof without its chunk",
                w,
                s.forged(c).drop("chunks", 0).bytes(),
                missing);
        refuse(
                "session-left-out",
                "a principal without its first session",
                w,
                s.forged(s.agent()).drop("leaves", sessionOf(w, w.agent())).bytes(),
                missing);
        refuse(
                "leaf-more",
                "a leaf that no step leads to",
                w,
                s.forged(c).leaf(source, s.indexOf(Kind.INTENT)).bytes(),
                "state-proof-unwanted");
    }

    private static long clockOf(World w, long leaf) {
        return w.indexOf(w.log().leaves().get((int) leaf).header().seen());
    }

    private static long sessionOf(World w, Party party) {
        for (int i = 0; i < w.log().leaves().size(); i++) {
            if (w.log().leaves().get(i).header().stream().equals(party.stream())) {
                return i;
            }
        }
        throw new IllegalStateException("no such session");
    }

    // ---- one thing for another

    private void exchanged() {
        Story s = new Story();
        s.stated();
        Execution late = s.world.execution().run();
        s.world.state().admit();
        World w = s.world;
        WorldState source = WorldState.of(w);
        Subject c = s.contract();
        long clock = clockOf(w, stated(source, source.stateLeaf().orElseThrow()).size() - 1);
        refuse(
                "subject-another-contract",
                "the proof of one contract for another",
                w,
                s.forged(c).subject("contract", s.other.id(Kind.CONTRACT).hex()).bytes(),
                "state-proof-missing");
        refuse(
                "subject-another-kind",
                "the proof of a contract for an identity",
                w,
                s.forged(c).subject("identity", c.id()).bytes(),
                "state-proof-subject");
        refuse(
                "subject-no-policy",
                "the proof of a contract for a policy",
                w,
                s.forged(c).subject("policy", c.id()).bytes(),
                "state-proof-subject");
        refuse(
                "subject-a-clock",
                "a clock as a contract",
                w,
                s.forged(c)
                        .subject(
                                "contract",
                                w.log().leaves().get((int) clock).id().hex())
                        .bytes(),
                "state-proof-subject");
        refuse(
                "key-of-nobody",
                "the proof of one key for another",
                w,
                s.forged(key("agent"))
                        .subject("key", World.key("approver 2").verifyKey().text())
                        .bytes(),
                "state-proof-missing");
        refuse(
                "state-is-a-clock",
                "a clock leaf as the state leaf",
                w,
                s.forged(c).with("state", Json.of(clock)).bytes(),
                "state-leaf");
        refuse(
                "state-of-nothing",
                "the first state leaf of the log",
                w,
                s.forged(c)
                        .leaf(source, w.indexOf(Kind.STATE))
                        .with("state", Json.of(w.indexOf(Kind.STATE)))
                        .bytes(),
                "state-proof-empty");
        refuse(
                "state-of-then",
                "the root of an older state, with the chunk of the newest",
                w,
                older(s, source).bytes(),
                "inclusion-proof-invalid");
        refuse(
                "subject-later",
                "a contract that came after the state",
                w,
                later(s, source, late).bytes(),
                "state-not-covered");
    }

    private static LedgerFacts.State stated(WorldState source, long leaf) {
        return (LedgerFacts.State) source.record(leaf).statement().facts();
    }

    /** The state leaf before the newest, with all that it needs itself. */
    private static StateForgery older(Story s, WorldState source) {
        long newest = source.stateLeaf().orElseThrow();
        long second = stated(source, newest).size() - 1;
        long first = stated(source, second).size() - 1;
        return s.forged(s.contract())
                .leaf(source, first)
                .leaf(source, clockOf(s.world, first))
                .with("state", Json.of(second));
    }

    private static StateForgery later(Story s, WorldState source, Execution late) {
        return s.forged(s.contract())
                .leaf(source, s.world.indexOf(late.id(Kind.CONTRACT)))
                .leaf(source, s.world.indexOf(late.id(Kind.DECISION)))
                .subject("contract", late.id(Kind.CONTRACT).hex());
    }

    // ---- what whoever has the ledger's keys may try

    private void ledgersLies() {
        stateOf("state-of-other-leaves", "a state leaf whose size is of no state leaf", 7, "state-leaf");
        stateOf("state-of-the-future", "a state leaf of leaves that came after it", 1L << 40, "state-size");
        byAnother();
        seenNoClock();
        standings("standing-of-no-form", "a root over a standing that cannot be read", "ff", "state-number");
        standings(
                "standing-with-an-unknown-flag",
                "a root over a standing with a flag that nobody knows",
                "0400000000000000",
                "state-standing");
        chunkThatGoesOn();
        sessions();
    }

    /** A state leaf of any size, as a ledger would write it that has been taken over. */
    private void stateOf(String name, String what, long size, String code) {
        Story s = new Story().stated();
        byte[] sound = s.proof(s.contract());
        long lie = states(s.world, size, Hash.ZERO);
        StateForgery forgery = moved(s, sound, lie);
        if (size <= lie) {
            forgery.leaf(WorldState.of(s.world), size - 1);
        }
        refuse(name, what, s.world, forgery.bytes(), code);
    }

    /** The index of a leaf of the ledger that states what it likes. */
    private static long states(World w, long size, Hash root) {
        w.draft(w.ledger(), new LedgerFacts.State(size, root)).append();
        return w.log().leaves().size() - 1;
    }

    /** A state leaf that an agent wrote: of the right kind and form, and nobody's word but its own. */
    private void byAnother() {
        Story s = new Story().stated();
        World w = s.world;
        LedgerFacts.State stated = (LedgerFacts.State) w.log()
                .leaves()
                .get((int) (long) WorldState.of(w).stateLeaf().orElseThrow())
                .statement()
                .facts();
        byte[] sound = s.proof(s.contract());
        w.draft(w.agent(), stated).append();
        long lie = w.log().leaves().size() - 1;
        refuse(
                "state-by-an-agent",
                "a state leaf that an agent wrote",
                w,
                moved(s, sound, lie).bytes(),
                "state-leaf");

        Story t = new Story().stated();
        byte[] other = t.proof(t.contract());
        t.world.draft(t.world.ledger(), stated).signedBy(World.key("agent")).append();
        long forged = t.world.log().leaves().size() - 1;
        refuse(
                "state-under-another-key",
                "a state leaf that the ledger's key did not sign",
                t.world,
                moved(t, other, forged).bytes(),
                "state-leaf");
    }

    /** A sound proof whose leaves are shown under the newest checkpoint, with another leaf for the state. */
    private static StateForgery moved(Story s, byte[] sound, long state) {
        WorldState source = WorldState.of(s.world);
        StateForgery forgery = StateForgery.of(sound).checkpoint(s.world.checkpoint());
        forgery.numbers("leaves").forEach(leaf -> forgery.leaf(source, leaf));
        return forgery.leaf(source, state).with("state", Json.of(state));
    }

    private void seenNoClock() {
        Story s = new Story().stated();
        World w = s.world;
        byte[] sound = s.proof(s.contract());
        w.state().seen(w.policy()).append();
        long size = w.log().leaves().size();
        StateTree tree = WorldState.tree(w.log().leaves());
        long lie = states(w, size, tree.root());
        byte[] proof = moved(s, sound, lie)
                .leaf(WorldState.of(w), size - 1)
                .add("chunks", 0, tree.bytes(0), tree.path(0))
                .bytes();
        refuse("time-of-no-clock", "a policy where the last leaf has the clock that it saw", w, proof, "state-clock");
    }

    private void standings(String name, String what, String hex, String code) {
        Story s = new Story().stated();
        lie(
                name,
                what,
                s,
                s.contract(),
                s.indexOf(Kind.CONTRACT),
                HexFormat.of().parseHex(hex),
                code);
    }

    /** A principal that says that it has had fewer sessions, or more, than lead from one to the other. */
    private void sessions() {
        for (long count : List.of(1, 3)) {
            Story s = new Story().stated();
            long leaf = WorldState.of(s.world)
                    .registrationOf(s.world.agent().principal())
                    .orElseThrow();
            long newest = sessionOf(s.world, s.second);
            SignedRecord record = s.world.log().leaves().get((int) leaf);
            Standing.Enrolled sound = (Standing.Enrolled)
                    decoded(record, WorldState.of(s.world).tree().standing(leaf));
            byte[] lie =
                    new Standing.Enrolled(new Standing.Principal(false, false, count, newest), sound.stream()).encode();
            lie(
                    "sessions-counted-" + count,
                    "two sessions that are said to be " + count,
                    s,
                    s.agent(),
                    leaf,
                    lie,
                    "state-sessions");
        }
    }

    private static Standing decoded(SignedRecord record, byte[] standing) {
        try {
            return Standing.decode(record.statement().facts(), standing);
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The ledger states a root over a standing that is not the leaf's. */
    private void lie(String name, String what, Story s, Subject subject, long leaf, byte[] standing, String code) {
        byte[] sound = s.proof(subject);
        StateTree tree = WorldState.of(s.world).tree();
        tree.advance(tree.size(), new TreeMap<>(Map.of(leaf, standing)));
        long lie = states(s.world, tree.size(), tree.root());
        byte[] proof = moved(s, sound, lie)
                .add("chunks", 0, tree.bytes(0), tree.path(0))
                .bytes();
        refuse(name, what, s.world, proof, code);
    }

    private void chunkThatGoesOn() {
        Story s = new Story().stated();
        byte[] sound = s.proof(s.contract());
        StateTree tree = WorldState.of(s.world).tree();
        byte[] longer = Arrays.copyOf(tree.bytes(0), tree.bytes(0).length + 1);
        long lie = states(s.world, tree.size(), StateChunk.hash(longer));
        byte[] proof = moved(s, sound, lie).add("chunks", 0, longer, List.of()).bytes();
        refuse("chunk-goes-on", "a root over a chunk of a leaf more than there are", s.world, proof, "state-chunk");
    }
}
