package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Stream;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "revoke",
        description =
                "Ends authority at once: of a contract, identity or policy (by record id), a session (PRINCIPAL/SESSION), or a principal.")
final class RevokeCommand extends NodeCommand {
    @Parameters(paramLabel = "WHAT", description = "A record id, or a principal local/…, or its session local/…/…")
    String what = "";

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; kept in the record's body.")
    String reason = "";

    @Option(names = "--as", paramLabel = "NAME", description = "Whose key signs (default: the only one here).")
    Optional<String> as = Optional.empty();

    private record Aim(RegistryFacts.Revocation facts, References references) {}

    @Override
    Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        Input.reason(reason);
        Aim aim = aim(node);
        Person person = Person.unlock(this, node, as);
        Entry entry = person.sign(node, aim.facts(), aim.references(), new PersonDetails(reason));
        Json.Obj answer = Submission.one(node, "/v1/revocations", entry, "jurat agent list");
        if (screen.json()) {
            screen.value(answer);
        } else {
            screen.line("Revoked: " + aim.facts().target().wire() + " " + what);
            screen.next("jurat show " + View.brief(entry.record().id().hex()));
        }
        return Exit.DONE;
    }

    private Aim aim(JuratClient node) throws NodeException, FormatException {
        int slashes = what.length() - what.replace("/", "").length();
        return switch (slashes) {
            case 0 -> record(node);
            case 1 -> plain(RegistryFacts.Target.PRINCIPAL, Optional.empty(), Optional.of(what));
            default -> plain(RegistryFacts.Target.SESSION, Optional.of(Stream.parse(what)), Optional.empty());
        };
    }

    private Aim record(JuratClient node) throws NodeException, FormatException {
        Json.Obj found = node.get("/v1/records/" + Ids.check(what));
        Entry entry = View.entry(found);
        Kind kind = entry.record().kind();
        RegistryFacts.Target target = switch (kind) {
            case CONTRACT -> RegistryFacts.Target.CONTRACT;
            case IDENTITY -> RegistryFacts.Target.IDENTITY;
            case POLICY -> RegistryFacts.Target.POLICY;
            default ->
                throw Failure.input(
                        "not-revocable",
                        "no record of the kind " + kind.wire() + " can be revoked",
                        "name a contract, identity, policy, session or principal; find them with: jurat trace "
                                + View.brief(what));
        };
        RecordId id = entry.record().id();
        return new Aim(revocation(target, Optional.empty(), Optional.empty()), References.of("target", id));
    }

    private static Aim plain(RegistryFacts.Target target, Optional<Stream> session, Optional<String> principal) {
        return new Aim(revocation(target, session, principal), References.NONE);
    }

    private static RegistryFacts.Revocation revocation(
            RegistryFacts.Target target, Optional<Stream> session, Optional<String> principal) {
        return new RegistryFacts.Revocation(target, "by-operator", session, principal);
    }
}
