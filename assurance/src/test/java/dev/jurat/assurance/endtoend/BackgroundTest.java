package dev.jurat.assurance.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.assurance.harness.ManagedProcess;
import dev.jurat.assurance.harness.Site;
import dev.jurat.assurance.harness.Values;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that are started in the background: twice at once, and such that they cannot start. */
final class BackgroundTest {
    private Site site;

    @BeforeEach
    void start() throws IOException {
        site = Site.fresh();
    }

    @AfterEach
    void stop() throws IOException {
        site.close();
    }

    private ManagedProcess up(Path data) throws IOException {
        List<String> command =
                List.of(Site.launcher().toString(), "up", "--background", "--json", "--data", data.toString());
        return site.keep(ManagedProcess.start(command, site.folder(), site.environment()));
    }

    @Test
    void aNodeThatCannotStartIsWaitedForOrItsReasonIsLost() throws IOException {
        long began = System.nanoTime();
        ManagedProcess up = up(site.folder().resolve("x".repeat(120)));

        assertEquals(2, up.exit(Site.READY), up.output() + up.errors());
        assertEquals("socket-path-long", Values.text(Values.parse(up.output()), "error.code"), up.output());
        assertEquals(
                "choose a folder with a shorter path; see jurat up --help",
                Values.text(Values.parse(up.output()), "error.next"),
                up.output());
        assertTrue((System.nanoTime() - began) / 1_000_000_000 < 25, "it took as long as a node may");
    }

    @Test
    void theSecondOfTwoStartsAtOnceFails() throws IOException {
        List<ManagedProcess> both = new ArrayList<>(List.of(up(site.data()), up(site.data())));
        for (ManagedProcess one : both) {
            assertEquals(0, one.exit(Site.READY), one.output() + one.errors());
            assertEquals(site.data().toString(), Values.text(Values.parse(one.output()), "data"), one.output());
        }
    }
}
