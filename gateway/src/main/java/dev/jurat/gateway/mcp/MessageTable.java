package dev.jurat.gateway.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The closed table of {@code docs/spec/mcp.md}: which methods there are in which revision, from which side, with which keys in
 * {@code params}, and how each is treated. What is not in the table is refused. {@code _meta} is allowed everywhere. Immutable.
 */
final class MessageTable {
    /** One line: a method of one side and form, over a span of revisions. */
    record Row(
            Side side,
            boolean request,
            Treatment treatment,
            String method,
            Revision since,
            Revision until,
            Set<String> keys) {
        boolean covers(Revision revision) {
            return since.compareTo(revision) <= 0 && revision.compareTo(until) <= 0;
        }
    }

    private static final String RESOURCE = "table.tsv";

    private final List<Row> rows;

    private MessageTable(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    static MessageTable load() {
        try (InputStream in = MessageTable.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the message table is not in the jar");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new MessageTable(text.lines()
                    .filter(l -> !l.startsWith("#") && !l.isBlank())
                    .map(MessageTable::row)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String line) {
        String[] cells = line.split("\t", -1);
        Set<String> keys = cells[6].isEmpty() ? Set.of() : Set.of(cells[6].split(","));
        return new Row(
                Side.valueOf(cells[0].toUpperCase(Locale.ROOT)),
                cells[1].equals("request"),
                Treatment.valueOf(cells[2].toUpperCase(Locale.ROOT)),
                cells[3],
                Revision.of(cells[4]).orElseThrow(),
                Revision.of(cells[5]).orElseThrow(),
                keys);
    }

    List<Row> rows() {
        return rows;
    }

    /** The line for a method in a revision, or empty if the table has none. */
    Optional<Row> find(Side side, boolean request, String method, Revision revision) {
        return rows.stream()
                .filter(r -> r.side == side && r.request == request && r.method.equals(method) && r.covers(revision))
                .findFirst();
    }

    /** The lines of a method over all revisions, for what may be said before a revision is agreed. */
    List<Row> any(Side side, boolean request, String method) {
        List<Row> found = new ArrayList<>();
        for (Row row : rows) {
            if (row.side == side && row.request == request && row.method.equals(method)) {
                found.add(row);
            }
        }
        return found;
    }
}
