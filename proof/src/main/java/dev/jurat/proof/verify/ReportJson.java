package dev.jurat.proof.verify;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.lifecycle.Particulars;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.verify.ActionFinding.UseFinding;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** A report as data, for programs ({@code docs/spec/bundle.md} §9). */
public final class ReportJson {
    public static final String FORMAT = "https://jurat.dev/verify-report/v1";

    private ReportJson() {}

    public static Json.Obj of(Report report) {
        JsonBuilder out = JsonBuilder.object()
                .put("accepted", report.accepted())
                .strings("codes", report.codes())
                .put("format", FORMAT);
        switch (report) {
            case Report.Accepted accepted ->
                out.put("answer", "accepted")
                        .put("findings", findings(accepted.bundle().findings()));
            case Report.Unanchored unanchored ->
                out.put("answer", "unanchored").put("findings", findings(unanchored.findings()));
            case Report.Refused refused ->
                out.put("answer", "refused")
                        .put(
                                "defects",
                                array(refused.defects().stream()
                                        .map(ReportJson::defect)
                                        .toList()))
                        .put("findings", refused.findings().map(ReportJson::findings));
            case Report.Unusable unusable -> out.put("answer", "unusable").put("text", unusable.text());
        }
        return out.build();
    }

    private static Json.Obj defect(Defect defect) {
        return JsonBuilder.object()
                .put("code", defect.code())
                .put("text", defect.text())
                .put("where", defect.where())
                .build();
    }

    private static Json.Obj findings(Findings findings) {
        return JsonBuilder.object()
                .put(
                        "actions",
                        array(findings.actions().stream()
                                .map(ReportJson::action)
                                .toList()))
                .put("flags", flags(findings))
                .put("keys", array(findings.keys().stream().map(ReportJson::key).toList()))
                .put("gaps", array(findings.gaps().stream().map(ReportJson::gap).toList()))
                .put("genesis", findings.genesis().hex())
                .put("leaves", findings.leaves())
                .put(
                        "notes",
                        array(findings.notes().stream().map(ReportJson::note).toList()))
                .put(
                        "openEnds",
                        array(findings.openEnds().stream()
                                .map(ReportJson::openEnd)
                                .toList()))
                .put("origin", findings.checkpoint().origin())
                .put("predecessor", findings.predecessor().map(PredecessorFinding::toJson))
                .put(
                        "principals",
                        array(findings.principals().stream()
                                .map(ReportJson::principal)
                                .toList()))
                .put("root", findings.checkpoint().root().hex())
                .put("scope", findings.scope().toJson())
                .put("size", findings.checkpoint().size().value())
                .put("witnesses", findings.witnesses().map(Witnessed::toJson))
                .build();
    }

    private static Json.Obj flags(Findings findings) {
        TreeMap<String, Json> out = new TreeMap<>();
        for (var entry : findings.flags().entrySet()) {
            RecordId id = entry.getKey();
            Set<Flag> flags = entry.getValue();
            out.put(
                    id.hex(),
                    new Json.Arr(flags.stream()
                            .map(Flag::code)
                            .sorted()
                            .<Json>map(Json.Str::new)
                            .toList()));
        }
        return new Json.Obj(out);
    }

    private static Json.Obj key(KeyFinding key) {
        return JsonBuilder.object()
                .put("follows", key.follows().map(Json.Str::new))
                .put("key", key.key())
                .put("principal", key.principal())
                .strings("recoveredBy", key.recoveredBy())
                .put("report", key.report().map(id -> new Json.Str(id.hex())))
                .put("retired", key.retired())
                .put("since", key.since().map(Json.Int::new))
                .build();
    }

    private static Json.Obj principal(PrincipalFinding finding) {
        Particulars said = finding.particulars();
        return JsonBuilder.object()
                .put(
                        "custodies",
                        array(said.custodies().stream().map(ReportJson::custody).toList()))
                .put("environment", said.environment().map(Json.Str::new))
                .strings("names", said.names().stream().map(Hash::hex).toList())
                .put("owner", said.owner().map(Json.Str::new))
                .put("principal", finding.principal())
                .put("retired", said.retired())
                .build();
    }

