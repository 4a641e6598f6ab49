package dev.jurat.assurance.harness;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.ExecutionDetails;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.ExecutionFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.Enrolment;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.NodeHead;
import dev.jurat.sdk.Receipt;
import dev.jurat.sdk.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An agent or an enforcement point that says whatever a test wants it to say, with keys that the node knows. */
public final class Party {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final JuratClient client;
    private final Session session;

    private Party(JuratClient client, Session session) {
        this.client = client;
        this.session = session;
    }

    /** Opens a session of the principal whose key lies in this file. */
    public static Party open(Site site, Path keyFile) throws IOException, NodeException, FormatException {
        return open(site, site.socket(), keyFile);
    }

    /** The same at another node's socket. */
    public static Party open(Site site, Path socket, Path keyFile) throws IOException, NodeException, FormatException {
        JuratClient client = site.keep(new JuratClient(socket, DEADLINE));
        KeyFile identity = KeyFile.read(keyFile);
        NodeHead head = client.head();
        Session session = Session.prepare(identity, head.genesis(), RandomSource.secure());
        Session.Opening opening = new Session.Opening(
                head.latest() + 3_600_000,
                RegistryFacts.Isolation.SAME_USER,
                true,
                RegistryFacts.Signs.WRAPPER,
                head.claimed());
        Json.Obj details =
                new RegistryDetails.Session("assurance/1", List.of(), Optional.empty(), Optional.empty()).toJson();
        Party party = new Party(client, session);
        party.mustBeAdmitted(session.open(identity, opening, head.clock(), details));
        return party;
    }

    /** The enforcement point of the site's user, enrolled by itself on a node that nobody has claimed, with a session of its own. */
    public static Party point(Site site) throws IOException, NodeException, FormatException {
        Path file = site.home().resolve("points/mcp.json");
        KeyFile key = KeyFile.open(file, "system", SignerType.SERVICE, RandomSource.secure());
        try (JuratClient client = new JuratClient(site.socket(), DEADLINE)) {
            if (!Enrolment.isKnown(client, key)) {
                Enrolment.self(client, key, Role.POINT, "mcp", client.head(), RandomSource.secure());
            }
        }
        return open(site, file);
    }

    /** Signs a small record that every point may write, about these bytes; nothing is sent. */
    public Entry observation(byte[] matter) throws NodeException {
        return observation(matter, clock());
    }

    /** The same, for a clock that is known already. */
    public Entry observation(byte[] matter, RecordId clock) {
        return session.sign(
                salt -> new ExecutionFacts.Observation("roots/list", Hash.of(matter)),
                References.NONE,
                clock,
                new ExecutionDetails.Observation(matter.length, List.of()).toJson());
    }

    public Session session() {
        return session;
    }

    public JuratClient client() {
        return client;
    }

    public String principal() {
        return session.stream().principal();
    }

    /** Signs the next record of the session; nothing is sent. */
    public Entry sign(Facts facts, References references, Json.Obj details) throws NodeException {
        return session.sign(salt -> facts, references, clock(), details);
    }

    /** Signs and sends one record; answers what became of it. */
    public Receipt.Result say(Facts facts, References references, Json.Obj details) throws NodeException {
        return send(sign(facts, references, details));
    }

    public Receipt.Result send(Entry entry) throws NodeException {
        return client.submit(List.of(entry), DEADLINE).results().getFirst();
    }

    private void mustBeAdmitted(Entry entry) throws NodeException {
        Receipt.Result result = send(entry);
        if (result.status() != Receipt.Status.ADMITTED) {
            throw new IllegalStateException("refused: " + result.rule());
        }
    }

    private RecordId clock() throws NodeException {
        return client.head().clock();
    }
}
