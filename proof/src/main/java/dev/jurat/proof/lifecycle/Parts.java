package dev.jurat.proof.lifecycle;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a lifecycle needs beside standings to go on: tables of words and numbers by name, of which only what has changed is given away. */
final class Parts {
    private final Map<String, byte[]> given = new HashMap<>();
    private final SortedMap<String, byte[]> changed = new TreeMap<>();

    /** A table of parts that were kept. */
    static List<Row> read(Map<String, byte[]> parts, String name) throws FormatException {
        byte[] kept = parts.get(name);
        return kept == null || kept.length == 0 ? List.of() : rows(kept);
    }

    private static List<Row> rows(byte[] kept) throws FormatException {
        List<Row> rows = new ArrayList<>();
        if (!(CanonicalJson.read(kept) instanceof Json.Arr table)) {
            throw new FormatException("part-invalid", "a part is a table");
        }
        for (Json row : table.items()) {
            if (!(row instanceof Json.Arr cells)) {
                throw new FormatException("part-invalid", "a row of a part has cells");
            }
            rows.add(new Row(cells.items()));
        }
        return rows;
    }

    /** A row of words and numbers. */
    record Row(List<Json> cells) {
        static Row of(Object... values) {
            List<Json> cells = new ArrayList<>();
            for (Object value : values) {
                cells.add(value instanceof Long number ? new Json.Int(number) : new Json.Str(value.toString()));
            }
            return new Row(cells);
        }

        long number(int cell) throws FormatException {
            if (cell < cells.size() && cells.get(cell) instanceof Json.Int number) {
                return number.value();
            }
            throw new FormatException("part-invalid", "cell " + cell + " is no number");
        }

        String word(int cell) throws FormatException {
            if (cell < cells.size() && cells.get(cell) instanceof Json.Str word) {
                return word.value();
            }
            throw new FormatException("part-invalid", "cell " + cell + " is no word");
        }
    }

    /** Says what a part is now. */
    void is(String name, List<Row> rows) {
        List<Json> table =
                rows.stream().<Json>map(row -> new Json.Arr(row.cells())).toList();
        is(name, rows.isEmpty() ? new byte[0] : CanonicalJson.write(new Json.Arr(table)));
    }

    private void is(String name, byte[] bytes) {
        byte[] before = bytes.length == 0 ? given.remove(name) : given.put(name, bytes);
        if (!Arrays.equals(before == null ? new byte[0] : before, bytes)) {
            changed.put(name, bytes);
        }
    }

    /** Takes what was kept for given. */
    void were(Map<String, byte[]> kept) {
        given.putAll(kept);
    }

    /** Gives what has changed since it was asked last. */
    SortedMap<String, byte[]> changes() {
        SortedMap<String, byte[]> now = new TreeMap<>(changed);
        changed.clear();
        return now;
    }
}
