package dev.jurat.testkit.vectors;

import dev.jurat.proof.log.InclusionProof;
import dev.jurat.proof.log.LeafIndex;
import dev.jurat.proof.log.MerkleTree;
import dev.jurat.proof.log.NoteSigner;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.predecessor.Citation;
import dev.jurat.proof.predecessor.Reason;
import dev.jurat.proof.predecessor.ShownLeaf;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.testkit.Draft;
import dev.jurat.testkit.NewLog;
import dev.jurat.testkit.NewLog.Person;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bundle vectors that are about a log in place of another. */
final class PredecessorCases {
    private static final Person FIRST = Person.of("administrator", Role.ADMINISTRATOR);
    private static final Person SECOND = Person.of("second", Role.ADMINISTRATOR);
    private static final Person STRANGER = Person.of("stranger", Role.ADMINISTRATOR);
    private static final NoteSigner WITNESS = NoteSigner.cosigner("witness.example", World.key("witness"));

    private final List<BundleCases.Case> cases = new ArrayList<>();

    static List<BundleCases.Case> all() {
        PredecessorCases made = new PredecessorCases();
        made.sound();
        made.people();
        made.cited();
        made.followed();
        return made.cases;
    }

    private void add(String name, String what, NewLog log, TrustPolicy trust, String... codes) {
        add(name, what, log.bundle().bytes(), trust, codes);
    }

    private void add(String name, String what, byte[] bundle, TrustPolicy trust, String... codes) {
        cases.add(new BundleCases.Case(
                name, what, bundle, Optional.of(trust), List.of(codes), Optional.empty(), Optional.empty()));
    }

    private void own(String name, String what, NewLog log, String... codes) {
        add(name, what, log, log.trust(), codes);
    }

    // ---- worlds

    /** A log with two administrators, of whom the first enrolled the second. */
    private static World two() {
        World world = World.claimed();
        new Successions(world).secondAdministrator();
        world.tick(1_000);
        return world;
    }

    private static Citation cite(World world) {
        return NewLog.cite(world, world.checkpoint());
    }

    private static Citation without(Citation citation, long index) {
        return new Citation(
                citation.checkpoint(),
                citation.reason(),
                citation.shown().stream().filter(leaf -> leaf.index() != index).toList(),
                citation.earlier());
    }

    private static Citation under(Citation citation, SignedNote note) {
        return new Citation(note, citation.reason(), citation.shown(), citation.earlier());
    }

    // ---- sound ones

    private void sound() {
        World alone = World.claimed();
        own(
                "accept-successor",
                "a new log that its predecessor's only administrator signed",
                new NewLog("new", cite(alone), FIRST));
        Citation cited = cite(two());
        own(
                "accept-successor-of-two",
                "a new log that both administrators of its predecessor signed",
                new NewLog("new", cited, FIRST, SECOND));
        NewLog second = new NewLog("new", cited, FIRST, SECOND);
        own(
                "accept-successor-of-a-successor",
                "a new log whose predecessor took the place of another itself",
                new NewLog("newer", NewLog.cite(second.source(), second.checkpoint()), FIRST, SECOND));
        byte[] lacking = NewLogForgery.withoutArtefacts(new NewLog("new", cited, FIRST, SECOND).bundle());
        add(
                "successor-without-what-it-cites",
                "the artefact that genesis cites is left out",
                lacking,
                second.trust(),
                "artefact-missing");
    }

    // ---- who signed

