package dev.jurat.app.cli;

import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import dev.jurat.proof.log.NoteVerifier;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.verify.TrustPolicy;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "trust",
        description = "Writes this node's log key as a trust policy, to hand to whoever is to check its bundles.",
        footer = {"", "Give it to them by a way of its own: a trust policy that comes with the bundle proves nothing."})
final class TrustCommand extends NodeCommand {
    @Option(names = "--out", paramLabel = "FILE", description = "The file to write (default: standard output).")
    Optional<Path> out = Optional.empty();

    @Override
    Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        RecordId genesis = node.head().genesis();
        Fields answer = Fields.of(node.record(genesis), "record");
        byte[] payload = Base64.getDecoder().decode(answer.string("payload"));
        List<byte[]> signatures = answer.strings("signatures").stream()
                .map(Base64.getDecoder()::decode)
                .toList();
        SignedRecord record = SignedRecord.of(payload, signatures);
        if (!record.id().equals(genesis) || !(record.statement().facts() instanceof LedgerFacts.Genesis facts)) {
            throw new FormatException("genesis-invalid", "the node's genesis is not the record that it names");
        }
        NoteVerifier log = NoteVerifier.log(facts.origin(), VerifyKey.parse(Suite.ED25519_2026, facts.checkpointKey()));
        byte[] policy = new TrustPolicy(log, Optional.of(genesis), Optional.empty()).bytes();
        if (out.isEmpty()) {
            screen.line(new String(policy, StandardCharsets.UTF_8));
            return Exit.DONE;
        }
        PrivateFiles.write(out.get(), policy);
        if (screen.json()) {
            screen.value(CanonicalJson.read(policy));
        } else {
            screen.line(out.get() + ": the log key of " + log.name() + " and its genesis "
                    + genesis.hex().substring(0, 12));
            screen.line("  next: jurat verify --trust " + out.get() + " BUNDLE");
        }
        return Exit.DONE;
    }
}
