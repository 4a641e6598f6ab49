package dev.jurat.proof.state;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.VerifiedCheckpoint;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.verify.Note;
import dev.jurat.proof.verify.Witnessed;
import java.util.List;
import java.util.Optional;

/** A report as data, for programs ({@code docs/spec/state.md} §6). */
public final class StateReportJson {
    public static final String FORMAT = "https://jurat.dev/state-report/v1";

    private StateReportJson() {}

    public static Json.Obj of(StateReport report) {
        JsonBuilder out = JsonBuilder.object()
                .put("accepted", report.accepted())
                .strings("codes", report.codes())
                .put("format", FORMAT);
        switch (report) {
            case StateReport.Accepted accepted ->
                out.put("answer", "accepted")
                        .put("finding", finding(accepted.checkpoint(), accepted.witnesses(), accepted.finding()))
                        .put("notes", notes(StateNotes.of(accepted)));
            case StateReport.Unanchored unanchored ->
                out.put("answer", "unanchored")
                        .put("finding", finding(unanchored.checkpoint(), Optional.empty(), unanchored.finding()))
                        .put("notes", notes(StateNotes.of(unanchored)));
            case StateReport.Refused refused ->
                out.put("answer", "refused")
                        .put("subject", refused.subject().toJson())
                        .put("text", refused.text());
            case StateReport.Unusable unusable -> out.put("answer", "unusable").put("text", unusable.text());
        }
        return out.build();
    }

    private static Json.Obj finding(VerifiedCheckpoint verified, Optional<Witnessed> witnesses, StateFinding finding) {
        Checkpoint checkpoint = verified.checkpoint();
        return JsonBuilder.object()
                .put("checkpoint", checkpoint(checkpoint))
                .put("clock", finding.clock().map(StateReportJson::clock))
                .put("inForce", finding.inForce())
                .strings("reasons", finding.reasons())
                .put("shown", finding.shown())
                .put("size", finding.size())
                .put("state", finding.stateLeaf())
                .put("subject", finding.subject().toJson())
                .put("witnesses", witnesses.map(StateReportJson::witnessed))
                .build();
    }

    private static Json.Obj checkpoint(Checkpoint checkpoint) {
        return JsonBuilder.object()
                .put("origin", checkpoint.origin())
                .put("root", checkpoint.root().hex())
                .put("size", checkpoint.size().value())
                .build();
    }

    private static Json.Obj clock(LedgerFacts.Clock clock) {
        return JsonBuilder.object()
                .put("earliest", clock.earliest())
                .put("latest", clock.latest())
                .build();
    }

    private static Json.Obj witnessed(Witnessed witnessed) {
        return JsonBuilder.object()
                .put("asked", witnessed.asked())
                .put("enough", witnessed.enough())
                .strings("signed", witnessed.signed())
                .build();
    }

    private static Json.Arr notes(List<Note> notes) {
        return new Json.Arr(notes.stream()
                .<Json>map(note -> JsonBuilder.object()
                        .put("code", note.code())
                        .put("text", note.text())
                        .build())
                .toList());
    }
}
