package dev.jurat.app.signer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.signer.SignerKey;
import dev.jurat.custody.tpm.TpmAddress;
import dev.jurat.proof.FormatException;
import dev.jurat.sdk.Identity;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of a signer as processes, from the first one to an agent's identity. */
class SignerProcessTest {
    private static final String WORDS = "correct-horse-battery";
    private static final String ME = System.getProperty("user.name");

    @TempDir
    Path folder;

    private record Ended(int status, String said) {}

    /** A command whose file descriptor 3 has the passphrase. */
    private ProcessBuilder command(String... words) throws IOException {
        return command(Files.writeString(folder.resolve("typed"), WORDS + "\n"), words);
    }

    private ProcessBuilder command(Path passphrase, String... words) {
        List<String> all = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 3<" + passphrase, "sh"));
        all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        all.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        all.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.jurat.app.cli.Main"));
        all.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().put("JURAT_HOME", home().toString());
        return builder;
    }

    private Path home() {
        return folder.resolve("home");
    }

    private Ended run(String... words) throws Exception {
        return ended(command(words));
    }

    private Ended typing(String line, String... words) throws Exception {
        return ended(command(Files.writeString(folder.resolve("long"), line + "\n"), words));
    }

    private static Ended ended(ProcessBuilder command) throws Exception {
        Process process = command.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Ended(process.exitValue(), said);
    }

    @Test
    void anAgentsKeyIsInItsOwnFolderOrAnArgument() throws Exception {
        assertEquals(2, run("signer", "serve", "--unlock-fd", "3").status());
        assertEquals(0, run("signer", "init", "--custody", "software").status());
        assertTrue(run("signer", "init", "--custody", "software").said().contains("signer-exists"));
        Ended made = run("signer", "make", "reports", "--user", ME, "--unlock-fd", "3", "--json");
        assertEquals(0, made.status(), made.said());
        assertTrue(run("signer", "make", "reports", "--user", ME, "--unlock-fd", "3")
                .said()
                .contains("custody-key-exists"));
        assertTrue(run("signer", "make", "other", "--user", "nobody", "--unlock-fd", "3")
                .said()
                .contains("signer-choice"));
        aPipeAtTheSocketsPlaceIsRemoved();
        Process signer = command("signer", "serve", "--unlock-fd", "3").start();
        BufferedReader out = signer.inputReader(StandardCharsets.UTF_8);
        try {
            assertEquals("The signer is up.", out.readLine());
            String arguments = signer.info().commandLine().orElse("");
            assertFalse(arguments.contains(WORDS), arguments);
            Ended used = run("signer", "use", "reports", "--agent", "ann");
            assertEquals(0, used.status(), used.said());
            assertTrue(used.said().contains("runs as " + ME), used.said());
            assertTrue(run("signer", "use", "reports", "--agent", "ann").said().contains("file-exists"));
            assertTrue(run("signer", "use", "nobody", "--agent", "bob").said().contains("custody-denied"));
            assertTrue(run("signer", "serve", "--unlock-fd", "3").said().contains("signer-in-use"));
            signedByTheSignerAlone();
        } finally {
            signer.destroy();
            assertTrue(signer.waitFor(20, TimeUnit.SECONDS));
        }
        assertFalse(Files.exists(socket()), "a signer that ends takes its socket away");
        CustodyException gone =
                assertThrows(CustodyException.class, () -> SignerKey.about(socket(), "reports", Duration.ofSeconds(5)));
        assertEquals(CustodyCode.MISSING, gone.code());
        noSecretIsLeft();
    }

