package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which bodies somebody means who erases or holds some: options of both commands, and what the node finds by them. */
final class Meant {
    @Parameters(
            arity = "0..*",
            paramLabel = "ID|DIGEST",
            description = "Records whose bodies are meant, or digests of bodies.")
    List<String> named = new ArrayList<>();

    @Option(
            names = "--subject",
            paramLabel = "WHO|TEXT",
            description =
                    "Bodies about a principal or session (its id, or a name that one principal has), with all of its actions; and those that say these"
                            + " words, in whatever case, in arguments too. May be given several times.")
    List<String> subjects = new ArrayList<>();

    @Option(
            names = "--before",
            paramLabel = "TIME",
            description =
                    "Bodies of records from before: 2026-11-21T14:00:00Z, or how long ago: 90d. With --subject, those of both.")
    Optional<String> before = Optional.empty();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description = "Only of records of these kinds, such as intent,use,outcome.")
    List<String> kinds = new ArrayList<>();

    /** A body that is there. */
    record Found(RecordId id, long index, String kind, String stream, long bytes, boolean held) {}

    boolean isAnything() {
        return !named.isEmpty() || !subjects.isEmpty() || before.isPresent();
    }

    /** The bodies, in the order of the log. */
    List<Found> find(Screen screen, JuratClient node) throws NodeException, FormatException {
        for (String kind : kinds) {
            Kind.parse(kind);
        }
        Map<Long, Found> found = new TreeMap<>();
        for (String one : named) {
            named(screen, node, one, found);
        }
        for (String one : subjects) {
            for (String subject : subjects(node, one)) {
                scan(screen, node, "subject=" + URLEncoder.encode(subject, StandardCharsets.UTF_8), found);
            }
        }
        if (subjects.isEmpty() && before.isPresent()) {
            scan(screen, node, "", found);
        }
        screen.progress("");
        return List.copyOf(found.values());
    }

    private void named(Screen screen, JuratClient node, String typed, Map<Long, Found> found)
            throws NodeException, FormatException {
        int before = found.size();
        Optional<Json.Obj> answer = record(node, typed);
        if (answer.isEmpty() && typed.length() == 64) {
            scan(screen, node, "digest=" + typed, found);
        }
        if (answer.isPresent()) {
            Entry entry = View.entry(answer.get());
            RecordId id = entry.record().id();
            long index = ((Json.Int) View.at(answer.get(), "index")).value();
            boolean damaged = View.at(answer.get(), "body-damaged").equals(Json.of(true));
            if (entry.body().isPresent() || damaged) {
                scanAt(node, index).filter(one -> one.id().equals(id)).ifPresent(one -> found.put(index, one));
            }
        }
        if (found.size() == before && (answer.isEmpty() || !found.containsKey(index(answer.get())))) {
            throw Failure.no(
                    "no-such-body",
                    "there is no body of " + typed
                            + ": nothing of that name, or it was erased, or is of a kind without one",
                    answer.isPresent() ? "jurat show " + View.brief(typed) : "jurat log list");
        }
    }

    private static long index(Json answer) {
        return View.at(answer, "index") instanceof Json.Int index ? index.value() : -1;
    }

    private static Optional<Json.Obj> record(JuratClient node, String typed) throws NodeException {
        try {
            return Optional.of(node.get("/v1/records/" + Ids.check(typed)));
        } catch (NodeException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A name is a principal's and a word: both are meant. */
    private static Set<String> subjects(JuratClient node, String typed) throws NodeException {
        Set<String> all = new LinkedHashSet<>(List.of(typed));
        for (Json principal : View.list(node.get("/v1/principals"), "principals")) {
            if (View.text(principal, "name").equals(typed)) {
                all.add(View.text(principal, "principal"));
            }
        }
        if (all.size() > 2) {
            throw Failure.input(
                    "name-ambiguous",
                    "several principals call themselves " + typed + "; name one by its id",
                    "jurat agent list");
        }
        return all;
    }

    private Optional<Found> scanAt(JuratClient node, long index) throws NodeException {
        Json.Obj page = node.get("/v1/bodies?limit=1&from=" + index);
        return View.list(page, "bodies").stream()
                .map(Meant::read)
                .filter(found -> found.index() == index)
                .findFirst();
    }

    private void scan(Screen screen, JuratClient node, String what, Map<Long, Found> found) throws NodeException {
        StringBuilder rest = new StringBuilder(what.isEmpty() ? "" : "&" + what);
        before.ifPresent(time -> rest.append("&before=").append(SearchCommand.millis(time)));
        if (!kinds.isEmpty()) {
            rest.append("&kinds=").append(String.join(",", kinds));
        }
        long from = 0;
        long size = Long.MAX_VALUE;
        while (from < size) {
            Json.Obj page = node.get("/v1/bodies?from=" + from + rest);
            View.list(page, "bodies").forEach(body -> found.put(read(body).index(), read(body)));
            from = number(page, "next");
            size = number(page, "size");
            screen.progress(String.format("looking: %,d of %,d records, %,d bodies", from, size, found.size()));
        }
    }

    private static Found read(Json body) {
        try {
            return new Found(
                    RecordId.parse(View.text(body, "id")),
                    number(body, "index"),
                    View.text(body, "kind"),
                    View.text(body, "stream"),
                    number(body, "bytes"),
                    View.at(body, "held").equals(Json.of(true)));
        } catch (FormatException e) {
            throw Failure.no("node-lies", "the node names a body by no record", "jurat doctor");
        }
    }

    private static long number(Json value, String name) {
        if (View.at(value, name) instanceof Json.Int number) {
            return number.value();
        }
        throw Failure.no("node-lies", "the node's answer lacks " + name, "jurat doctor");
    }
}
