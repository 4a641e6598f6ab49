package dev.jurat.app.cli;

import dev.jurat.app.keys.Operators;
import dev.jurat.app.node.Maintenance;
import dev.jurat.app.node.StartException;
import dev.jurat.ledger.Halt;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
        name = "doctor",
        description = "Looks for what is wrong here, and says what to do. Exit status 1 if anything is.")
final class DoctorCommand extends Command {
    private static final long CLOCK_DRIFT_MILLIS_MAX = 5_000;

    /** Codes of a node's warnings that are to be repaired; most of what it warns of is how things are. */
    private static final Set<String> FAULTS = Set.of(
            "policy-missing",
            "artefact-damaged",
            "body-damaged",
            "index-stopped",
            "clock-ahead",
            Halt.AHEAD,
            Halt.DIFFERS);

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The node's data folder (default: data in Jurat's folder).")
    Optional<Path> data = Optional.empty();

    private enum Health {
        GOOD,
        NOTE,
        BAD
    }

    private record Finding(String what, Health health, String text, String next) {}

    @Override
    Exit run(Screen screen) throws IOException, FormatException {
        List<Finding> findings = new ArrayList<>();
        Path folder = data.orElseGet(() -> home().folder().resolve("data"))
                .toAbsolutePath()
                .normalize();
        findings.add(java());
        findings.add(tool("npm", "needed by servers that are started with npx, and by the demo's npm server"));
        findings.add(tool("script", "needed by the demo: apt-get install bsdutils"));
        files(findings);
        people(findings);
        spools().ifPresent(findings::add);
        node(findings, folder);
        findings.forEach(finding -> tell(screen, finding));
        return findings.stream().anyMatch(f -> f.health() == Health.BAD) ? Exit.NO : Exit.DONE;
    }

    private static Finding java() {
        boolean fits = Runtime.version().feature() == 25;
        return new Finding(
                "java", fits ? Health.GOOD : Health.BAD, Runtime.version().toString(), fits ? "" : "use a JDK 25");
    }

    private static Finding tool(String name, String why) {
        boolean found = Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        return new Finding(name, found ? Health.GOOD : Health.NOTE, found ? "found" : "not found; " + why, "");
    }

    private void files(List<Finding> findings) throws IOException {
        Path root = home().folder();
        if (!Files.isDirectory(root)) {
            findings.add(new Finding("home", Health.NOTE, root + " is not there yet", "jurat up"));
            return;
        }
        List<Path> open = new ArrayList<>();
        for (String part : List.of("data/keys", "operators", "agents", "points", "credentials")) {
            if (Files.isDirectory(root.resolve(part))) {
                try (Stream<Path> files = Files.walk(root.resolve(part))) {
                    files.filter(DoctorCommand::openToOthers).forEach(open::add);
                }
            }
        }
        String next = open.isEmpty() ? "" : "chmod -R go-rwx " + root;
        findings.add(new Finding(
                "home",
                open.isEmpty() ? Health.GOOD : Health.BAD,
                open.isEmpty() ? root.toString() : "open to others: " + open,
                next));
    }

    private static boolean openToOthers(Path file) {
        try {
            return !PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                    .endsWith("------");
        } catch (IOException e) {
            return true;
        }
    }

    private void people(List<Finding> findings) throws IOException, FormatException {
        int count = new Operators(home()).list().size();
        findings.add(
                count > 0
                        ? new Finding("people", Health.GOOD, count + " key(s) here", "")
                        : new Finding(
                                "people",
                                Health.NOTE,
                                "nobody is enrolled in this folder",
                                "jurat operator enroll --name YOU"));
    }

    /** What a wrapper could not read of what another one left behind. */
    private Optional<Finding> spools() throws IOException {
        List<String> aside = Spool.unreadable(home().spools());
        return aside.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        "spools",
                        Health.NOTE,
                        "set aside since no wrapper can read them: " + aside
                                + "; calls of those sessions without an outcome stay open until the ledger closes them",
                        "jurat search --outcome open"));
    }

    private static void node(List<Finding> findings, Path data) throws IOException {
        try (JuratClient node = new JuratClient(data.resolve("node.sock"), Duration.ofSeconds(5))) {
            Json.Obj status = node.status();
            String state = View.text(status, "ledger.state");
            boolean running = state.equals("running");
            findings.add(new Finding(
                    "node",
                    running ? Health.GOOD : Health.BAD,
                    "ledger " + state + ", " + View.text(status, "ledger.size") + " records, deciding policy "
                            + View.text(status, "policy"),
                    running ? "" : "see the warnings of: jurat status"));
            clock(System.currentTimeMillis() - node.head().latest()).ifPresent(findings::add);
            View.list(status, "warnings").forEach(w -> findings.add(warning(w)));
        } catch (NodeException e) {
            Health health = e.settled() ? Health.NOTE : Health.BAD;
            findings.add(new Finding(
                    "node",
                    health,
                    String.valueOf(e.getMessage()),
                    e.settled() ? "jurat up" : "look at the node's process: jurat status"));
            down(data).ifPresent(findings::add);
        }
    }

    /** How long ago the ledger read the clock; empty where it is ahead of it, which is one of the node's warnings. */
    private static Optional<Finding> clock(long agoMillis) {
        if (agoMillis < -CLOCK_DRIFT_MILLIS_MAX) {
            return Optional.empty();
        }
        boolean idle = agoMillis > CLOCK_DRIFT_MILLIS_MAX;
        return Optional.of(new Finding(
                "clock",
                Health.GOOD,
                idle ? "last read " + agoMillis / 1000 + " s ago (nothing was asked since)" : "in step",
                ""));
    }

    /** What would keep the node from starting, as far as can be told from the log's first leaf. */
    private static Optional<Finding> down(Path data) throws IOException {
        try {
            Maintenance.look(data);
            return Optional.empty();
        } catch (StartException e) {
            return Optional.of(new Finding(e.code(), Health.BAD, String.valueOf(e.getMessage()), e.next()));
        }
    }

    private static Finding warning(Json warning) {
        String code = View.text(warning, "code");
        return new Finding(
                code,
                FAULTS.contains(code) ? Health.BAD : Health.NOTE,
                View.text(warning, "text"),
                View.text(warning, "next"));
    }

    private static void tell(Screen screen, Finding finding) {
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .put("health", finding.health().name().toLowerCase(Locale.ROOT))
                    .put("next", screen.next().commands(finding.next()))
                    .put("text", finding.text())
                    .put("what", finding.what())
                    .build());
            return;
        }
        String mark = switch (finding.health()) {
            case GOOD -> screen.tone(Screen.Tone.GOOD, "ok  ");
            case NOTE -> screen.tone(Screen.Tone.WARN, "note");
            case BAD -> screen.tone(Screen.Tone.BAD, "BAD ");
        };
        screen.line(mark + "  " + finding.what() + ": " + Screen.clean(finding.text()));
        if (!finding.next().isEmpty()) {
            screen.line("        next: " + Screen.clean(screen.next().commands(finding.next())));
        }
    }
}
