package dev.jurat.proof.lifecycle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.SignatureChecker;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Stream;
import dev.jurat.proof.record.SuccessionFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rules 1 and 2: a record is genuine and continues its stream, or opens one ({@code docs/spec/lifecycle.md} §3). Changes nothing.
 *
 * <p>Security property: a record that fails here is provably from nobody, or out of its turn, and leaves no trace in the state.
 */
final class Continuation {
    private final Registry registry;
    private final Streams streams;
    private final SignatureChecker checker;
    private RecordId genesis = RecordId.NONE;
    private Suites suites = Suites.NONE;

    Continuation(Registry registry, Streams streams, SignatureChecker checker) {
        this.registry = registry;
        this.streams = streams;
        this.checker = checker;
    }

    void genesis(RecordId id, Suites named) {
        genesis = id;
        suites = named;
    }

    /** Rules 1 and 2 for the whole group, before anything changes. Empty if the group may go on. */
    Optional<List<Judgement>> judge(List<Candidate> group) {
        Map<Stream, Head> heads = new HashMap<>();
        List<Optional<Judgement>> found = new ArrayList<>();
        boolean blocked = false;
        for (Candidate candidate : group) {
            Optional<Judgement> judgement = present(candidate.record());
            if (judgement.isEmpty()) {
                judgement = continues(candidate.record(), heads, group.size());
                blocked |= judgement.isPresent();
            }
            found.add(judgement);
        }
        if (!blocked) {
            return Optional.empty();
        }
        Judgement pushed = new Judgement.PushedBack(Rule.GROUP_PUSHED_BACK);
        return Optional.of(found.stream().map(f -> f.orElse(pushed)).toList());
    }

    /** Where a stream will stand when the records before this one in the group have been taken. */
    private record Head(long next, RecordId previous) {}

    private Optional<Judgement> continues(SignedRecord record, Map<Stream, Head> heads, int groupSize) {
        Header header = record.header();
        Optional<Rule> opening = switch (record.statement().facts()) {
            case LedgerFacts.Genesis ignored -> Optional.of(Rule.STREAM_UNKNOWN);
            case RegistryFacts.Session session -> opensSession(record, session, groupSize);
            case RegistryFacts.Key key
            when key.action() == RegistryFacts.KeyAction.ENROLL -> opensCredential(record, key, groupSize);
            case SuccessionFacts.Successor successor -> succeeds(record, successor, groupSize);
            default -> Optional.empty();
        };
        boolean opens = opens(record);
        Optional<Streams.State> found = streams.find(header.stream());
        if (opens && found.isEmpty()) {
            return opening.map(Judgement.PushedBack::new);
        }
        if (opens && (header.sequence() != 0 || found.get().next() == 0)) {
            // A stream is opened once: inside it, such a record would give it another key without the checks of an
            // opening.
            return Optional.of(new Judgement.PushedBack(Rule.SEQUENCE_GAP));
        }
        if (found.isEmpty() || record.kind() == Kind.GENESIS) {
            return Optional.of(new Judgement.PushedBack(Rule.STREAM_UNKNOWN));
        }
        return follows(record, found.get(), heads, groupSize);
    }

    /** Whether a record opens a stream, if it stands at number 0 of it. */
    static boolean opens(SignedRecord record) {
        return record.kind() == Kind.SESSION || isEnrolment(record) || isSuccession(record);
    }

    static boolean isSuccession(SignedRecord record) {
        return record.statement().facts() instanceof SuccessionFacts.Successor;
    }

    static boolean isEnrolment(SignedRecord record) {
        return record.statement().facts() instanceof RegistryFacts.Key key
                && key.action() == RegistryFacts.KeyAction.ENROLL;
    }

    private Optional<Judgement> follows(
            SignedRecord record, Streams.State stream, Map<Stream, Head> heads, int groupSize) {
        Header header = record.header();
        if (header.suite() != stream.key.suite()) {
            return Optional.of(new Judgement.PushedBack(Rule.SUITE_MISMATCH));
        }
        boolean opens = opens(record);
        List<String> cosigners = SuccessionFacts.cosigners(record.statement().facts());
        if (!opens
                && registry.find(header.stream().principal())
                        .filter(p -> p.type() == header.signer())
                        .isEmpty()) {
            return Optional.of(new Judgement.PushedBack(Rule.SIGNER_TYPE));
        }
        if (!opens && record.signatures().size() != 1 + cosigners.size()) {
            return Optional.of(new Judgement.PushedBack(Rule.SIGNATURE_COUNT));
        }
        int own = record.kind() == Kind.SESSION ? record.signatures().size() - 1 : 0;
        if (!checker.verifies(
                stream.key, record.preAuthentication(), record.signatures().get(own))) {
            return Optional.of(new Judgement.PushedBack(Rule.SIGNATURE_INVALID));
        }
        Optional<Rule> cosigned = opens ? Optional.empty() : cosigned(record, cosigners);
        if (cosigned.isPresent()) {
            return cosigned.map(Judgement.PushedBack::new);
        }
        Head head = heads.getOrDefault(header.stream(), new Head(stream.next(), stream.previous));
        if (header.sequence() < stream.next()) {
            return Optional.of(stream.at(header.sequence())
                    .<Judgement>map(taken -> new Judgement.Conflicting(taken.id()))
                    .orElse(new Judgement.PushedBack(Rule.SEQUENCE_GAP)));
        }
        if (stream.ended || isOfKeyAlone(stream, header)) {
            return Optional.of(new Judgement.PushedBack(Rule.STREAM_ENDED));
        }
        if (header.sequence() != head.next()) {
            return Optional.of(new Judgement.PushedBack(Rule.SEQUENCE_GAP));
        }
        if (!header.previous().equals(head.previous())) {
            return Optional.of(new Judgement.PushedBack(Rule.PREVIOUS_MISMATCH));
        }
        if (record.kind() == Kind.COMPROMISE && groupSize != 1) {
            // Records are held against its place in the log, which nothing in its own group could know.
            return Optional.of(new Judgement.PushedBack(Rule.GROUP_SHAPE));
        }
        heads.put(header.stream(), new Head(head.next() + 1, record.id()));
        return Optional.empty();
    }

