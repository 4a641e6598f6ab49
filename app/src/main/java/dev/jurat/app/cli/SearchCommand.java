package dev.jurat.app.cli;

import dev.jurat.proof.json.Json;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "search",
        description = "Finds actions, newest first.",
        footer = {"", "Times: 2026-11-21T14:00:00Z, or how long ago: 15m, 2h, 3d."})
final class SearchCommand extends NodeCommand {
    /** The last time that a node reads. */
    private static final long MILLIS_MAX = 9_999_999_999_999_999L;

    private static final long LOOK_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    @Option(
            names = "--principal",
            paramLabel = "WHO",
            description =
                    "Who acted: a principal id, a name, or a namespace such as local. What was refused before anybody's intent was read stands under the enforcement point.")
    Optional<String> principal = Optional.empty();

    @Option(
            names = "--action",
            paramLabel = "NAME",
            description =
                    "The tool's name, as in the column WHAT; for a message that was refused before its tool could be read, its method.")
    Optional<String> action = Optional.empty();

    @Option(
            names = "--resource",
            paramLabel = "NAME",
            description = "What was acted on; prefix* for all that begin so.")
    Optional<String> resource = Optional.empty();

    @Option(names = "--decision", paramLabel = "WORD", description = "allow, deny, pending or observed.")
    Optional<String> decision = Optional.empty();

    @Option(
            names = "--outcome",
            paramLabel = "WORD",
            description =
                    "success, tool-error, not-sent, unknown, rolled-back, incomplete (no outcome in time), refused, or open (used, no outcome yet).")
    Optional<String> outcome = Optional.empty();

    @Option(
            names = "--flag",
            paramLabel = "WORD",
            description =
                    "late, repeated, foreign-point (claimed by others), role-forbidden, reference-unknown, signer-suspended or signer-expired.")
    Optional<String> flag = Optional.empty();

    @Option(
            names = "--text",
            paramLabel = "WORDS",
            description =
                    "Whole words of what was called, resources, arguments, purposes, people's reasons; all of them, in any order. Not of secret arguments or erased bodies.")
    Optional<String> text = Optional.empty();

    @Option(names = "--since", paramLabel = "TIME", description = "Not before.")
    Optional<String> since = Optional.empty();

    @Option(names = "--until", paramLabel = "TIME", description = "Before.")
    Optional<String> until = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many, up to 1000 (default: ${DEFAULT-VALUE}).")
    int limit = 50;

    @Option(names = "--cursor", paramLabel = "TEXT", description = "Where the last answer ended.")
    Optional<String> cursor = Optional.empty();

    @Override
    Exit run(Screen screen, JuratClient node) throws NodeException {
        Input.between("--limit", limit, 1, 1000);
        cursor.filter(text -> !text.matches("0|[1-9][0-9]{0,15}")).ifPresent(text -> {
            throw Failure.input("cursor", text + " is not where an answer ended", "leave --cursor out: jurat search");
        });
        StringBuilder filters = new StringBuilder();
        add(filters, "principal", principal);
        add(filters, "action", action);
        add(filters, "resource", resource);
        add(filters, "decision", decision);
        add(filters, "outcome", outcome);
        add(filters, "flag", flag);
        add(filters, "text", text);
        add(filters, "since", since.map(t -> Long.toString(millis(t))));
        add(filters, "until", until.map(t -> Long.toString(millis(t))));
        Json.Obj found = pages(node, filters.toString());
        if (screen.json()) {
            screen.value(found);
            return Exit.DONE;
        }
        List<List<String>> rows =
                View.list(found, "actions").stream().map(SearchCommand::row).toList();
        screen.table(List.of("ACTION", "TIME", "WHO", "WHAT", "ON", "DECISION", "OUTCOME", "FLAGS"), rows);
        if (View.at(found, "index-lag") instanceof Json.Int lag) {
            screen.line(screen.tone(
                    Screen.Tone.WARN, "index-lag: the newest " + lag.value() + " records are not searched yet"));
        }
        String more = View.text(found, "cursor");
        if (!more.isEmpty()) {
            screen.next("for more: " + Next.SAME + " --cursor " + more);
        }
        return Exit.DONE;
    }

    /** As much as was asked for: a node that has long to look answers a part, and where it goes on. */
    private Json.Obj pages(JuratClient node, String filters) throws NodeException {
        long end = System.nanoTime() + LOOK_NANOS_MAX;
        List<Json> actions = new ArrayList<>();
        Optional<String> from = cursor;
        while (true) {
            StringBuilder page = new StringBuilder("/v1/search?limit=" + (limit - actions.size()) + filters);
            add(page, "cursor", from);
            Json.Obj found = node.get(page.toString());
            actions.addAll(View.list(found, "actions"));
            from = Optional.of(View.text(found, "cursor")).filter(text -> !text.isEmpty());
            if (from.isEmpty() || actions.size() >= limit || System.nanoTime() > end) {
                return found.with("actions", new Json.Arr(actions));
            }
        }
    }

    private static List<String> row(Json action) {
        return List.of(
                View.brief(View.text(action, "id")),
                View.time(action, "time"),
                View.text(action, "name").isEmpty() ? View.text(action, "principal") : View.text(action, "name"),
                View.text(action, "action"),
                View.text(action, "erased.ground").isEmpty()
                        ? View.text(action, "resource")
                        : "(erased) " + View.text(action, "resource"),
                View.text(action, "decision"),
                View.text(action, "outcome"),
                View.text(action, "flags"));
    }

    private static void add(StringBuilder path, String name, Optional<String> value) {
        value.ifPresent(
                v -> path.append('&').append(name).append('=').append(URLEncoder.encode(v, StandardCharsets.UTF_8)));
    }

    /** Milliseconds since 1970 of an instant, or of a while ago. */
    static long millis(String text) {
        try {
            long millis = Instant.parse(text).toEpochMilli();
            return Math.clamp(millis, 0, MILLIS_MAX);
        } catch (ArithmeticException beyond) {
            return text.startsWith("-") ? 0 : MILLIS_MAX;
        } catch (DateTimeParseException notAnInstant) {
            if (text.matches("[0-9]{1,6}[smhd]")) {
                String number = text.substring(0, text.length() - 1);
                Duration ago = Duration.parse(
                        text.endsWith("d") ? "P" + number + "D" : "PT" + number + text.substring(text.length() - 1));
                return Math.max(0, Instant.now().minus(ago).toEpochMilli());
            }
            throw Failure.input(
                    "time-syntax",
                    text + " is not a time",
                    "write 2026-11-21T14:00:00Z, 15m, 2h or 3d: jurat search --since 15m");
        }
    }
}
