package dev.jurat.proof.assess;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.RecordId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** An assessment as data, for programs: the closed object of {@code docs/operate/assess.md} §6. */
public final class AssessmentJson {
    /** Changes whenever a member is added, taken away or means something else. */
    public static final long SCHEMA_VERSION = 1;

    private AssessmentJson() {}

    public static Json.Obj of(Assessment assessment) {
        return JsonBuilder.object()
                .put("criteria", array(assessment.assessed(), AssessmentJson::assessed))
                .put("level", level(assessment))
                .put("protocol", "AG-016")
                .put("schema_version", SCHEMA_VERSION)
                .put("subject", subject(assessment.evidence()))
                .build();
    }

    private static <T> Json.Arr array(List<T> all, Function<T, Json> toJson) {
        return new Json.Arr(all.stream().map(toJson).toList());
    }

    private static Json.Obj subject(Evidence e) {
        return JsonBuilder.object()
                .put("anchored", e.anchored())
                .put("checkpoint", checkpoint(Pointer.to(e.checkpoint())))
                .put("defects", e.defectCount())
                .put("extent", e.extent().code())
                .put("genesis", e.genesis().map(RecordId::hex).map(Json::of))
                .put("records", e.survey().records.count())
                .put("witnesses_asked", e.asked())
                .put(
                        "witnesses_signed",
                        array(
                                e.cosigned(),
                                c -> JsonBuilder.object()
                                        .put("name", c.name())
                                        .put("seconds", c.seconds())
                                        .build()))
                .build();
    }

    private static Json checkpoint(Pointer.OfCheckpoint checkpoint) {
        return JsonBuilder.object()
                .put("origin", checkpoint.origin())
                .put("root", checkpoint.root())
                .put("size", checkpoint.size())
                .build();
    }

    private static Json.Obj level(Assessment assessment) {
        return JsonBuilder.object()
                .strings("declared", numbers(assessment.onTheirWord()))
                .strings("missing", numbers(assessment.missing()))
                .put("next", assessment.next().map(Level::code).map(Json::of))
                .put("reached", assessment.level().map(Level::code).orElse("none"))
                .build();
    }

    private static List<String> numbers(List<Assessment.Assessed> assessed) {
        return assessed.stream().map(a -> a.criterion().number()).toList();
    }

    private static Json assessed(Assessment.Assessed assessed) {
        Criterion criterion = assessed.criterion();
        return JsonBuilder.object()
                .put("duty", criterion.duty().name().toLowerCase(Locale.ROOT))
                .put("findings", array(assessed.findings(), AssessmentJson::finding))
                .put("number", criterion.number())
                .put("title", criterion.title())
                .put("verdict", assessed.verdict().code())
                .build();
    }

    private static Json finding(Finding finding) {
        return JsonBuilder.object()
                .put("by", by(finding.verdict()).map(Json::of))
                .put("code", finding.code())
                .put("evidence", array(finding.evidence(), AssessmentJson::pointer))
                .put("needs", needs(finding.verdict()).map(Json::of))
                .put("text", finding.text())
                .put("verdict", finding.verdict().code())
                .build();
    }

    private static Optional<String> by(Verdict verdict) {
        return verdict instanceof Verdict.Declared declared ? Optional.of(declared.by()) : Optional.empty();
    }

    private static Optional<String> needs(Verdict verdict) {
        return verdict instanceof Verdict.NotAssessable not ? Optional.of(not.needs()) : Optional.empty();
    }

    private static Json pointer(Pointer pointer) {
        return switch (pointer) {
            case Pointer.OfRecord record ->
                JsonBuilder.object()
                        .put("kind", record.kind())
                        .put("leaf", record.leaf())
                        .put("record", record.id())
                        .build();
            case Pointer.OfCheckpoint stated ->
                JsonBuilder.object().put("checkpoint", checkpoint(stated)).build();
            case Pointer.OfDefect defect ->
                JsonBuilder.object()
                        .put("defect", defect.code())
                        .put("where", defect.where())
                        .build();
            case Pointer.OfPage page ->
                JsonBuilder.object().put("page", page.page()).build();
        };
    }
}
