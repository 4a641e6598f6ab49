package dev.jurat.testkit.vectors;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.testkit.WorldState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/** A state proof in the hands of somebody who changes what they like. Not thread-safe. */
final class StateForgery {
    private Json.Obj proof;

    private StateForgery(Json.Obj proof) {
        this.proof = proof;
    }

    static StateForgery of(byte[] bytes) {
        try {
            return new StateForgery(CanonicalJson.readObject(bytes));
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] bytes() {
        return CanonicalJson.write(proof);
    }

    StateForgery with(String member, Json value) {
        proof = proof.with(member, value);
        return this;
    }

    StateForgery checkpoint(SignedNote note) {
        return with("checkpoint", Json.of(new String(note.bytes(), StandardCharsets.UTF_8)));
    }

    StateForgery subject(String kind, String id) {
        return with(
                "subject", JsonBuilder.object().put("id", id).put("kind", kind).build());
    }

    /** The numbers that stand in a list of parts, in its order. */
    List<Long> numbers(String list) {
        return parts(list).stream().map(part -> number(list, part)).toList();
    }

    private List<Json.Obj> parts(String list) {
        return ((Json.Arr) proof.members().get(list))
                .items().stream().map(item -> (Json.Obj) item).toList();
    }

    private static String place(String list) {
        return list.equals("leaves") ? "index" : "number";
    }

    private static long number(String list, Json.Obj part) {
        return ((Json.Int) part.members().get(place(list))).value();
    }

    private StateForgery parts(String list, List<Json.Obj> parts) {
        return with(list, new Json.Arr(List.copyOf(parts)));
    }

    StateForgery drop(String list, long number) {
        return parts(
                list,
                parts(list).stream().filter(p -> number(list, p) != number).toList());
    }

    StateForgery change(String list, long number, UnaryOperator<Json.Obj> change) {
        return parts(
                list,
                parts(list).stream()
                        .map(p -> number(list, p) == number ? change.apply(p) : p)
                        .toList());
    }

    /** Adds a genuine part in its place, in the stead of one that may be there. */
    StateForgery add(String list, long number, byte[] bytes, List<Hash> path) {
        List<Json.Obj> parts = new ArrayList<>(
                parts(list).stream().filter(p -> number(list, p) != number).toList());
        parts.add(JsonBuilder.object()
                .put("bytes", Base64Text.encode(bytes))
                .put(place(list), number)
                .strings("path", path.stream().map(Hash::hex).toList())
                .build());
        parts.sort(Comparator.comparing(part -> number(list, part)));
        return parts(list, parts);
    }

    /** Adds a genuine leaf with its path. */
    StateForgery leaf(WorldState source, long leaf) {
        return add("leaves", leaf, source.record(leaf).leaf(), source.path(leaf));
    }

    /** Turns a list round. */
    StateForgery reverse(String list) {
        return parts(list, parts(list).reversed());
    }

    /** Another number for a part, in its order. */
    StateForgery move(String list, long number, long to) {
        List<Json.Obj> parts = new ArrayList<>(parts(list).stream()
                .map(p -> number(list, p) == number ? p.with(place(list), Json.of(to)) : p)
                .toList());
        parts.sort(Comparator.comparing(part -> number(list, part)));
        return parts(list, parts);
    }

    /** Flips a bit of the bytes of a part. */
    StateForgery flip(String list, long number, int at) {
        return change(list, number, part -> {
            byte[] bytes = decode(((Json.Str) part.members().get("bytes")).value());
            bytes[at < 0 ? bytes.length + at : at] ^= 1;
            return part.with("bytes", Json.of(Base64Text.encode(bytes)));
        });
    }

    /** Another path for a part. */
    StateForgery path(String list, long number, UnaryOperator<List<String>> change) {
        return change(list, number, part -> {
            List<String> path = ((Json.Arr) part.members().get("path"))
                    .items().stream().map(hash -> ((Json.Str) hash).value()).toList();
            return part.with(
                    "path",
                    new Json.Arr(
                            change.apply(path).stream().<Json>map(Json.Str::new).toList()));
        });
    }

    private static byte[] decode(String text) {
        try {
            return Base64Text.decode(text);
        } catch (FormatException e) {
            throw new IllegalStateException(e);
        }
    }
}
