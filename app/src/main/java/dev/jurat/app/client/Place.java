package dev.jurat.app.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a client keeps entries of servers: a file, and the part of it.
 *
 * @param folder the project whose part of the file it is; empty where it is the file's own {@code mcpServers}
 */
public record Place(Scope scope, Path file, Optional<String> folder) {
    /** For whom a place counts, in the words of {@code claude mcp add --scope}. */
    public enum Scope {
        /** The user, in one project: {@code projects.<folder>.mcpServers} of the user's file. */
        LOCAL,
        /** Everybody who works in a project: {@code .mcp.json} in its folder. */
        PROJECT,
        /** The user, everywhere. */
        USER;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Scope parse(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }
    }

    /** Whether this is a place of the project in a folder, and not of the user everywhere. */
    public boolean isOf(Path project) {
        return switch (scope) {
            case LOCAL -> folder.equals(Optional.of(real(project).toString()));
            case PROJECT -> real(project).equals(file.getParent());
            case USER -> false;
        };
    }

    /** Whether this is a place of that file. */
    public boolean isIn(Path other) {
        return file.equals(real(other));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize();
        }
    }

    /** The file and the part, for people. */
    public String told() {
        return file + folder.map(f -> " (local to " + f + ")").orElse("");
    }
}