    private static Json.Obj custody(PrincipalFacts.Custody custody) {
        return JsonBuilder.object()
                .put("attestationKey", custody.attestationKey().map(Json.Str::new))
                .put("custody", custody.keptIn().wire())
                .put("key", custody.key())
                .build();
    }

    private static Json.Obj suspect(Suspect suspect) {
        return JsonBuilder.object()
                .strings(
                        "corroborated",
                        suspect.corroborated().stream()
                                .map(leaf -> leaf.id().hex())
                                .toList())
                .put("key", suspect.key())
                .put("record", suspect.leaf().id().hex())
                .build();
    }

    private static Json.Obj note(Note note) {
        return JsonBuilder.object()
                .put("code", note.code())
                .put("text", note.text())
                .build();
    }

    private static Json.Obj gap(Gap gap) {
        return JsonBuilder.object()
                .put("from", gap.from())
                .put("stream", gap.stream().toString())
                .put("to", gap.to())
                .build();
    }

    private static Json.Obj openEnd(OpenEnd end) {
        return JsonBuilder.object()
                .put("last", end.last())
                .put("stream", end.stream().toString())
                .build();
    }

    private static Json.Obj action(ActionFinding finding) {
        return JsonBuilder.object()
                .put("intent", finding.action().intent().id().hex())
                .put("outcome", outcome(finding.outcome()))
                .put("permission", permission(finding.permission()))
                .put("record", record(finding.record()))
                .put(
                        "suspects",
                        array(finding.suspects().stream()
                                .map(ReportJson::suspect)
                                .toList()))
                .put("uses", array(finding.uses().stream().map(ReportJson::use).toList()))
                .build();
    }

    private static Json.Obj use(UseFinding finding) {
        return JsonBuilder.object()
                .put("outcome", outcome(finding.outcome()))
                .put("permission", permission(finding.permission()))
                .put("use", finding.use().leaf().id().hex())
                .build();
    }

    private static Json.Obj record(RecordVerdict verdict) {
        return switch (verdict) {
            case RecordVerdict.Sound ignored -> verdict("sound").build();
            case RecordVerdict.Unsound unsound ->
                verdict("unsound").put("code", unsound.code()).build();
        };
    }

    private static Json.Obj permission(PermissionVerdict verdict) {
        return switch (verdict) {
            case PermissionVerdict.Within ignored -> verdict("within").build();
            case PermissionVerdict.Asserted asserted ->
                verdict("asserted").strings("missing", asserted.missing()).build();
            case PermissionVerdict.NotEnforced ignored ->
                verdict("not-enforced").build();
            case PermissionVerdict.NotUsed ignored -> verdict("not-used").build();
            case PermissionVerdict.NotJudged ignored -> verdict("not-judged").build();
            case PermissionVerdict.NotGranted none ->
                verdict("not-granted").put("code", none.code()).build();
            case PermissionVerdict.NotShown upTo ->
                verdict("not-shown").put("code", upTo.code()).build();
            case PermissionVerdict.Beyond beyond ->
                verdict("beyond").put("code", beyond.code()).build();
        };
    }

    private static Json.Obj outcome(OutcomeVerdict verdict) {
        return switch (verdict) {
            case OutcomeVerdict.NothingRan ignored -> verdict("nothing-ran").build();
            case OutcomeVerdict.NotJudged ignored -> verdict("not-judged").build();
            case OutcomeVerdict.Agrees agrees ->
                verdict("agrees")
                        .put("result", agrees.result().wire())
                        .put("timing", agrees.timing().wire())
                        .build();
            case OutcomeVerdict.Unknown unknown ->
                verdict("unknown").put("code", unknown.code()).build();
            case OutcomeVerdict.Disagrees disagrees ->
                verdict("disagrees").put("code", disagrees.code()).build();
        };
    }

    private static JsonBuilder verdict(String word) {
        return JsonBuilder.object().put("verdict", word);
    }

    private static Json.Arr array(List<Json.Obj> items) {
        return new Json.Arr(List.copyOf(items));
    }
}
