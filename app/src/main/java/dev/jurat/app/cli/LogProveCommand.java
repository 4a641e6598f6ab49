package dev.jurat.app.cli;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Base64Text;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.state.StateProof;
import dev.jurat.proof.state.StateReport;
import dev.jurat.proof.state.StateReportJson;
import dev.jurat.proof.state.StateReportText;
import dev.jurat.proof.state.Subject;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "prove",
        description =
                "Shows how one thing stands, in a file that proves it to whoever has the trust policy of this log.",
        footer = {
            "",
            "stream     where a session stands: PRINCIPAL/SESSION",
            "principal  whether it is suspended, and all its sessions: its id or name",
            "contract, identity, policy",
            "           how often used, whether revoked or over: an id, or its first 8 digits",
            "key        whose it is, and whether they may sign with it",
            "",
            "The state that is shown is some seconds old; the file says of which size and time. Check it: jurat verify"
        })
final class LogProveCommand extends NodeCommand {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    /** Several times what is between two states, and between two rounds of witnesses. */
    private static final Duration WITNESSED = Duration.ofMinutes(1);

    private static final Set<String> SOON = Set.of("state-none", "state-not-covered", "state-not-witnessed");
    private static final Duration PAUSE = Duration.ofMillis(250);

    @Parameters(index = "0", paramLabel = "KIND", description = "stream, principal, contract, identity, key or policy.")
    String kind = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Which one.")
    String id = "";

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "The file to write (default: none; what it would show is said).")
    Optional<Path> out = Optional.empty();

    @Option(names = "--force", description = "Write over a file that is there already.")
    boolean force;

    @Option(
            names = "--witnessed",
            description = "As of a state that a quorum of witnesses has cosigned; waits for that, up to a minute.")
    boolean witnessed;

    @Override
    Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        out.ifPresent(file -> Input.free(file, force));
        byte[] proof = proof(node, path(subject(node)));
        // Whoever is given the file checks it under a trust policy of their own; this only reads what it says.
        StateReport report = StateProof.check(proof, Optional.empty());
        if (!(report instanceof StateReport.Unanchored sound)) {
            throw Failure.no(
                    "node-lies", "the node gave a proof that does not hold: " + report.codes(), "jurat doctor");
        }
        if (out.isPresent()) {
            PrivateFiles.write(out.get(), proof);
        }
        told(screen, sound, proof.length);
        return Exit.DONE;
    }

    private byte[] proof(JuratClient node, String subject) throws NodeException {
        if (!witnessed) {
            return node.bytes("/v1/log/state/" + subject, StateProof.BYTES_MAX, DEADLINE);
        }
        long end = System.nanoTime() + WITNESSED.toNanos();
        while (true) {
            try {
                return node.bytes("/v1/log/witnessed/state/" + subject, StateProof.BYTES_MAX, DEADLINE);
            } catch (NodeException e) {
                if (!SOON.contains(e.code()) || System.nanoTime() - end >= 0) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private Subject subject(JuratClient node) throws IOException, NodeException, FormatException {
        return switch (kind) {
            case "contract", "identity", "policy" -> Subject.parse(kind, record(node));
            case "principal" -> Subject.parse(kind, View.text(Principals.find(this, node, id), "principal"));
            default -> Subject.parse(kind, id);
        };
    }

    private String record(JuratClient node) throws NodeException, FormatException {
        String typed = Ids.check(id);
        return typed.length() == 64
                ? typed
                : View.entry(node.get("/v1/records/" + typed)).record().id().hex();
    }

    private static String path(Subject subject) throws FormatException {
        return subject.kind() + "/"
                + (subject instanceof Subject.OfKey(String key)
                        ? Base64.getUrlEncoder().withoutPadding().encodeToString(Base64Text.decode(key))
                        : subject.id());
    }

    private void told(Screen screen, StateReport.Unanchored sound, int bytes) {
        if (screen.json()) {
            JsonBuilder said = JsonBuilder.object().put("bytes", bytes);
            out.ifPresent(file -> said.put("file", file.toString()));
            Json finding = StateReportJson.of(sound).members().get("finding");
            screen.value(said.put("finding", Optional.ofNullable(finding)).build());
            return;
        }
        StateReportText.of(sound.finding()).lines().forEach(screen::line);
        if (out.isPresent()) {
            screen.line(out.get() + ": " + bytes + " bytes.");
            screen.next(
                    "jurat verify --trust TRUST.json " + Next.quoted(out.get().toString()));
        } else {
            screen.next(Next.SAME + " --out FILE" + StateProof.EXTENSION);
        }
    }
}
