package dev.jurat.testkit;

import dev.jurat.proof.body.CompromiseDetails;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts.Compromise;
import dev.jurat.proof.record.SuccessionFacts.Recovery;
import dev.jurat.proof.record.SuccessionFacts.Rotation;
import dev.jurat.proof.record.SuccessionFacts.Successor;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Drafts about the keys of principals of a {@link World}: which follows which, and which is in other hands. Not thread-safe. */
public final class Successions {
    /** How long the tests have both keys valid. */
    public static final long OVERLAP_MILLIS = 3_600_000;

    private final World world;

    public Successions(World world) {
        this.world = world;
    }

    /** The next key of a principal, by name, signed by itself and the one that it follows. */
    public World.Entrance rotates(String name, SignerType type, String from, String to) {
        return rotates(name, type, World.key(from), World.key(to));
    }

    /** The next key of a principal, of whatever suite. */
    public World.Entrance rotates(String name, SignerType type, SigningKey from, SigningKey to) {
        Rotation facts = new Rotation(
                World.principal(name, type),
                to.verifyKey().text(),
                from.verifyKey().text(),
                world.nowMillis() + OVERLAP_MILLIS);
        return succeeds(facts, type, to, to, from);
    }

    /** The next key of a principal, signed by itself and two administrators. */
    public World.Entrance recovers(
            String name, SignerType type, String from, String to, Party administrator, Party second) {
        List<Party> by = List.of(administrator, second).stream()
                .sorted((a, b) -> a.principal().compareTo(b.principal()))
                .toList();
        Recovery facts = new Recovery(
                World.principal(name, type),
                text(to),
                text(from),
                by.stream().map(Party::principal).toList());
        return succeeds(
                facts,
                type,
                World.key(to),
                World.key(to),
                by.getFirst().key(),
                by.getLast().key());
    }

    private World.Entrance succeeds(Successor facts, SignerType type, SigningKey key, SigningKey... signers) {
        Stream stream = new Stream(facts.principal(), Stream.sessionId(key.verifyKey()));
        Party party = new Party(stream, type, key, world.log().genesisId());
        Draft draft = world.draft(party, facts)
                .body(new PersonDetails("due").toJson())
                .signedBy(signers);
        return new World.Entrance(draft, party);
    }

    /** A session of an agent opened with one of its keys, by name. */
    public World.Entrance session(String name, String identity, String session) {
        World.Entrance entrance = world.session(name, session);
        entrance.draft()
                .fact("identityKey", Json.of(text(identity)))
                .signedBy(World.key(identity), entrance.party().key());
        return entrance;
    }

    /** A report that a key is in other hands, from now on. */
    public Draft compromised(Party by, String name, SignerType type, String key) {
        return compromise(by, name, type, key, Optional.empty(), Optional.empty());
    }

    /** A report with a boundary, which two administrators sign. */
    public Draft compromised(Party by, Party with, String name, SignerType type, String key, long since) {
        return compromise(by, name, type, key, Optional.of(since), Optional.of(with.principal()))
                .signedBy(by.key(), with.key());
    }

    private Draft compromise(
            Party by, String name, SignerType type, String key, Optional<Long> since, Optional<String> with) {
        CompromiseDetails.Touched touched = new CompromiseDetails.Touched(
                world.log().leaves().size(),
                since.orElse(0L),
                List.of(),
                List.of(),
                List.of(),
                0,
                List.of(),
                new TreeMap<>(),
                0,
                List.of());
        return world.draft(by, new Compromise(World.principal(name, type), text(key), "stolen", since, with))
                .body(new CompromiseDetails("a laptop was lost", touched, Optional.empty()).toJson());
    }

    /** A second administrator, enrolled by the first. */
    public Party secondAdministrator() {
        return world.enrolledBy(world.administrator(), "second", SignerType.HUMAN, Role.ADMINISTRATOR)
                .admitAndJoin();
    }

    private static String text(String key) {
        return World.key(key).verifyKey().text();
    }
}
