package dev.jurat.app.signer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Fields;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of a signer whose keys are in a TPM, as processes, before a real swtpm. */
class TpmSignerTest {
    private static final String ME = System.getProperty("user.name");
    private static final String CHALLENGE = "5a".repeat(32);

    @TempDir
    Path folder;

    private Process swtpm;

    @BeforeEach
    void start() throws Exception {
        boolean there = Files.isExecutable(Path.of("/usr/bin/swtpm"));
        if (!there && System.getenv("JURAT_SWTPM_REQUIRED") != null) {
            throw new IllegalStateException("swtpm is required here (JURAT_SWTPM_REQUIRED)");
        }
        Assumptions.assumeTrue(there, "SKIPPED: there is no swtpm here");
        Files.createDirectory(folder.resolve("state"));
        swtpm = new ProcessBuilder(
                        "swtpm",
                        "socket",
                        "--tpm2",
                        "--tpmstate",
                        "dir=" + folder.resolve("state"),
                        "--server",
                        "type=unixio,path=" + folder.resolve("s"),
                        "--flags",
                        "not-need-init,startup-clear")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("swtpm.out").toFile())
                .start();
        for (int i = 0; i < 200 && !Files.exists(folder.resolve("s")); i++) {
            Thread.sleep(20);
        }
    }

    @AfterEach
    void stop() {
        if (swtpm != null) {
            swtpm.destroy();
            swtpm.onExit().join();
        }
    }

    private record Ended(int status, String said) {
        private String member(String name) throws Exception {
            return Fields.of(CanonicalJson.readLoose(said.strip().getBytes(StandardCharsets.UTF_8)), "answer")
                    .string(name);
        }
    }

    private Ended run(String... words) throws Exception {
        return runWith("correct-horse-battery", words);
    }

    private Ended runWith(String passphrase, String... words) throws Exception {
        Path typed = Files.writeString(folder.resolve("typed"), passphrase + "\n");
        List<String> all = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 3<" + typed, "sh"));
        all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        all.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        all.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.jurat.app.cli.Main", "signer"));
        all.addAll(Arrays.asList(words));
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().put("JURAT_HOME", folder.resolve("home").toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Ended(process.exitValue(), said);
    }

    @Test
    void aKeyOfATpmIsShownWhereItIsNotOrOfAnother() throws Exception {
        assertTrue(run("init", "--custody", "software", "--tpm", "/dev/tpm0")
                .said()
                .contains("signer-choice"));
        assertTrue(run("init", "--custody", "tpm", "--tpm", "tpm0").said().contains("tpm-address"));
        Ended init = run("init", "--custody", "tpm", "--tpm", "unix:" + folder.resolve("s"));
        assertEquals(0, init.status(), init.said());
        Ended other = run("make", "a", "--user", ME, "--unlock-fd", "3", "--suite", "ed25519-2026");
        assertTrue(other.said().contains("custody-suite"), other.said());
        Ended made = run("make", "a", "--user", ME, "--unlock-fd", "3", "--json");
        assertEquals(0, made.status(), made.said());
        Ended wrong = runWith("other words", "show", "b", "--unlock-fd", "3");
        assertTrue(wrong.said().contains("custody-key-unknown"), wrong.said());
        Ended shown = run("show", "a", "--unlock-fd", "3");
        assertTrue(shown.said().contains("attestation-key") && shown.said().contains("word of its software"));

        Path file = folder.resolve("evidence.json");
        String[] attest = {
            "attest", "a", "--challenge", CHALLENGE, "--out", file.toString(), "--unlock-fd", "3", "--json"
        };
        Ended locked = runWith("other words", attest);
        assertTrue(locked.said().contains("custody-locked"), locked.said());
        assertFalse(Files.exists(file));
        Ended attested = run(attest);
        assertEquals(0, attested.status(), attested.said());
        assertTrue(run(attest).said().contains("file-exists"));
        checked(file, attested.member("attestationKey"), made.member("key"));
    }

    private void checked(Path file, String believed, String key) throws Exception {
        assertEquals(0, check(file, believed, key, CHALLENGE).status());
        Ended stale = check(file, believed, key, "00".repeat(32));
        assertEquals(1, stale.status(), stale.said());
        assertTrue(stale.said().contains("tpm-challenge"), stale.said());
        Ended unknown = check(file, "000b" + "0".repeat(64), key, CHALLENGE);
        assertEquals(1, unknown.status(), unknown.said());
        assertTrue(unknown.said().contains("tpm-attestation-key"), unknown.said());
        assertEquals(2, check(file, believed, key, "5a").status());
        assertEquals(2, check(file, believed, "none", CHALLENGE).status());
        assertEquals(2, check(folder.resolve("none"), believed, key, CHALLENGE).status());
    }

    private Ended check(Path file, String believed, String key, String challenge) throws Exception {
        return run("check", file.toString(), "--attestation-key", believed, "--key", key, "--challenge", challenge);
    }

    @Test
    void aTpmThatIsNotThereStartsASigner() throws Exception {
        run("init", "--custody", "tpm", "--tpm", "unix:" + folder.resolve("s"));
        assertEquals(0, run("make", "a", "--user", ME, "--unlock-fd", "3").status());
        Ended wrong = runWith("other words", "serve", "--unlock-fd", "3");
        assertEquals(4, wrong.status(), wrong.said());
        assertTrue(wrong.said().contains("custody-locked"), wrong.said());
        stop();
        Ended gone = run("serve", "--unlock-fd", "3");
        assertTrue(gone.said().contains("custody-missing"), gone.said());
        assertTrue(gone.status() != 0);
    }
}
