package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.CustodyFacts.HoldGround;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "hold",
        description = {
            "Keeps bodies from being erased by anybody until the hold is lifted. An administrator signs, and the hold is a record.",
            "By id, --subject or --before those that are there now; --principal and --everything also those to come."
        },
        footer = {"", "Grounds: litigation, investigation, regulator, audit, legal-duty, other-law."})
final class LogHoldCommand extends NodeCommand {
    private static final int RECORDS_PER_HOLD = 40;

    @Mixin
    Meant meant = new Meant();

    @Option(
            names = "--principal",
            paramLabel = "WHO",
            description = "Every body in the streams of one principal, to come too.")
    Optional<String> principal = Optional.empty();

    @Option(names = "--everything", description = "Every body of the log, to come too.")
    boolean everything;

    @Option(names = "--ground", paramLabel = "WORD", description = "Why, as one of the words below.")
    Optional<String> ground = Optional.empty();

    @Option(names = "--lift", paramLabel = "HOLD", description = "Ends this hold, as in --list.")
    Optional<String> lift = Optional.empty();

    @Option(names = "--list", description = "The holds that stand.")
    boolean list;

    @Option(names = "--as", paramLabel = "NAME", description = "Whose key signs (default: the only one here).")
    Optional<String> as = Optional.empty();

    @Override
    Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        long asked = List.of(meant.isAnything(), principal.isPresent(), everything, lift.isPresent(), list).stream()
                .filter(yes -> yes)
                .count();
        if (asked != 1) {
            throw Failure.input(
                    "nothing-meant",
                    "say one thing: what to hold, --lift, or --list",
                    "name records, --subject, --before, --principal or --everything");
        }
        if (list) {
            return list(screen, node);
        }
        return lift.isPresent() ? lift(screen, node, lift.get()) : place(screen, node);
    }

    private static Exit list(Screen screen, JuratClient node) throws NodeException {
        Json.Obj answer = node.get("/v1/holds");
        if (screen.json()) {
            screen.value(answer);
            return Exit.DONE;
        }
        screen.table(
                List.of("HOLD", "GROUND", "SCOPE", "ON"),
                View.list(answer, "holds").stream()
                        .map(hold -> List.of(
                                View.brief(View.text(hold, "id")),
                                View.text(hold, "ground"),
                                View.text(hold, "scope"),
                                View.list(hold, "records").isEmpty()
                                        ? View.text(hold, "principal")
                                        : View.list(hold, "records").size() + " bodies"))
                        .toList());
        return Exit.DONE;
    }

    private Exit lift(Screen screen, JuratClient node, String typed)
            throws IOException, NodeException, FormatException {
        Entry hold = View.entry(node.get("/v1/records/" + Ids.check(typed)));
        if (!(hold.record().statement().facts() instanceof CustodyFacts.Place)) {
            throw Failure.input("no-such-hold", typed + " is no hold", "jurat log hold --list");
        }
        Person person = Person.unlock(this, node, as);
        Entry entry = person.signBare(
                node,
                new CustodyFacts.Lift(),
                References.of("hold", hold.record().id()));
        Submission.one(node, entry, "jurat log hold --list");
        told(screen, "Lifted", List.of(entry.record().id()), 1);
        return Exit.DONE;
    }

    private Exit place(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        HoldGround why = ground();
        List<CustodyFacts.Place> places = places(screen, node, why);
        Person person = Person.unlock(this, node, as);
        List<RecordId> done = new ArrayList<>();
        for (CustodyFacts.Place place : places) {
            Entry entry = person.signBare(node, place, References.NONE);
            Submission.one(node, entry, "jurat log hold --list");
            done.add(entry.record().id());
            screen.progress(String.format("holding: %,d of %,d holds", done.size(), places.size()));
        }
        screen.progress("");
        told(
                screen,
                "Held",
                done,
                places.stream().mapToInt(p -> p.records().size()).sum());
        return Exit.DONE;
    }

    private HoldGround ground() {
        try {
            return HoldGround.parse(ground.orElse(""));
        } catch (FormatException e) {
            throw Failure.input("ground-unknown", ground.orElse("nothing") + " is no ground", "");
        }
    }

    private List<CustodyFacts.Place> places(Screen screen, JuratClient node, HoldGround why)
            throws IOException, NodeException, FormatException {
        if (everything) {
            return List.of(new CustodyFacts.Place(why, CustodyFacts.Scope.EVERYTHING, Optional.empty(), List.of()));
        }
        if (principal.isPresent()) {
            String id = View.text(Principals.find(this, node, principal.get()), "principal");
            return List.of(new CustodyFacts.Place(why, CustodyFacts.Scope.PRINCIPAL, Optional.of(id), List.of()));
        }
        List<RecordId> found =
                meant.find(screen, node).stream().map(Meant.Found::id).sorted().toList();
        if (found.isEmpty()) {
            throw Failure.no("no-such-body", "there is no such body, or none any more", "jurat log list");
        }
        screen.terminal().line(String.format("%,d bodies would be held (%s).", found.size(), why.wire()));
        List<CustodyFacts.Place> places = new ArrayList<>();
        for (int i = 0; i < found.size(); i += RECORDS_PER_HOLD) {
            places.add(new CustodyFacts.Place(
                    why,
                    CustodyFacts.Scope.RECORDS,
                    Optional.empty(),
                    List.copyOf(found.subList(i, Math.min(found.size(), i + RECORDS_PER_HOLD)))));
        }
        return places;
    }

    private static void told(Screen screen, String what, List<RecordId> records, int bodies) {
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .put("bodies", bodies)
                    .strings("records", records.stream().map(RecordId::hex).toList())
                    .build());
        } else {
            screen.line(what + ", by " + records.size() + " record" + (records.size() == 1 ? "" : "s"));
            screen.next("jurat log hold --list");
        }
    }
}
