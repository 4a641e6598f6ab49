package dev.jurat.app.cli;

import dev.jurat.app.client.ClientException;
import dev.jurat.app.client.ClientPlaces;
import dev.jurat.app.client.ClientWraps;
import dev.jurat.app.client.Place;
import dev.jurat.app.client.SecretArguments;
import dev.jurat.app.client.Wrap;
import dev.jurat.app.client.Wrapping;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.sdk.JuratHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "install",
        description =
                "Edits a client's configuration so that one of its servers runs behind Jurat. Its secrets move into the keystore.")
final class McpInstall extends McpCommands.Clients {
    private static final String CLAUDE = "claude";
    private static final String SECRET = "secret-in-arguments";

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVER",
            description = "The server's name in the file (default: the only one).")
    Optional<String> server = Optional.empty();

    @Option(
            names = "--client",
            paramLabel = "NAME",
            description = "claude (Claude Code) or claude-desktop (default: claude).")
    Optional<String> client = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The file to edit, where it is not the client's usual one.")
    Optional<Path> config = Optional.empty();

    @Option(
            names = "--project",
            paramLabel = "DIR",
            description = "Only servers of this project (default: those of this folder, and those of the user).")
    Optional<Path> project = Optional.empty();

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "Only servers of this scope: local, project or user, as in claude mcp add.")
    Optional<Place.Scope> scope = Optional.empty();

    @Option(names = "--agent", paramLabel = "NAME", description = "The agent's name (default: the client's).")
    Optional<String> agent = Optional.empty();

    @Option(names = "--observe", description = "Record only; stop nothing.")
    boolean observe;

    @Option(names = "--undo", description = "Put the server's own entry back, and forget its secrets.")
    boolean undo;

    @Option(
            names = "--force",
            description =
                    "With --undo: also where the entry was changed since; where it is gone or the file cannot be read, only forget.")
    boolean force;

    @Override
    Exit edit(Screen screen) throws IOException, FormatException, ClientException {
        ClientWraps wraps = new ClientWraps(home());
        if (undo) {
            return undo(screen, wraps);
        }
        String name = client.orElse(CLAUDE);
        Found found = found(name);
        Wrapping wrapping = new Wrapping(name, launcher(), differingHome(), agent.orElse(name), observe);
        Optional<Wrap> wrap = install(wraps, found, wrapping);
        List<String> secret = SecretArguments.of(standing(wraps, found, wrap).command());
        if (screen.json()) {
            List<Json> warnings = secret.isEmpty()
                    ? List.of()
                    : List.of(JsonBuilder.object()
                            .put("code", SECRET)
                            .put("next", screen.next().commands(elsewhere(name, found)))
                            .put("text", exposed(secret))
                            .build());
            screen.value(
                    told(found.place, found.server, true, wrap.isPresent()).with("warnings", new Json.Arr(warnings)));
            return Exit.DONE;
        }
        screen.line(Screen.clean(found.server + " in " + found.place.told())
                + (wrap.isPresent() ? " runs behind Jurat from the client's next start on." : " runs so already."));
        if (found.place.scope() == Place.Scope.PROJECT) {
            screen.line("  The file is the project's: what was written there names a path of this machine.");
        }
        if (!secret.isEmpty()) {
            screen.line(screen.tone(Screen.Tone.WARN, "! " + SECRET + ": " + Screen.clean(exposed(secret)) + "."));
            screen.line("  " + screen.next().commands(elsewhere(name, found)));
        }
        screen.next("restart the client; then: jurat search   or put it back: jurat mcp install --undo"
                + (alone(wraps, found) ? named(found.server) : meant(name, found.place, found.server)));
        return Exit.DONE;
    }

    /** The wrap as it stands, whether it was put there now or before. */
    private static Wrap standing(ClientWraps wraps, Found found, Optional<Wrap> now)
            throws IOException, FormatException {
        if (now.isPresent()) {
            return now.get();
        }
        return wraps.list().stream()
                .filter(w -> w.place().equals(found.place) && w.server().equals(found.server))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no note of what stands in the file"));
    }

    private static String exposed(List<String> secret) {
        return String.join(", ", secret) + (secret.size() == 1 ? " looks like a secret" : " look like secrets")
                + ": command lines stay in the client's file, and stand in the records of each session and in bundles";
    }

    private static String elsewhere(String client, Found found) {
        return "where the server can read it from a variable: jurat mcp install --undo"
                + meant(client, found.place, found.server)
                + "; move it into env there, which ends in the keystore (as --env NAME=CREDENTIAL), and install again";
    }

    /** One server, so that nothing else can be meant: there may be one of its name in each scope, project and file. */
    private static String meant(String client, Place place, String server) {
        String options = " --client " + client + " --scope "
                + place.scope().wire() + " --config "
                + Next.quoted(place.file().toString())
                + place.folder().map(f -> " --project " + Next.quoted(f)).orElse("");
        return server.startsWith("-") ? options + named(server) : named(server) + options;
    }

    /** A server as the last word, or as one that options follow where its name is not like theirs. */
    private static String named(String server) {
        return (server.startsWith("-") ? " -- " : " ") + Next.quoted(server);
    }

    /** Whether its name is enough to put it back: it was found where the client usually has it, and nothing else is called so. */
    private boolean alone(ClientWraps wraps, Found found) throws IOException, FormatException {
        return config.isEmpty()
                && wraps.list().stream()
                                .filter(w -> w.server().equals(found.server))
                                .count()
                        == 1;
    }

    private static Optional<Wrap> install(ClientWraps wraps, Found found, Wrapping wrapping)
            throws IOException, FormatException, ClientException {
        try {
            return wraps.install(found.place, found.server, wrapping);
        } catch (ClientException e) {
            if (!e.code().equals("client-changed")) {
                throw e;
            }
            String one = meant(wrapping.client(), found.place, found.server);
            throw Failure.input(
                    e.code(),
                    String.valueOf(e.getMessage()),
                    "see what was there: jurat mcp show" + one + "; put that back: jurat mcp install --undo --force"
                            + one + "; then install it again");
        }
    }

    private Exit undo(Screen screen, ClientWraps wraps) throws IOException, FormatException, ClientException {
        Wrap wrap = McpShow.one(wraps.list().stream().filter(this::fits).toList(), "put back");
        Wrap.State found = undo(wraps, wrap);
        if (screen.json()) {
            boolean there = found != Wrap.State.GONE && found != Wrap.State.UNREADABLE;
            screen.value(told(wrap.place(), wrap.server(), false, there));
        } else {
            screen.line(Screen.clean(wrap.server() + " in " + wrap.place().told())
                    + switch (found) {
                        case GONE -> " is gone and stays so; Jurat has forgotten it and its secrets.";
                        case UNREADABLE ->
                            ": the file cannot be read and was left alone; Jurat has forgotten the server and its secrets.";
                        case WRAPPED, BEFORE, CHANGED -> " is as it was before.";
                    });
            screen.next(
                    found == Wrap.State.UNREADABLE
                            ? "mend the file: an entry there that starts jurat mcp wrap has to go; then: jurat mcp list"
                            : "restart the client; then: jurat mcp list");
        }
        return Exit.DONE;
    }

    private Wrap.State undo(ClientWraps wraps, Wrap wrap) throws IOException, FormatException, ClientException {
        String again = wrap.server().startsWith("-")
                ? "jurat mcp install --undo --force" + meant(wrap.client(), wrap.place(), wrap.server())
                : Next.SAME + " --force";
        try {
            return wraps.undo(wrap.place(), wrap.server(), force);
        } catch (FormatException e) {
            throw Failure.input(
                    e.code(),
                    "not usable: " + e.getMessage(),
                    "mend the file and repeat; or drop what Jurat keeps of the server, secrets included: " + again);
        } catch (ClientException e) {
            String next = switch (e.code()) {
                case "client-changed" ->
                    "see what was there: jurat mcp show" + meant(wrap.client(), wrap.place(), wrap.server())
                            + "; put that back all the same: " + again;
                case "client-gone" -> "drop what Jurat keeps of it, secrets included: " + again;
                default -> e.next();
            };
            throw Failure.input(e.code(), String.valueOf(e.getMessage()), next);
        }
    }

    private boolean fits(Wrap wrap) {
        Place place = wrap.place();
        return server.map(wrap.server()::equals).orElse(true)
                && client.map(wrap.client()::equals).orElse(true)
                && scope.map(s -> s == place.scope()).orElse(true)
                && config.map(place::isIn).orElse(true)
                && project.map(place::isOf).orElse(true);
    }

    /** One server, and where it stands. */
    private record Found(Place place, String server) {}

    private Found found(String name) throws IOException, FormatException, ClientException {
        Path folder = project.orElse(Path.of(""));
        if (!Files.isDirectory(folder.toAbsolutePath())) {
            throw Failure.input("client-project", "there is no folder " + folder, "--project DIR");
        }
        List<Found> all = new ArrayList<>();
        List<String> places = new ArrayList<>();
        Path user = JuratHome.userFolder(System.getenv());
        for (Place place : ClientPlaces.of(name, user, config).around(folder)) {
            boolean asked = scope.map(s -> s == place.scope()).orElse(true)
                    && (project.isEmpty() || place.scope() != Place.Scope.USER);
            if (asked) {
                places.add(place.told());
                ClientWraps.names(place).forEach(one -> all.add(new Found(place, one)));
            }
        }
        List<Found> fitting = all.stream()
                .filter(f -> server.map(f.server::equals).orElse(true))
                .toList();
        if (fitting.size() == 1) {
            return fitting.getFirst();
        }
        if (fitting.isEmpty()) {
            throw Failure.input(
                    "client-server",
                    server.map(s -> "there is no server " + s).orElse("there is no server")
                            + (all.isEmpty() ? " in " + String.join(", ", places) : "; there are: " + told(all)),
                    "name one of them; --project DIR looks into another project");
        }
        throw Failure.input(
                "client-server",
                "there are: " + told(fitting),
                server.isEmpty() ? "add the name of one" : "add --scope local, --scope project or --scope user");
    }

    private static String told(List<Found> found) {
        return String.join(
                "; ",
                found.stream().map(f -> f.server + " in " + f.place.told()).toList());
    }

    private static String launcher() {
        String launcher = System.getProperty("jurat.launcher");
        if (launcher == null) {
            throw Failure.input("launcher", "it is not known where jurat is", "run this through ./jurat");
        }
        return launcher;
    }

    /** The home, where a wrapper that only gets the user's HOME would look in another folder. */
    private Optional<Path> differingHome() {
        String user = System.getenv().getOrDefault("HOME", "");
        JuratHome usual = JuratHome.of(Map.of("HOME", user));
        return home().equals(usual) ? Optional.empty() : Optional.of(home().folder());
    }

    private static Json.Obj told(Place place, String server, boolean wrapped, boolean changed) {
        return JsonBuilder.object()
                .put("changed", changed)
                .put("file", place.file().toString())
                .put("folder", place.folder().map(Json.Str::new))
                .put("scope", place.scope().wire())
                .put("server", server)
                .put("wrapped", wrapped)
                .build();
    }
}
