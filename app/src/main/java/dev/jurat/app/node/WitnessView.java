package dev.jurat.app.node;

import dev.jurat.app.node.StatusView.Warning;
import dev.jurat.ledger.Quorum;
import dev.jurat.ledger.witness.WitnessStatus;
import dev.jurat.ledger.witness.WitnessStatus.Each;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How the node stands with its witnesses, as the status tells it. */
final class WitnessView {
    private static final long SECOND = 1000;

    private WitnessView() {}

    static Json.Obj json(Optional<WitnessStatus> status) {
        Quorum quorum = status.map(WitnessStatus::quorum).orElse(Quorum.NOBODY);
        List<Json> each = status.map(WitnessStatus::each).orElse(List.of()).stream()
                .<Json>map(WitnessView::one)
                .toList();
        Json.Obj out = quorum.toJson().with("each", new Json.Arr(each));
        return status.map(s -> out.with("start", Json.of(s.start().name().toLowerCase(Locale.ROOT))))
                .orElse(out);
    }

    private static Json.Obj one(Each witness) {
        return JsonBuilder.object()
                .put("at", witness.atSeconds() * SECOND)
                .put("fault", witness.fault())
                .put("name", witness.name())
                .put("size", witness.size())
                .put("text", witness.text())
                .put("url", witness.url())
                .put("vkey", witness.vkey())
                .put("went-back", witness.wentBack())
                .build();
    }

    static List<Warning> warnings(Optional<WitnessStatus> status) {
        List<Warning> out = new ArrayList<>();
        status.ifPresent(s -> warn(s, out));
        return out;
    }

    private static void warn(WitnessStatus status, List<Warning> out) {
        status.halts().stream()
                .findFirst()
                .ifPresent(halt -> out.add(new Warning(halt.code(), NodeWitnesses.text(status.halts()))));
        if (status.start() == WitnessStatus.Start.UNANSWERED) {
            out.add(
                    new Warning(
                            "witness-unanswered",
                            "no witness was there at this start to say whether the log has gone back, so nothing outside this folder guards it"));
        }
        if (status.quorum().size().value() == 0) {
            out.add(new Warning(
                    "not-witnessed",
                    "no quorum of witnesses (" + status.quorum().name() + ") has cosigned this log yet"));
        }
        status.each().stream()
                .filter(Each::wentBack)
                .forEach(witness -> out.add(new Warning(
                        "witness-went-back",
                        "the witness " + witness.name()
                                + " had cosigned more of this log than it knew of later: it may sign a fork, so look at its folder. Told until the"
                                + " node's next start")));
        status.each().stream()
                .filter(witness -> !witness.fault().isEmpty() && status.halts().isEmpty())
                .forEach(witness ->
                        out.add(new Warning(witness.fault(), "the witness " + witness.name() + ": " + witness.text())));
    }
}