    private void aPipeAtTheSocketsPlaceIsRemoved() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Ended served = run("signer", "serve", "--socket", pipe.toString(), "--unlock-fd", "3");
        assertTrue(served.said().contains("file-exists"), served.said());
        assertTrue(Files.exists(pipe));
    }

    private Path socket() {
        return home().resolve("signer").resolve("signer.sock");
    }

    private void signedByTheSignerAlone() throws IOException, FormatException {
        Identity ann = Identity.read(home().resolve("agents").resolve("ann.json"));
        SignerKey.About about = SignerKey.about(socket(), "reports", Duration.ofSeconds(5));
        assertEquals(about.principal(), ann.principal());
        assertEquals(about.key(), ann.key().verifyKey());
        CustodyException refused =
                assertThrows(CustodyException.class, () -> ann.key().sign(new byte[10]));
        assertEquals(CustodyCode.DENIED, refused.code());
    }

    private void noSecretIsLeft() throws IOException {
        try (Stream<Path> files = Files.walk(home())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(text.contains(WORDS) || text.contains("\"seed\""), file.toString());
            }
        }
    }

    @Test
    void aWrongPassphraseStartsASigner() throws Exception {
        run("signer", "init", "--custody", "software");
        assertEquals(
                0, run("signer", "make", "a", "--user", ME, "--unlock-fd", "3").status());
        ProcessBuilder wrong = command("signer", "serve", "--unlock-fd", "0");
        wrong.redirectInput(
                Files.writeString(folder.resolve("wrong"), "not the words\n").toFile());
        Process process = wrong.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(4, process.waitFor(), said);
        assertTrue(said.contains("custody-locked"), said);
        assertFalse(Files.exists(socket()));
    }

    /** 1,024 bytes are a passphrase; one more was cut off, so that another passphrase than the one given opened the keys. */
    @Test
    void aLongLineIsCutToAPassphrase() throws Exception {
        run("signer", "init", "--custody", "software");
        Ended cut = typing("ü".repeat(512) + "x", "signer", "make", "a", "--user", ME, "--unlock-fd", "3");
        assertEquals(4, cut.status(), cut.said());
        assertTrue(cut.said().contains("passphrase-long"), cut.said());
        Ended longest = typing("x".repeat(1024), "signer", "make", "a", "--user", ME, "--unlock-fd", "3");
        assertEquals(0, longest.status(), longest.said());
    }

    /** Else it would be found at the first key, and signer.json is written once. */
    @Test
    void aKeyServiceThatCannotBeAskedIsKept() {
        Optional<URI> usual = Optional.empty();
        CustodyException region =
                assertThrows(CustodyException.class, () -> new SignerConfig.AwsKms("eu central", usual));
        assertEquals(CustodyCode.MISSING, region.code());
        Optional<URI> clear = Optional.of(URI.create("http://kms.example/"));
        CustodyException endpoint =
                assertThrows(CustodyException.class, () -> new SignerConfig.AwsKms("eu-central-1", clear));
        assertEquals(CustodyCode.UNSAFE, endpoint.code());
    }

    @Test
    void aConfigurationWithMoreIsTaken() throws FormatException {
        for (SignerConfig config : List.of(
                new SignerConfig.Software(),
                new SignerConfig.Tpm(new TpmAddress.Device(Path.of("/dev/tpmrm0"))),
                new SignerConfig.Tpm(new TpmAddress.Unix(Path.of("/run/s"))),
                new SignerConfig.Tpm(new TpmAddress.Tcp("127.0.0.1", 2321)),
                new SignerConfig.AwsKms("eu-central-1", Optional.empty()),
                new SignerConfig.AwsKms("eu-central-1", Optional.of(URI.create("https://kms.example:8443/"))),
                new SignerConfig.Token(Path.of("/m.so"), "t", Optional.of("1")))) {
            assertEquals(config, SignerConfig.read(config.bytes()));
            String text = new String(config.bytes(), StandardCharsets.UTF_8);
            for (String bad : List.of(
                    text.replace("signer/v1", "signer/v2"),
                    text.replace("{\"custody\"", "{\"PIN\":\"1234\",\"custody\""),
                    text.replace("/m.so", "m.so")
                            .replace("software", "cloud")
                            .replace("aws-kms", "cloud")
                            .replace("unix:/run/s", "unix:run/s")
                            .replace(":2321", ":02321")
                            .replace("\"/dev/tpmrm0", "\"dev/tpmrm0"))) {
                assertThrows(FormatException.class, () -> SignerConfig.read(bad.getBytes(StandardCharsets.UTF_8)), bad);
            }
        }
    }
}
