package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Programs;
import dev.jurat.assurance.harness.Site;
import dev.jurat.proof.log.Checkpoint;
import dev.jurat.proof.log.EntryBundle;
import dev.jurat.proof.log.Rfc6962;
import dev.jurat.proof.log.Tile;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.testkit.Matter;
import dev.jurat.testkit.Party;
import dev.jurat.testkit.Successions;
import dev.jurat.testkit.World;
import dev.jurat.testkit.WorldSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A log that its own keeper extends by what nobody signed, under a root and a checkpoint that are sound: somebody follows it, and is told at
 * once, on the screen and in the figures.
 */
final class FollowedDefectTest {
    private final World world = World.claimed();
    private final Successions successions = new Successions(world);
    private volatile WorldSource served = new WorldSource(world.log(), world.checkpoint());

    /** One moment of the log at a time. */
    private synchronized void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Optional<byte[]> answer = answer(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(
                    answer.isPresent() ? 200 : 404,
                    answer.map(bytes -> bytes.length).orElse(-1));
            if (answer.isPresent()) {
                exchange.getResponseBody().write(answer.get());
            }
        }
    }

    private Optional<byte[]> answer(String path) throws IOException {
        if (path.equals("/checkpoint")) {
            served = new WorldSource(world.log(), world.checkpoint());
            return Optional.of(served.note().bytes());
        }
        int width = width();
        EntryBundle bundle = new EntryBundle(0, width);
        Tile tile = new Tile(0, 0, width);
        if (path.equals("/" + bundle.path())) {
            return served.entries(bundle);
        }
        return path.equals("/" + tile.path()) ? Optional.of(hashes(width)) : Optional.empty();
    }

    private int width() throws IOException {
        try {
            return (int) Checkpoint.parse(served.note().text()).size().value();
        } catch (dev.jurat.proof.FormatException e) {
            throw new IOException(e);
        }
    }

    private byte[] hashes(int width) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (SignedRecord leaf : world.log().leaves().subList(0, width)) {
            bytes.writeBytes(Rfc6962.leafHash(leaf.leaf()).bytes());
        }
        return bytes.toByteArray();
    }

    private synchronized void rotated() {
        successions.rotates("point", SignerType.SERVICE, "point", "point next").admitAndJoin();
    }

    /** Two records of the agent's session are in doubt: those from the boundary on. */
    private synchronized long reported() {
        Party second = successions.secondAdministrator();
        Party session = successions.session("agent", "agent", "in doubt").admitAndJoin();
        long since = world.log().leaves().size() - 1L;
        world.observation(session, "one").admit();
        successions
                .compromised(world.administrator(), second, "agent", SignerType.AGENT, "agent", since)
                .admit();
        return since;
    }

    private synchronized void planted() throws Exception {
        Matter honest = world.observation(world.point(), "one").sign();
        byte[] other = world.checkpointKey().sign(honest.record().preAuthentication());
        world.log().append(new Matter(SignedRecord.of(honest.record().payload(), List.of(other)), honest.body()));
    }

    @Test
    void whatNobodySignedStandsUnseenInALogThatIsFollowed() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
        try (Site site = Site.fresh()) {
            Path figures = site.folder().resolve("audit.prom");
            ManagedProcess audit = site.keep(ManagedProcess.start(
                    Programs.jurat(
                            "log",
                            "audit",
                            "http://127.0.0.1:" + server.getAddress().getPort(),
                            "--follow",
                            "--metrics",
                            figures.toString()),
                    site.folder(),
                    site.environment()));
            audit.awaitLine(line -> line.contains("No defect."), Site.READY);
            figure(figures, "key_successions", ",signer=\"service\"", 0);
            rotated();
            long since = reported();
            String suspect = audit.awaitLine(line -> line.contains("suspect "), Site.READY);
            assertTrue(suspect.contains("2 records of ") && suspect.contains("from leaf " + since), suspect);
            figure(figures, "key_successions", ",signer=\"service\"", 1);
            figure(figures, "key_successions", ",signer=\"agent\"", 0);
            figure(figures, "suspect_keys", "", 1);
            figure(figures, "suspect_records", "", 2);
            figure(figures, "defects", "", 0);

            int leaf = world.log().leaves().size();
            planted();
            String defect = audit.awaitLine(line -> line.contains("signature-invalid"), Site.READY);
            assertTrue(defect.contains("leaf " + leaf), defect);
            figure(figures, "defects", "", 1);
            audit.signal("TERM");
            assertEquals(143, audit.exit(Site.READY));
            assertEquals(1, audit.output().split("signature-invalid", -1).length - 1, audit.output());
        } finally {
            server.stop(0);
        }
    }

    /** Waits for it, as long as one round may take: the line comes before the figures of its round are written. */
    private static void figure(Path figures, String name, String label, long value) throws Exception {
        String wanted = "jurat_audit_" + name + "{log=\"" + World.ORIGIN + "\"" + label + "} " + value + "\n";
        for (int i = 0; i < 200 && !Files.readString(figures).contains(wanted); i++) {
            Thread.sleep(20);
        }
        assertTrue(Files.readString(figures).contains(wanted), () -> wanted);
    }
}