    private void people() {
        World world = two();
        Citation cited = cite(world);
        own(
                "successor-of-strangers",
                "administrators of nowhere made the new log",
                new NewLog("new", cited, STRANGER),
                "successor-foreign");
        own(
                "successor-with-a-stranger",
                "one of the two who signed is no administrator of the predecessor",
                new NewLog("new", cited, FIRST, STRANGER),
                "successor-foreign");
        own(
                "successor-under-another-key",
                "an administrator by name, with a key that the predecessor does not know",
                new NewLog("new", cited, FIRST, SECOND.with("thief")),
                "successor-foreign");
        own(
                "successor-with-more-roles",
                "an administrator with a role that they had not",
                new NewLog("new", cited, FIRST, Person.of("second", Role.ADMINISTRATOR, Role.APPROVER)),
                "successor-foreign");
        own(
                "successor-by-one-of-two",
                "one administrator alone, where the predecessor had two",
                new NewLog("new", cited, FIRST),
                "successor-four-eyes");
        own("successor-of-nobody", "a new log without people", new NewLog("new", cited), "successor-foreign");
        own(
                "successor-with-an-agent-as-administrator",
                "an administrator beside the two who is no person, so that nobody looks for them in the predecessor",
                new NewLog("new", cited, FIRST, SECOND, acting("robot", Role.ADMINISTRATOR)),
                "genesis-invalid");
        own(
                "successor-with-an-agent-whom-nobody-enrolled",
                "an agent in genesis, whom no administrator enrolled or confirmed",
                new NewLog("new", cited, FIRST, SECOND, acting("robot", Role.AGENT)),
                "genesis-invalid");
        stolen();
        forged();
    }

    private static Person acting(String name, Role role) {
        Registered registered = new Registered(
                World.principal(name, SignerType.AGENT),
                SignerType.AGENT,
                List.of(role),
                World.key(name).verifyKey().text());
        return new Person(registered, World.key(name));
    }

    /** A thief of the log's key can write what no rule lets in, and have it under a root. */
    private void forged() {
        World world = two();
        Draft enrolment = world.enrolledBy(world.administrator(), "stranger", SignerType.HUMAN, Role.ADMINISTRATOR)
                .draft()
                .signedBy(STRANGER.key(), World.key("thief"));
        Citation before = cite(world);
        enrolment.append();
        List<Long> shown =
                new ArrayList<>(before.shown().stream().map(ShownLeaf::index).toList());
        shown.add(world.log().leaves().size() - 1L);
        own(
                "successor-by-a-forged-enrolment",
                "one of the two who signed was enrolled under another signature than the administrator's",
                new NewLog("new", citing(world, shown), FIRST, STRANGER),
                "predecessor-record");
    }

    private static Citation citing(World world, List<Long> shown) {
        MerkleTree tree = world.log().tree();
        List<ShownLeaf> leaves = new ArrayList<>();
        for (long index : shown) {
            leaves.add(new ShownLeaf(
                    index,
                    world.log().leaves().get((int) index).leaf(),
                    InclusionProof.make(tree, new LeafIndex(index), tree.size()).path()));
        }
        return new Citation(world.checkpoint(), Reason.KEY_STOLEN, leaves, Optional.empty());
    }

    private void stolen() {
        World world = World.claimed();
        Successions successions = new Successions(world);
        Party second = successions.secondAdministrator();
        successions
                .compromised(second, "administrator", SignerType.HUMAN, "administrator")
                .admit();
        own(
                "successor-by-a-reported-key",
                "an administrator whose key the predecessor has as stolen",
                new NewLog("new", cite(world), FIRST, SECOND),
                "successor-foreign");
        own(
                "successor-by-who-is-left",
                "of two administrators, the one whose key is not reported: a thief of it would have reported the other",
                new NewLog("new", cite(world), SECOND),
                "successor-four-eyes");
    }

    // ---- what is cited

    private void cited() {
        World world = two();
        Citation cited = cite(world);
        World other = World.unclaimed();
        own(
                "successor-under-another-logs-checkpoint",
                "the checkpoint is of another history than the leaves",
                new NewLog("new", under(cited, other.checkpoint()), FIRST, SECOND),
                "predecessor-leaf");
        String text = world.checkpoint().text();
        own(
                "successor-under-a-thiefs-checkpoint",
                "the checkpoint is signed by another key than the predecessor's",
                new NewLog(
                        "new",
                        under(
                                cited,
                                NoteSigner.log(World.ORIGIN, World.key("thief")).note(text)),
                        FIRST,
                        SECOND),
                "predecessor-log");
        long enrolled =
                cited.shown().stream().map(ShownLeaf::index).reduce((a, b) -> b).orElseThrow();
        own(
                "successor-without-an-enrolment",
                "nothing shows how the second administrator came to be one",
                new NewLog("new", without(cited, enrolled), FIRST, SECOND),
                "successor-foreign");
        own(
                "successor-without-leaf-0",
                "the predecessor's genesis is not shown",
                new NewLog("new", without(cited, 0), FIRST, SECOND),
                "predecessor-syntax");
        own(
                "successor-of-the-same-name",
                "the new log has the predecessor's name",
                new NewLog(World.ORIGIN, "new", cited, FIRST, SECOND),
                "successor-same");
        own(
                "successor-under-the-same-key",
                "the new log has the predecessor's checkpoint key",
                new NewLog("old.example", "old", cited, FIRST, SECOND),
                "successor-same");
        NewLog first = new NewLog("new", cited, FIRST, SECOND);
        Citation newer = NewLog.cite(first.source(), first.checkpoint());
        Citation unbound = new Citation(newer.checkpoint(), newer.reason(), newer.shown(), Optional.empty());
        own(
                "successor-without-the-log-before",
                "what the predecessor itself cites is left out",
                new NewLog("newer", unbound, FIRST, SECOND),
                "predecessor-earlier");
    }

