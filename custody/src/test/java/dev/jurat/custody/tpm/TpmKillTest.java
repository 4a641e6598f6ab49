package dev.jurat.custody.tpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed while they use a TPM that no resource manager cleans up. */
class TpmKillTest {
    private static final String WORDS = "right";
    private static final byte[] PASSWORD = WORDS.getBytes(StandardCharsets.UTF_8);
    private static final byte[] MESSAGE = "a record".getBytes(StandardCharsets.UTF_8);
    private static final int KILLS = Integer.getInteger("jurat.kills", 12);

    @TempDir
    Path folder;

    @Test
    void whatAKilledSignerLeftFillsTheTpm() throws Exception {
        try (Swtpm swtpm = new Swtpm(Swtpm.Way.UNIX)) {
            Tpm tpm = Tpm.open(swtpm.address(), Duration.ofSeconds(10));
            KeyBlob key = tpm.make(PASSWORD);
            Path file = Files.write(folder.resolve("a.key"), key.bytes("a"));
            long seed = Long.getLong("jurat.seed", System.nanoTime());
            Random random = new Random(seed);
            int left = 0;
            for (int i = 0; i < KILLS; i++) {
                killed(swtpm, file, random.nextInt(60));
                left += loaded(swtpm);
                assertTrue(key.key().verifies(MESSAGE, tpm.sign(key, PASSWORD, MESSAGE)), "seed " + seed);
                assertEquals(34, tpm.certify(key, PASSWORD, new byte[32]).name().length() / 2, "seed " + seed);
            }
            assertTrue(left > 0, "no kill left anything: the test shows nothing; seed " + seed);
        }
    }

    private static void killed(Swtpm swtpm, Path key, int afterMillis) throws Exception {
        Process signing = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TpmSigning.class.getName(),
                        swtpm.address().text().substring("unix:".length()),
                        key.toString(),
                        WORDS))
                .redirectErrorStream(true)
                .start();
        String first = signing.inputReader(StandardCharsets.UTF_8).readLine();
        assertEquals("signing", first);
        Thread.sleep(afterMillis);
        assertTrue(signing.isAlive());
        signing.destroyForcibly();
        assertTrue(signing.waitFor(10, TimeUnit.SECONDS));
    }

    /** How many keys and sessions are loaded while nobody is asking. */
    private static int loaded(Swtpm swtpm) {
        Link link = new Link(() -> TpmDevice.open(swtpm.address()), Duration.ofSeconds(10));
        Commands commands = new Commands(link);
        return link.during(() -> commands.handles(0x80000000).size()
                + commands.handles(0x02000000).size());
    }
}
