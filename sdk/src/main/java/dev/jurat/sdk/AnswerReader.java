package dev.jurat.sdk;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Body;
import dev.jurat.proof.record.RecordId;
import dev.jurat.sdk.JuratClient.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the node's answers. Members that it does not know are passed over, since a newer node may say more. */
final class AnswerReader {
    private AnswerReader() {}

    static NodeHead head(Fields in) throws FormatException {
        return new NodeHead(
                RecordId.parse(in.string("clock")),
                in.integer("earliest"),
                in.integer("latest"),
                in.integer("size"),
                in.bool("claimed"),
                RecordId.parse(in.string("genesis")));
    }

    static StreamHead stream(Fields in) throws FormatException {
        return new StreamHead(
                in.integer("next"),
                RecordId.parse(in.string("previous")),
                in.optionalString("state").orElse("open"));
    }

    static Receipt receipt(Fields in) throws FormatException {
        List<Receipt.Result> results = new ArrayList<>();
        for (Json item : in.array("results")) {
            Fields result = Fields.of(item, "answer.results");
            results.add(new Receipt.Result(
                    RecordId.parse(result.string("id")),
                    status(result.string("status")),
                    result.optionalString("rule").orElse(""),
                    result.has("flags") ? result.strings("flags") : List.of()));
        }
        return new Receipt(RecordId.parse(in.string("clock")), results);
    }

    private static Receipt.Status status(String word) throws FormatException {
        for (Receipt.Status status : Receipt.Status.values()) {
            if (status.name().toLowerCase(Locale.ROOT).equals(word)) {
                return status;
            }
        }
        throw new FormatException("value-unknown", "a result is admitted, present or refused");
    }

    static Exchange granted(Fields in) throws FormatException {
        Fields records = in.object("jurat_records");
        TokenAnswer answer = new TokenAnswer.Granted(
                in.string("access_token"),
                in.integer("expires_in"),
                RecordId.parse(records.string("decision")),
                RecordId.parse(records.string("contract")),
                RecordId.parse(records.string("identity")),
                Body.read(Base64Text.decode(in.string("jurat_contract"))),
                in.optionalString("jurat_mode").orElse("enforced").equals("observed"));
        return new Exchange(answer, recorded(in, true), clock(in));
    }

    /** The answers under status 400 that are not faults; empty for one that is. */
    static Optional<Exchange> notGranted(Json.Obj said) throws FormatException {
        Fields in = Fields.of(said, "answer");
        Optional<TokenAnswer> answer = switch (in.optionalString("error").orElse("")) {
            case "authorization_pending" ->
                Optional.of(new TokenAnswer.Pending(
                        RecordId.parse(in.string("jurat_decision")),
                        in.integer("jurat_wanted"),
                        codes(in),
                        in.optionalString("jurat_help").orElse("")));
            case "access_denied" ->
                Optional.of(new TokenAnswer.Denied(
                        in.has("jurat_decision")
                                ? Optional.of(RecordId.parse(in.string("jurat_decision")))
                                : Optional.empty(),
                        codes(in),
                        in.optionalString("jurat_help").orElse("")));
            case "use_salt" ->
                Optional.of(new TokenAnswer.UseSalt(
                        in.string("jurat_salt"),
                        in.has("jurat_arguments")
                                ? Optional.of(Base64Text.decode(in.string("jurat_arguments")))
                                : Optional.empty()));
            default -> Optional.empty();
        };
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        boolean usual = !(answer.get() instanceof TokenAnswer.UseSalt);
        return Optional.of(new Exchange(answer.get(), recorded(in, usual), clock(in)));
    }

    private static List<String> codes(Fields in) throws FormatException {
        return in.has("jurat_codes") ? in.strings("jurat_codes") : List.of();
    }

    private static boolean recorded(Fields in, boolean otherwise) throws FormatException {
        return in.has("jurat_recorded") ? in.bool("jurat_recorded") : otherwise;
    }

    private static Optional<RecordId> clock(Fields in) throws FormatException {
        return in.has("jurat_clock") ? Optional.of(RecordId.parse(in.string("jurat_clock"))) : Optional.empty();
    }
}
