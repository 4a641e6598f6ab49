package dev.jurat.gateway.mcp;

import dev.jurat.proof.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Writes {@code vectors/mcp/v1}: run {@link #main} with the repository's root to write the files again. */
final class VectorFiles {
    private VectorFiles() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0], "vectors/mcp/v1");
        Files.createDirectories(folder);
        for (McpCase given : McpCases.all()) {
            Files.writeString(folder.resolve(given.name() + ".json"), text(given));
        }
    }

    static String text(McpCase given) {
        StringBuilder out = new StringBuilder("{\n");
        out.append("  \"name\": ").append(quoted(given.name())).append(",\n");
        out.append("  \"why\": ").append(quoted(given.why())).append(",\n");
        out.append("  \"given\": [");
        String separator = "\n";
        for (McpCase.Line line : given.given()) {
            out.append(separator).append("    ").append(line(line));
            separator = ",\n";
        }
        out.append(given.given().isEmpty() ? "],\n" : "\n  ],\n");
        out.append("  \"judged\": ").append(line(given.judged())).append(",\n");
        return out.append("  \"expect\": ")
                .append(quoted(given.expect()))
                .append("\n}\n")
                .toString();
    }

    private static String line(McpCase.Line line) {
        String side = line.side() == Side.CLIENT ? "client" : "server";
        String text = new String(line.bytes(), StandardCharsets.UTF_8);
        boolean plain = java.util.Arrays.equals(text.getBytes(StandardCharsets.UTF_8), line.bytes());
        return "{\"from\": \"" + side + "\", "
                + (plain
                        ? "\"text\": " + quoted(text)
                        : "\"hex\": " + quoted(HexFormat.of().formatHex(line.bytes())))
                + "}";
    }

    private static String quoted(String text) {
        return dev.jurat.proof.json.CanonicalJson.writeString(Json.of(text));
    }
}
