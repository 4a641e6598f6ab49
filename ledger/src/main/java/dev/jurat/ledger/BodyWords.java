package dev.jurat.ledger;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.CallDetails;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.contract.Redaction;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The words that a record is found by: of intents and uses the name of what is called, the resources, the values of the arguments and the purpose; of refusals
 * name and resources; of violations what was seen; of approvals and revocations the person's reason.
 *
 * <p>Security property: an argument that the profile marks secret gives none: its body has a digest, and that is passed over too.
 */
final class BodyWords {
    private static final Set<Kind> KINDS =
            Set.of(Kind.INTENT, Kind.USE, Kind.REFUSAL, Kind.VIOLATION, Kind.APPROVAL, Kind.REVOCATION);

    private BodyWords() {}

    /** Whether bodies of this kind have any. */
    static boolean looksInto(Kind kind) {
        return KINDS.contains(kind);
    }

    /** The words of a record; none where its body is gone, or is not one of its kind. */
    static Set<String> of(StoredRecord stored) {
        if (stored.body().isEmpty() || !looksInto(stored.record().kind())) {
            return Set.of();
        }
        try {
            return Words.of(
                    texts(stored.record().kind(), Body.read(stored.body().get())));
        } catch (FormatException e) {
            return Set.of();
        }
    }

    private static List<String> texts(Kind kind, Body body) throws FormatException {
        List<String> texts = new ArrayList<>();
        switch (kind) {
            case INTENT, USE -> call(CallDetails.read(body), texts);
            case REFUSAL -> {
                ExecutionDetails.Refusal refusal = ExecutionDetails.Refusal.read(body);
                refusal.name().ifPresent(texts::add);
                texts.addAll(refusal.resources());
            }
            case VIOLATION -> {
                ExecutionDetails.Violation violation = ExecutionDetails.Violation.read(body);
                texts.add(violation.seen());
                texts.addAll(violation.resources());
            }
            case APPROVAL, REVOCATION -> texts.add(PersonDetails.read(body).reason());
            default -> {}
        }
        return texts;
    }

    private static void call(CallDetails call, List<String> texts) {
        texts.add(call.name());
        texts.addAll(call.resources());
        call.purpose().ifPresent(texts::add);
        try {
            if (call.arguments().isPresent()) {
                values(ForeignJson.parse(call.arguments().get()), texts);
            }
            if (call.redacted().isPresent()) {
                values(Redaction.restored(call.redacted().get()), texts);
            }
        } catch (FormatException e) {
            // Bytes that nobody could read have no words; what stands beside them has.
        }
    }

    private static void values(ForeignJson value, List<String> texts) {
        switch (value) {
            case ForeignJson.Obj object -> object.members().values().forEach(member -> values(member, texts));
            case ForeignJson.Arr array -> array.items().forEach(item -> values(item, texts));
            case ForeignJson.Str string -> texts.add(string.value());
            case ForeignJson.Num number -> texts.add(number.lexeme());
            case ForeignJson.Bool ignored -> {}
            case ForeignJson.Null ignored -> {}
        }
    }
}
