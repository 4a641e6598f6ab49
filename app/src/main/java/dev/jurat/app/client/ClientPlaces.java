package dev.jurat.app.client;

import dev.jurat.proof.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The places in which one client looks for its servers, the nearest first. */
public final class ClientPlaces {
    private static final String SHARED = ".mcp.json";

    private final Path userFile;
    private final boolean projects;

    private ClientPlaces(Path userFile, boolean projects) throws IOException {
        this.userFile = Files.exists(userFile)
                ? userFile.toRealPath()
                : userFile.toAbsolutePath().normalize();
        this.projects = projects;
    }

    /**
     * The places of a client that is known by name.
     *
     * @param user the user's folder
     * @param file stands in for the client's usual file
     */
    public static ClientPlaces of(String client, Path user, Optional<Path> file) throws IOException, ClientException {
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        Path usual = switch (client) {
            case "claude" -> user.resolve(".claude.json");
            case "claude-desktop" ->
                user.resolve(mac ? "Library/Application Support/Claude" : ".config/Claude")
                        .resolve("claude_desktop_config.json");
            default ->
                throw new ClientException(
                        "client-unknown",
                        "no client " + client + " is known",
                        "--client claude, or --client claude-desktop, each with --config FILE if need be");
        };
        return new ClientPlaces(file.orElse(usual), client.equals("claude"));
    }

    /** Those places that are there: of this folder and the repository that it lies in, and of the user. */
    public List<Place> around(Path folder) throws IOException, FormatException, ClientException {
        Set<Place> out = new LinkedHashSet<>();
        boolean user = Files.exists(userFile);
        Set<Path> folders = projects ? folders(folder) : Set.of();
        if (user) {
            ClientFile file = ClientFile.open(userFile);
            for (Path one : folders) {
                Place local = new Place(Place.Scope.LOCAL, userFile, Optional.of(one.toString()));
                if (file.has(local)) {
                    out.add(local);
                }
            }
        }
        for (Path one : folders) {
            Path shared = one.resolve(SHARED);
            if (Files.exists(shared)) {
                out.add(new Place(Place.Scope.PROJECT, shared.toRealPath(), Optional.empty()));
            }
        }
        if (user) {
            out.add(new Place(Place.Scope.USER, userFile, Optional.empty()));
        }
        if (out.isEmpty()) {
            throw new ClientException("client-file", "there is no " + userFile, "name the file with --config FILE");
        }
        return List.copyOf(out);
    }

    /** The folder, and the nearest one above it that is a repository: the client takes either for the project. */
    private static Set<Path> folders(Path folder) throws IOException {
        Set<Path> out = new LinkedHashSet<>();
        Path real = folder.toRealPath();
        out.add(real);
        out.add(folder.toAbsolutePath().normalize());
        for (Path above = real; above != null; above = above.getParent()) {
            if (Files.exists(above.resolve(".git"))) {
                out.add(above);
                break;
            }
        }
        return out;
    }
}
