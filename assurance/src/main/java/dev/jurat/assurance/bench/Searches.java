package dev.jurat.assurance.bench;

import dev.jurat.ledger.ActionPage;
import dev.jurat.ledger.Query;
import dev.jurat.ledger.SyntheticIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * Asks a large index, made by {@link SyntheticActions}, each question that is documented: every filter by itself and several together, the first page, pages
 * far behind it, and all pages one after the other. A page that ends early counts as what it is, one answer; how many did is said.
 */
final class Searches {
    private static final int TIMES = 100;
    private static final int PAGES = 20;
    private static final long MONTH_MILLIS = 30L * 86_400_000;

    private final Report report;
    private final Random random = new Random(11);
    private long size;
    private long lastMillis;

    /** Makes up a question. */
    @FunctionalInterface
    private interface Shape {
        Query.Builder make();
    }

    Searches(Report report) {
        this.report = report;
    }

    /** Makes the index in an empty folder, and asks it. */
    void run(Path folder, long records) throws IOException {
        try (SyntheticIndex index = new SyntheticIndex(folder.resolve("synthetic.sqlite"))) {
            fill(index, records);
            size = index.size();
            report.title("Questions to " + size + " records, " + fileBytes(folder) / (1 << 20)
                    + " MiB, a page of 50, the first or one from anywhere");
            for (Object[] one : shapes()) {
                ask(index, (String) one[0], (Shape) one[1]);
            }
            others(index);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private static long fileBytes(Path folder) throws IOException {
        return Files.size(folder.resolve("synthetic.sqlite"));
    }

    private void fill(SyntheticIndex index, long records) throws SQLException {
        report.title("Writing the index, " + records + " records");
        SyntheticActions actions = new SyntheticActions(index, 1);
        long begun = System.nanoTime();
        long from = begun;
        long at = 0;
        while (index.size() < records) {
            index.fill(actions::next);
            if (index.size() - at >= Math.max(100_000, records / 10)) {
                double rate = (index.size() - at) * 1e9 / (System.nanoTime() - from);
                report.line("up to " + index.size(), rate, "records/s");
                at = index.size();
                from = System.nanoTime();
            }
        }
        lastMillis = index.atMillis();
        report.line(
                "all of " + actions.actions() + " actions",
                index.size() * 1e9 / (System.nanoTime() - begun),
                "records/s");
    }

    private int rank(int bound) {
        return SyntheticActions.rank(random, bound);
    }

    private Query.Builder any() {
        return new Query.Builder();
    }

    private Query.Builder agent() {
        return any().principals(Set.of(SyntheticActions.agent(rank(SyntheticActions.AGENTS))));
    }

    private Optional<String> tool() {
        return Optional.of(SyntheticActions.tool(rank(SyntheticActions.TOOLS)));
    }

    private Optional<String> project() {
        return Optional.of(SyntheticActions.project(rank(SyntheticActions.PROJECTS)) + "*");
    }

    private Set<String> words(int count) {
        Set<String> words = new java.util.HashSet<>();
        while (words.size() < count) {
            words.add(SyntheticActions.word(rank(SyntheticActions.WORDS)));
        }
        return words;
    }

    private Query.Builder window(Query.Builder query) {
        long span = lastMillis - SyntheticActions.FIRST_MILLIS;
        long since = SyntheticActions.FIRST_MILLIS + (long) (span * random.nextDouble());
        return query.since(OptionalLong.of(since)).until(OptionalLong.of(since + Math.min(span / 10, MONTH_MILLIS)));
    }

    private Object[] shape(String name, Shape shape) {
        return new Object[] {name, shape};
    }

    private List<Object[]> shapes() {
        return List.of(
                shape("everything", this::any),
                shape("principal", this::agent),
                shape("namespace", () -> any().principals(Set.of("team/*"))),
                shape(
                        "five principals",
                        () -> any().principals(Set.of(
                                SyntheticActions.agent(0),
                                SyntheticActions.agent(rank(100) + 1),
                                SyntheticActions.agent(500),
                                SyntheticActions.agent(900),
                                SyntheticActions.agent(1999)))),
                shape("action", () -> any().action(tool())),
                shape(
                        "resource, whole",
                        () -> any().resource(Optional.of("/home/dev/project-" + rank(500) + "/src/module-" + rank(40)
                                + "/file-" + rank(3000) + ".java"))),
                shape("resource, folder*", () -> any().resource(project())),
                shape("resource, /home/*", () -> any().resource(Optional.of("/home/*"))),
                shape("resource, part of a name*", () -> any().resource(Optional.of("/home/dev/project-1*"))),
                shape(
                        "resource, rare part of a name*",
                        () -> any().resource(Optional.of("/home/dev/project-" + rank(500) + "/src/module-3/file-2*"))),
                shape("decision", () -> any().decision(Optional.of(random.nextBoolean() ? "deny" : "pending"))),
                shape("outcome", () -> any().outcome(Optional.of(random.nextBoolean() ? "unknown" : "tool-error"))),
                shape("flag", () -> any().flag(Optional.of("foreign-point"))),
                shape("since and until", () -> window(any())),
                shape("text, one word", () -> any().words(words(1))),
                shape("text, three words", () -> any().words(words(3))),
                shape("principal, action", () -> agent().action(tool())),
                shape("principal, action, deny", () -> agent().action(tool()).decision(Optional.of("deny"))),
                shape(
                        "namespace, folder*, tool-error",
                        () -> any().principals(Set.of("team/*"))
                                .resource(project())
                                .outcome(Optional.of("tool-error"))),
                shape(
                        "folder*, deny, since and until",
                        () -> window(any().resource(project()).decision(Optional.of("deny")))),
                shape(
                        "part of a name*, flag",
                        () -> any().resource(Optional.of("/home/dev/project-1*"))
                                .flag(Optional.of("late"))),
                shape(
                        "part of a name*, word",
                        () -> any().resource(Optional.of("/home/dev/project-1*"))
                                .words(words(1))),
                shape("principal, word, since and until", () -> window(agent().words(words(1)))),
                shape(
                        "two that exclude each other",
                        () -> any().decision(Optional.of("deny")).outcome(Optional.of("success"))),
                shape(
                        "action that there is not, success",
                        () -> any().action(Optional.of("none")).outcome(Optional.of("success"))),
                shape("everything, 1,000 a page", () -> any().limit(1000)),
                shape("principal, 1,000 a page", () -> agent().limit(1000)));
    }

    private void ask(SyntheticIndex index, String name, Shape shape) throws SQLException {
        List<Long> first = new ArrayList<>();
        List<Long> deep = new ArrayList<>();
        List<Long> paged = new ArrayList<>();
        int early = 0;
        for (int i = 0; i < TIMES; i++) {
            timed(index, shape.make().build(), first);
            timed(
                    index,
                    shape.make()
                            .before(OptionalLong.of(1 + (long) (size * random.nextDouble())))
                            .build(),
                    deep);
            if (i % PAGES == 0) {
                early += page(index, shape.make(), paged);
            }
        }
        List<Long> all = new ArrayList<>(first);
        all.addAll(deep);
        all.addAll(paged);
        report.line(
                name,
                String.format(
                        Locale.ROOT,
                        "p50 %6.2f, p95 %6.2f, p99 %6.2f, most %6.2f ms (first p95 %.2f, deep p95 %.2f; %d early)",
                        Figures.of(all).p50(),
                        Figures.of(all).millis(0.95),
                        Figures.of(all).p99(),
                        Figures.of(all).millis(1),
                        Figures.of(first).millis(0.95),
                        Figures.of(deep).millis(0.95),
                        early));
    }

    private static ActionPage timed(SyntheticIndex index, Query query, List<Long> nanos) throws SQLException {
        long from = System.nanoTime();
        ActionPage page = index.search(query);
        nanos.add(System.nanoTime() - from);
        return page;
    }

    /** Turns pages; answers how many ended before they were full although more was left. */
    private static int page(SyntheticIndex index, Query.Builder query, List<Long> nanos) throws SQLException {
        int early = 0;
        OptionalLong cursor = OptionalLong.empty();
        for (int i = 0; i < PAGES; i++) {
            Query one = query.before(cursor).build();
            ActionPage page = timed(index, one, nanos);
            if (page.next().isEmpty()) {
                break;
            }
            early += page.actions().size() < one.limit() ? 1 : 0;
            cursor = page.next();
        }
        return early;
    }

    private void others(SyntheticIndex index) throws SQLException {
        List<Long> traces = new ArrayList<>();
        List<Long> names = new ArrayList<>();
        for (int i = 0; i < 5 * TIMES; i++) {
            long record = (long) (size * random.nextDouble());
            long from = System.nanoTime();
            index.trace(record);
            traces.add(System.nanoTime() - from);
            from = System.nanoTime();
            index.beginning(record, 8);
            names.add(System.nanoTime() - from);
        }
        line("trace", traces);
        line("a record by the first 8 digits of its id", names);
    }

    private void line(String name, List<Long> nanos) {
        Figures figures = Figures.of(nanos);
        report.line(
                name,
                String.format(
                        Locale.ROOT,
                        "p50 %6.2f, p95 %6.2f, p99 %6.2f, most %6.2f ms",
                        figures.p50(),
                        figures.millis(0.95),
                        figures.p99(),
                        figures.millis(1)));
    }
}
