package dev.jurat.governance;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.contract.Redaction;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.SignedRecord;
import java.util.Optional;
import java.util.Set;

/**
 * One signed intent with what its body and its enforcement point say.
 *
 * @param arguments the arguments as a tree, null for each that stands redacted; empty where the call has none
 * @param argumentsSound whether the arguments are an object that every reader takes the same way
 */
record Case(
        SignedRecord intent,
        AuthorityFacts.Intent facts,
        CallDetails call,
        Optional<ForeignJson.Obj> arguments,
        boolean argumentsSound,
        PointFacts point) {
    /** Reads the parts; {@code kind-unwanted} if the record is no intent, and the codes of bodies. */
    static Case of(SignedRecord record, Body body, PointFacts point) throws FormatException {
        if (!(record.statement().facts() instanceof AuthorityFacts.Intent facts)) {
            throw new FormatException("kind-unwanted", "not an intent");
        }
        body.checkBelongsTo(record.statement());
        CallDetails details = CallDetails.read(body);
        try {
            return new Case(record, facts, details, arguments(details), true, point);
        } catch (FormatException e) {
            return new Case(record, facts, details, Optional.empty(), false, point);
        }
    }

    private static Optional<ForeignJson.Obj> arguments(CallDetails details) throws FormatException {
        if (details.redacted().isPresent()) {
            return Optional.of(Redaction.restored(details.redacted().get()));
        }
        return details.arguments().isPresent()
                ? Optional.of(ForeignJson.parseObject(details.arguments().get()))
                : Optional.empty();
    }

    /** The arguments that stand as digests. */
    Set<String> hidden() {
        return call.redacted().map(Redaction::hidden).orElse(Set.of());
    }

    String actor() {
        return intent.header().stream().principal();
    }

    String session() {
        return intent.header().stream().session();
    }
}
