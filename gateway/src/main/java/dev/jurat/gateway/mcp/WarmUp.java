package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.Session;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Loads and runs once what a wrapper needs at its start, for the start-up cache. Talks to nobody. */
final class WarmUp {
    private WarmUp() {}

    static void run() throws FormatException {
        RandomSource random = RandomSource.secure();
        KeyFile identity = KeyFile.generate(JuratHome.NAMESPACE, SignerType.AGENT, random);
        Session session = Session.prepare(identity, RecordId.NONE, random);
        Session.Opening opening =
                new Session.Opening(1, RegistryFacts.Isolation.SAME_USER, true, RegistryFacts.Signs.WRAPPER, false);
        session.open(
                identity,
                opening,
                RecordId.NONE,
                new RegistryDetails.Session("warm-up", List.of(), Optional.empty(), Optional.empty()).toJson());
        Classifier classifier = new Classifier(MessageTable.load());
        byte[] line = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}".getBytes(StandardCharsets.UTF_8);
        if (!(classifier.judge(Side.CLIENT, line) instanceof Verdict.Free)) {
            throw new IllegalStateException("the message table does not know ping");
        }
    }
}
