package dev.jurat.gateway.mcp;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.RegistryDetails;
import dev.jurat.proof.contract.Launch;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignerType;
import dev.jurat.sdk.Enrolment;
import dev.jurat.sdk.Entry;
import dev.jurat.sdk.Identity;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.JuratHome;
import dev.jurat.sdk.KeyFile;
import dev.jurat.sdk.Lane;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import dev.jurat.sdk.Seen;
import dev.jurat.sdk.Session;
import dev.jurat.sdk.Spool;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The two sessions of one wrapper: the agent's, which signs intents and use proofs, and the enforcement point's, which signs uses and
 * what came of them. Both keys are in this process, and both session records say so.
 */
final class Sessions {
    private static final long MILLIS = Duration.ofHours(24).minusMinutes(1).toMillis();
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final String SOFTWARE = "jurat-mcp-wrap/1";
    private static final RegistryDetails.Session AGENT =
            new RegistryDetails.Session(SOFTWARE, List.of(), Optional.empty(), Optional.empty());

    private final JuratClient client;
    private final Session agent;
    private final Session point;
    private final Seen seen;
    private final Spool spool;
    private final Lane lane;
    private final Folds folds;
    private final Launch launch;
    private final long endNanos;

    private Sessions(JuratClient client, Session agent, Session point, Seen seen, Spool spool, Launch launch) {
        this.client = client;
        this.agent = agent;
        this.point = point;
        this.seen = seen;
        this.spool = spool;
        this.launch = launch;
        this.lane = new Lane(point, client, seen, spool);
        this.folds = new Folds(lane, System::nanoTime);
        this.endNanos = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(MILLIS)
                - Duration.ofMinutes(1).toNanos();
    }

    /** Whether the time that the session records name is over, or nearly. */
    boolean isOver() {
        return System.nanoTime() - endNanos >= 0;
    }

    /**
     * Opens both.
     *
     * @param folder the working folder of the server
     * @param program the file that it was started from
     */
    static Sessions open(
            JuratHome home, NodeDoor.Open node, WrapOptions options, Path folder, String program, RandomSource random)
            throws IOException, FormatException, NodeException, WrapException {
        Identity agent = Identity.open(home.agentKey(options.agent()), JuratHome.NAMESPACE, SignerType.AGENT, random);
        KeyFile point = KeyFile.open(home.pointKey(), "system", SignerType.SERVICE, random);
        JuratClient client = node.client();
        // Wrappers that start at once share these keys: two enrolments of one key would be a conflict.
        try (FileChannel file =
                        FileChannel.open(home.enrolmentLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            Objects.requireNonNull(lock);
            ensureKnown(node, agent, Role.AGENT, options.agent(), enrol(options.agent()), random);
            ensureKnown(node, point, Role.POINT, "mcp", enrol(options.agent()), random);
        }
        Seen seen = new Seen(client, node.head().clock());
        Launch launch = Launch.of(options.command(), folder.toString(), program, options.credentials(), point.key());
        Session agentSession = start(node, agent, seen, AGENT, random);
        Session pointSession = start(node, point, seen, details(options, launch), random);
        // The sessions' own keys sign from here on.
        agent.close();
        point.close();
        return new Sessions(
                client,
                agentSession,
                pointSession,
                seen,
                Spool.open(home.spools(), pointSession.stream().session()),
                launch);
    }

    private static void ensureKnown(
            NodeDoor.Open node, Identity identity, Role role, String name, String next, RandomSource random)
            throws NodeException, WrapException {
        if (Enrolment.isKnown(node.client(), identity)) {
            return;
        }
        Optional<String> rule = node.head().claimed()
                ? Optional.of("enrolment-closed")
                : Enrolment.self(node.client(), identity, role, name, node.head(), random);
        if (rule.isPresent()) {
            throw WrapException.refused(
                    rule.get(),
                    "the node does not know " + identity.principal() + " and takes in nobody by themselves",
                    next);
        }
    }

    /** What an administrator runs; it makes the point known, too. */
    private static String enrol(String agent) {
        return "jurat agent enroll " + agent;
    }

    private static RegistryDetails.Session details(WrapOptions options, Launch launch) {
        return new RegistryDetails.Session(
                SOFTWARE,
                launch.command(),
                Optional.of("none"),
                Optional.of(ChildEnvironment.source(options.credentials())),
                Optional.of(launch));
    }

    private static Session start(
            NodeDoor.Open node, Identity identity, Seen seen, RegistryDetails.Session details, RandomSource random)
            throws NodeException, WrapException {
        Session session = Session.prepare(identity, node.head().genesis(), random);
        Session.Opening opening = new Session.Opening(
                node.head().latest() + MILLIS,
                RegistryFacts.Isolation.SAME_USER,
                true,
                RegistryFacts.Signs.WRAPPER,
                node.head().claimed());
        Entry record = session.open(identity, opening, seen.known(), details.toJson());
        Receipt receipt = node.client().submit(List.of(record), DEADLINE);
        seen.saw(receipt.clock());
        Receipt.Result result = receipt.results().getFirst();
        if (result.status() == Receipt.Status.REFUSED) {
            throw WrapException.refused(
                    result.rule(), "the node refused the session of " + identity.principal(), "jurat agent list");
        }
        return session;
    }

    Session agent() {
        return agent;
    }

    String pointPrincipal() {
        return point.stream().principal();
    }

    /** How the server was started, as the point's session says it. */
    Launch launch() {
        return launch;
    }

    Seen seen() {
        return seen;
    }

    Lane lane() {
        return lane;
    }

    /** Where refusals go. */
    Folds folds() {
        return folds;
    }

    /** Writes what is queued and ends both sessions. What could not be written stays in the spool for the next start; standard error says so. */
    void end(Duration time, Commands commands) throws InterruptedException {
        folds.tell();
        Lane.End ended = lane.finish(time);
        try {
            if (ended == Lane.End.RUNNING) {
                tellLost("what was left of them may not be kept");
            } else if (ended == Lane.End.DONE
                    && spool.unsettled().isEmpty()
                    && spool.openUses().isEmpty()) {
                end(point);
                end(agent);
                spool.discard();
            } else {
                tellKept(commands);
                spool.close();
            }
        } catch (NodeException | IOException e) {
            // The sessions end by their own time; the spool, if there is still one, is taken up at the next start.
            closeQuietly();
        } finally {
            client.close();
        }
    }

    private void tellKept(Commands commands) {
        int kept = spool.unsettled().size();
        if (kept > 0) {
            System.err.println("jurat mcp wrap: records-kept: the ledger did not take the last " + kept
                    + " records of this session; they are kept in " + spool.folder()
                    + ", and the next wrapper that starts submits them\n  next: start the node if it is down: "
                    + commands.complete("jurat up"));
        }
        if (lane.lost() > 0) {
            tellLost(lane.lost() + " could not be kept (" + lane.brokenBy() + ")");
        }
    }

    private static void tellLost(String what) {
        System.err.println("jurat mcp wrap: records-lost: of the records of this session " + what
                + ": calls of which the outcome is among them are called unknown\n  next: look at the disk: df");
    }

    private void closeQuietly() {
        try {
            spool.close();
        } catch (IOException e) {
            // The lock goes with the process.
        }
    }

    private void end(Session session) throws NodeException {
        Facts facts = new RegistryFacts.SessionEnd(session.next(), "closed");
        Entry record = session.sign(
                salt -> facts,
                References.NONE,
                seen.known(),
                JsonBuilder.object().build());
        client.submit(List.of(record), DEADLINE);
        session.close();
    }
}