    /** Whether a stream has the record that brought a key of an agent or a point, and nothing else: these act in sessions, which end. */
    private static boolean isOfKeyAlone(Streams.State stream, Header header) {
        return stream.session.isEmpty() && header.signer() != SignerType.HUMAN && !stream.stream.equals(Stream.LEDGER);
    }

    private Optional<Rule> opensSession(SignedRecord record, RegistryFacts.Session session, int groupSize) {
        Optional<Rule> start = startsStream(record, groupSize, session.key(), 2);
        if (start.isPresent()) {
            return start;
        }
        Optional<Registry.Principal> principal =
                registry.find(record.header().stream().principal());
        if (principal.isEmpty()
                || principal.get().credential(session.identityKey()).isEmpty()) {
            return Optional.of(Rule.KEY_UNKNOWN);
        }
        return signed(record, 0, session.identityKey()).or(() -> signed(record, 1, session.key()));
    }

    private Optional<Rule> opensCredential(SignedRecord record, RegistryFacts.Key key, int groupSize) {
        Optional<Rule> start = startsStream(
                record, groupSize, key.key(), 1 + SuccessionFacts.cosigners(key).size());
        if (start.isPresent()) {
            return start;
        }
        if (!record.header().stream().principal().equals(key.principal())) {
            return Optional.of(Rule.STREAM_NAME);
        }
        return signed(record, 0, key.key()).or(() -> cosigned(record, SuccessionFacts.cosigners(key)));
    }

    private Optional<Rule> succeeds(SignedRecord record, SuccessionFacts.Successor facts, int groupSize) {
        List<String> cosigners = SuccessionFacts.cosigners(facts);
        boolean rotates = facts instanceof SuccessionFacts.Rotation;
        Optional<Rule> start = startsStream(record, groupSize, facts.key(), 1 + (rotates ? 1 : cosigners.size()));
        if (start.isPresent()) {
            return start;
        }
        if (!record.header().stream().principal().equals(facts.principal())) {
            return Optional.of(Rule.STREAM_NAME);
        }
        if (registry.credential(facts.principal(), facts.follows()).isEmpty()) {
            return Optional.of(Rule.KEY_UNKNOWN);
        }
        return signed(record, 0, facts.key())
                .or(() -> rotates ? signed(record, 1, facts.follows()) : cosigned(record, cosigners));
    }

    /** The last signatures are by the newest keys of these, in their order. */
    private Optional<Rule> cosigned(SignedRecord record, List<String> administrators) {
        int first = record.signatures().size() - administrators.size();
        for (int i = 0; i < administrators.size(); i++) {
            Optional<Registry.Principal> administrator = registry.find(administrators.get(i));
            Optional<Rule> broken = administrator.isEmpty()
                    ? Optional.of(Rule.KEY_UNKNOWN)
                    : signed(record, first + i, administrator.get().newest().key());
            if (broken.isPresent()) {
                return broken;
            }
        }
        return Optional.empty();
    }

    private Optional<Rule> startsStream(SignedRecord record, int groupSize, String key, int signatures) {
        Header header = record.header();
        if (groupSize != 1) {
            return Optional.of(Rule.GROUP_SHAPE);
        }
        if (header.sequence() != 0) {
            return Optional.of(Rule.SEQUENCE_GAP);
        }
        if (!header.previous().equals(genesis)) {
            return Optional.of(Rule.PREVIOUS_MISMATCH);
        }
        if (record.signatures().size() != signatures) {
            return Optional.of(Rule.SIGNATURE_COUNT);
        }
        try {
            VerifyKey parsed = VerifyKey.parse(key);
            Optional<Rule> suite = suite(record, parsed);
            if (suite.isPresent()) {
                return suite;
            }
            return Stream.sessionId(parsed).equals(header.stream().session())
                    ? Optional.empty()
                    : Optional.of(Rule.STREAM_NAME);
        } catch (FormatException e) {
            return Optional.of(Rule.KEY_INVALID);
        }
    }

    /** The header's suite is that of the stream's key, which is Ed25519 for a session, and a suite that the genesis names for anybody. */
    private Optional<Rule> suite(SignedRecord record, VerifyKey key) {
        boolean fits = record.header().suite() == key.suite()
                && (record.kind() != Kind.SESSION || key.suite() == Suite.ED25519_2026);
        if (!fits) {
            return Optional.of(Rule.SUITE_MISMATCH);
        }
        return suites.take(key) ? Optional.empty() : Optional.of(Rule.SUITE_UNNAMED);
    }

    private Optional<Rule> signed(SignedRecord record, int index, String key) {
        try {
            VerifyKey parsed = VerifyKey.parse(key);
            boolean genuine = checker.verifies(
                    parsed, record.preAuthentication(), record.signatures().get(index));
            return genuine ? Optional.empty() : Optional.of(Rule.SIGNATURE_INVALID);
        } catch (FormatException e) {
            return Optional.of(Rule.KEY_INVALID);
        }
    }

    /** The same record at its own number again. */
    Optional<Judgement> present(SignedRecord record) {
        Header header = record.header();
        return streams.find(header.stream())
                .flatMap(s -> s.at(header.sequence()))
                .filter(taken -> taken.id().equals(record.id()))
                .map(taken -> new Judgement.Present(taken.refused()));
    }
}
