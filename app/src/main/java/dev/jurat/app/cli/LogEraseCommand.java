package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.CustodyFacts.ErasureGround;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.Stream;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "erase",
        description = {
            "Destroys bodies: arguments, names, reasons, answers. An administrator signs, and the erasure is a record.",
            "Statements, policies, profiles and every proof stay. What is held is left out."
        },
        footer = {
            "",
            "Grounds: subject-request, consent-withdrawn, retention, mistake, court-order, legal-duty, other-law.",
            "Bundles and backups that somebody has are not reached: docs/operate/erasure-and-backup.md.",
            "Exit status: 0 all that is meant is erased, 1 nothing is, or some is held."
        })
final class LogEraseCommand extends NodeCommand {
    private static final int RECORDS_PER_ERASURE = 24;
    private static final int ERASURES_PER_GROUP = 8;
    private static final int SHOWN = 10;

    @Mixin
    Meant meant = new Meant();

    @Option(names = "--ground", paramLabel = "WORD", required = true, description = "Why, as one of the words below.")
    String ground = "";

    @Option(names = "--dry-run", description = "Says what would be erased, and asks for no passphrase.")
    boolean dry;

    @Option(names = "--as", paramLabel = "NAME", description = "Whose key signs (default: the only one here).")
    Optional<String> as = Optional.empty();

    @Override
    Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        ErasureGround why = ground(ground);
        if (!meant.isAnything()) {
            throw Failure.input(
                    "nothing-meant", "what is to be erased is not said", "name records, --subject or --before");
        }
        List<Meant.Found> found = meant.find(screen, node);
        List<Meant.Found> held = found.stream().filter(Meant.Found::held).toList();
        List<Meant.Found> free = found.stream().filter(one -> !one.held()).toList();
        if (dry) {
            preview(screen, free, held, why);
            if (screen.json()) {
                screen.value(answer(why, free, held, List.of(), true));
            }
            return free.isEmpty() ? Exit.NO : Exit.DONE;
        }
        if (free.isEmpty()) {
            throw held.isEmpty()
                    ? Failure.no("no-such-body", "there is no such body, or none any more", "jurat log list")
                    : Failure.no(
                            "held",
                            "all " + held.size() + " bodies that are meant are held",
                            "which holds there are: jurat log hold --list");
        }
        preview(screen.terminal(), free, held, why);
        List<RecordId> erasures = erase(screen, node, Person.unlock(this, node, as), free, why);
        if (screen.json()) {
            screen.value(answer(why, free, held, erasures, false));
        } else {
            screen.line(String.format("Erased: %,d bodies, by %,d erasures", free.size(), erasures.size()));
            screen.next("jurat show " + View.brief(erasures.getFirst().hex()));
        }
        return held.isEmpty() ? Exit.DONE : Exit.NO;
    }

    private static ErasureGround ground(String typed) {
        try {
            return ErasureGround.parse(typed);
        } catch (FormatException e) {
            throw Failure.input("ground-unknown", typed + " is no ground", "");
        }
    }

    /** What is signed for, before a passphrase is asked. */
    private static void preview(Screen screen, List<Meant.Found> free, List<Meant.Found> held, ErasureGround why) {
        if (screen.json()) {
            return;
        }
        screen.line(screen.tone(
                Screen.Tone.STRONG,
                String.format("%,d bodies would be destroyed for good", free.size()) + " (" + why.wire() + "): "
                        + byKind(free)));
        free.stream().limit(SHOWN).forEach(one -> screen.line("  " + line(one)));
        if (free.size() > SHOWN) {
            screen.line(String.format("  and %,d more: --dry-run --json has all", free.size() - SHOWN));
        }
        if (!held.isEmpty()) {
            screen.line(screen.tone(
                    Screen.Tone.WARN, String.format("Held, and not erased: %,d", held.size()) + ": " + byKind(held)));
        }
        screen.line("What others have stays: bundles that were exported, and backups with their slots.");
    }

    private static String line(Meant.Found one) {
        return "leaf " + one.index() + "  " + one.kind() + "  "
                + View.brief(one.id().hex()) + "  of " + Screen.clean(one.stream())
                + String.format("  %,d bytes", one.bytes());
    }

    private static String byKind(List<Meant.Found> all) {
        Map<String, Long> kinds =
                all.stream().collect(Collectors.groupingBy(Meant.Found::kind, TreeMap::new, Collectors.counting()));
        return kinds.entrySet().stream()
                .map(kind -> kind.getKey() + " " + kind.getValue())
                .collect(Collectors.joining(", "));
    }

    private static List<RecordId> erase(
            Screen screen, JuratClient node, Person person, List<Meant.Found> all, ErasureGround why)
            throws NodeException, FormatException {
        List<CustodyFacts.Erasure> wanted = erasures(all, why);
        List<RecordId> done = new ArrayList<>();
        int bodies = 0;
        for (int i = 0; i < wanted.size(); i += ERASURES_PER_GROUP) {
            List<CustodyFacts.Erasure> some = wanted.subList(i, Math.min(wanted.size(), i + ERASURES_PER_GROUP));
            List<Entry> entries = person.signBare(node, some);
            for (Receipt.Result result : Submission.all(node, entries)) {
                if (result.status() == Receipt.Status.REFUSED) {
                    throw Submission.refused(result.rule(), "jurat log hold --list");
                }
                done.add(result.id());
            }
            bodies += some.stream().mapToInt(one -> one.records().size()).sum();
            screen.progress(String.format("erasing: %,d of %,d bodies", bodies, all.size()));
        }
        screen.progress("");
        return done;
    }

    private static List<CustodyFacts.Erasure> erasures(List<Meant.Found> all, ErasureGround why)
            throws FormatException {
        Map<String, List<CustodyFacts.Erased>> streams = new TreeMap<>();
        for (Meant.Found one : all) {
            streams.computeIfAbsent(one.stream(), s -> new ArrayList<>())
                    .add(new CustodyFacts.Erased(one.id(), one.index()));
        }
        List<CustodyFacts.Erasure> out = new ArrayList<>();
        for (Map.Entry<String, List<CustodyFacts.Erased>> stream : streams.entrySet()) {
            List<CustodyFacts.Erased> records = stream.getValue();
            for (int i = 0; i < records.size(); i += RECORDS_PER_ERASURE) {
                out.add(new CustodyFacts.Erasure(
                        why,
                        Stream.parse(stream.getKey()),
                        List.copyOf(records.subList(i, Math.min(records.size(), i + RECORDS_PER_ERASURE)))));
            }
        }
        return out;
    }

    private static Json.Obj answer(
            ErasureGround why, List<Meant.Found> free, List<Meant.Found> held, List<RecordId> erasures, boolean dry) {
        return JsonBuilder.object()
                .put("bodies", ids(free))
                .put("dry-run", dry)
                .strings("erasures", erasures.stream().map(RecordId::hex).toList())
                .put("ground", why.wire())
                .put("held", ids(held))
                .build();
    }

    private static Json.Arr ids(List<Meant.Found> all) {
        return new Json.Arr(all.stream()
                .<Json>map(one -> JsonBuilder.object()
                        .put("id", one.id().hex())
                        .put("kind", one.kind())
                        .put("leaf", one.index())
                        .build())
                .toList());
    }
}
