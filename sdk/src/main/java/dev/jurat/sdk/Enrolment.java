package dev.jurat.sdk;

import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes an identity known to a node that nobody has claimed yet: {@code enrolled: self}, observing only. */
public final class Enrolment {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private Enrolment() {}

    /** Whether the ledger knows this principal under this key. */
    public static boolean isKnown(JuratClient client, Identity identity) throws NodeException {
        return client.stream(stream(identity)).isPresent();
    }

    /**
     * Enrols the identity on its own word.
     *
     * @return empty, or the rule that refused it, such as {@code enrolment-closed} on a claimed node
     */
    public static Optional<String> self(
            JuratClient client, Identity identity, Role role, String name, NodeHead head, RandomSource random)
            throws NodeException {
        RegistryFacts.Key facts = new RegistryFacts.Key(
                RegistryFacts.KeyAction.ENROLL,
                identity.principal(),
                identity.type(),
                List.of(role),
                identity.key().verifyKey().text(),
                RegistryFacts.Enrolled.SELF,
                Optional.empty());
        Stream stream = stream(identity);
        Header header = new Header(
                facts.kind(),
                stream,
                identity.type(),
                0,
                head.genesis(),
                head.clock(),
                References.NONE,
                identity.key().verifyKey().suite());
        Body body = Body.of(random.bytes(Body.SALT_BYTES), stream, 0, new RegistryDetails.Key(name).toJson());
        SignedRecord record = SignedRecord.sign(new Statement(header, facts, body.digest()), identity.key());
        Receipt receipt = client.submit(List.of(new Entry(record, Optional.of(body))), DEADLINE);
        Receipt.Result result = receipt.results().getFirst();
        return result.status() == Receipt.Status.REFUSED ? Optional.of(result.rule()) : Optional.empty();
    }

    private static Stream stream(Identity identity) {
        return new Stream(identity.principal(), Stream.sessionId(identity.key().verifyKey()));
    }
}