    // ---- readers of the old log

    private void followed() {
        World world = two();
        NewLog log = new NewLog("new", cite(world), FIRST, SECOND);
        add(
                "successor-for-a-reader-of-the-old",
                "the reader trusts the predecessor, and does not ask to follow",
                log,
                world.trust(),
                "trust-log",
                "note-signature-missing",
                "trust-genesis");
        TrustPolicy following = world.trust().followingSuccessors();
        add("accept-successor-followed", "the reader trusts the predecessor, and asks to follow", log, following);
        NewLog newer = new NewLog("newer", NewLog.cite(log.source(), log.checkpoint()), FIRST, SECOND);
        add("accept-successor-followed-twice", "the reader trusts the log before the predecessor", newer, following);
        add(
                "successor-of-another-genesis",
                "a reader who asks to follow knows another log of that key",
                log,
                new TrustPolicy(world.logKey(), Optional.of(RecordId.NONE), Optional.empty()).followingSuccessors(),
                "trust-log",
                "note-signature-missing",
                "trust-genesis");
        claimed();
        witnessed(world, following);
    }

    /** A thief of the log's key can rewrite who claimed a node, and no witness is asked. */
    private void claimed() {
        World world = World.unclaimed();
        world.claims("thief").admitAndJoin();
        Person thief = Person.of("thief", Role.ADMINISTRATOR, Role.APPROVER);
        NewLog log = new NewLog("new", cite(world), thief);
        add(
                "successor-by-who-claimed",
                "the predecessor was claimed after its genesis, and the reader who follows asks for no witness",
                log,
                world.trust().followingSuccessors(),
                "successor-claimed",
                "trust-log",
                "note-signature-missing",
                "trust-genesis");
        SignedNote note = cosigned(world.checkpoint());
        NewLog seen = new NewLog("new", NewLog.cite(world, note), thief);
        add(
                "accept-successor-by-who-claimed",
                "the same, where the reader's witness had cosigned the predecessor",
                seen.bundle(cosigned(seen.checkpoint())).bytes(),
                asking(world.trust()));
    }

    private void witnessed(World world, TrustPolicy following) {
        NewLog unseen = new NewLog("new", cite(world), FIRST, SECOND);
        add(
                "successor-of-what-nobody-witnessed",
                "the reader who follows asks for a witness, who has not signed what is cited",
                unseen.bundle(cosigned(unseen.checkpoint())).bytes(),
                asking(following),
                "witness-quorum",
                "trust-log",
                "note-signature-missing",
                "trust-genesis");
        NewLog seen = new NewLog("new", NewLog.cite(world, cosigned(world.checkpoint())), FIRST, SECOND);
        add(
                "accept-successor-witnessed",
                "the reader who follows asks for a witness, who has signed both logs",
                seen.bundle(cosigned(seen.checkpoint())).bytes(),
                asking(following));
    }

    private static SignedNote cosigned(SignedNote note) {
        return note.with(WITNESS.cosign(note.text(), World.START_MILLIS / 1000));
    }

    private static TrustPolicy asking(TrustPolicy trust) {
        return new TrustPolicy(
                trust.log(),
                trust.second(),
                trust.genesis(),
                Optional.of(new TrustPolicy.Witnesses.Counted(1, List.of(WITNESS.verifier()))),
                true);
    }
}
