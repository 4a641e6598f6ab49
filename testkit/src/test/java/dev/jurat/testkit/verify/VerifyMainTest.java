package dev.jurat.testkit.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.bundle.Scope;
import dev.jurat.proof.json.CanonicalJson;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.state.StateProof;
import dev.jurat.proof.state.Subject;
import dev.jurat.proof.verify.VerifyMain;
import dev.jurat.testkit.World;
import dev.jurat.testkit.WorldState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verifier as a program: its exit codes, and what it tells people. */
class VerifyMainTest {
    private Path folder;
    private String bundle;
    private String trust;
    private String out;
    private String err;

    @BeforeEach
    void write(@TempDir Path temporary) throws IOException {
        folder = temporary;
        World world = World.claimed();
        world.execution().listed().run();
        bundle = file("bundle.jurat", world.bundle(new Scope.All()).bytes());
        trust = file("trust.json", world.trust().bytes());
    }

    @Test
    void aSoundBundleIsAcceptedInPlainWords() {
        assertEquals(0, run("--trust", trust, bundle));
        assertEquals(0, run("--trust=" + trust, bundle));
        assertTrue(out.startsWith("ACCEPTED."), out);
        for (String wanted : List.of(
                "within: recomputed",
                "agrees: success",
                "starter@v1 on cedar",
                "agent (default/",
                "operator-could-rewrite",
                "time-operator-asserted",
                "This proves",
                "It does not prove")) {
            assertTrue(out.contains(wanted), wanted + " is not in\n" + out);
        }
    }

    @Test
    void theReportIsDataWhenAskedFor() throws Exception {
        assertEquals(0, run("--json", "--trust", trust, bundle));
        Json.Obj report = CanonicalJson.readObject(out.strip().getBytes(StandardCharsets.UTF_8));
        assertEquals(Json.of(true), report.members().get("accepted"));
    }

    @Test
    void aStateProofIsTakenForABundle() throws Exception {
        World world = World.claimed();
        world.state().admit();
        world.state().admit();
        byte[] sound = StateProof.make(WorldState.of(world), new Subject.OfPolicy(world.policy()));
        String proof = file("policy.jurat-state", sound);
        assertEquals(0, run("--trust", trust, proof), out + err);
        assertTrue(out.startsWith("ACCEPTED."), out);
        assertTrue(out.contains("In force:  yes"), out);
        assertEquals(1, run(proof));
        assertTrue(out.startsWith("NOT ACCEPTED: unanchored."), out);
        assertEquals(0, run("--json", "--trust", trust, proof));
        Json.Obj report = CanonicalJson.readObject(out.strip().getBytes(StandardCharsets.UTF_8));
        assertEquals(Json.of(true), report.members().get("accepted"));
        assertEquals(2, run("--trust", trust, file("cut.jurat-state", Arrays.copyOf(sound, sound.length - 1))));
        assertTrue(out.startsWith("UNUSABLE: json-syntax."), out);
        String other = new String(sound, StandardCharsets.UTF_8).replace("\"state\":13", "\"state\":12");
        assertEquals(1, run("--trust", trust, file("other.jurat-state", other.getBytes(StandardCharsets.UTF_8))), out);
    }

    @Test
    void withoutATrustPolicyNothingIsAccepted() {
        assertEquals(1, run(bundle));
        assertTrue(out.startsWith("NOT ACCEPTED: unanchored."), out);
    }

    @Test
    void aChangedBundleIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of(bundle));
        bytes[bytes.length / 3] ^= 1;
        assertEquals(1, run("--trust", trust, file("changed.jurat", bytes)));
        assertTrue(out.startsWith("REFUSED."), out);
        bytes[bytes.length / 3] ^= 1;
        bytes[0] ^= 1;
        assertEquals(1, run("--trust", trust, file("changed.jurat", bytes)));
        assertTrue(out.startsWith("REFUSED."), out);
    }

    @Test
    void whatCannotBeUsedSaysSo() throws IOException {
        String text = file("text", "hello".getBytes(StandardCharsets.US_ASCII));
        String large = file("large.json", new byte[(1 << 16) + 1]);
        String empty = file("empty.json", "{}".getBytes(StandardCharsets.US_ASCII));
        assertEquals(2, run());
        assertEquals(2, run("--what", bundle));
        assertEquals(2, run(bundle, bundle));
        assertEquals(2, run("--trust"));
        assertEquals(2, run("--trust", trust, folder.toString()));
        assertEquals(2, run("--trust", trust, folder.resolve("not-there").toString()));
        assertEquals(2, run("--trust", trust, text));
        assertEquals(2, run("--trust", text, bundle));
        assertEquals(2, run("--trust", large, bundle));
        assertEquals(2, run("--trust", empty, bundle));
        assertTrue(err.startsWith("member-missing: the trust policy cannot be used"), err);
        assertEquals(0, run("--help"));
    }

    @Test
    void whatCannotBeUsedIsNoDataOrHasNoNextStep() {
        String none = folder.resolve("none").toString();
        assertEquals(2, run("--json", none));
        assertTrue(out.startsWith("{\"error\":{\"code\":\"unreadable\",\"message\":"), out);
        assertTrue(out.contains("\"next\":\"jurat verify --help\",\"owner\":\"you\""), out);
        assertEquals(2, run("--json"));
        assertTrue(out.startsWith("{\"error\":{\"code\":\"usage\""), out);
        assertEquals(2, run(none));
        assertTrue(err.startsWith("unreadable: ") && err.contains("next: jurat verify --help"), err);
    }

    private record End(int status, String out, String err) {}

    /** The program with so little memory that a sparse file of the size given does not fit in it. */
    private End small(long bytes, String... options) throws IOException, InterruptedException {
        Path large = folder.resolve("large.jurat");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(bytes);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.jurat.proof.verify.VerifyMain"));
        command.addAll(List.of(options));
        command.add(large.toString());
        Path errors = folder.resolve("errors");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new End(process.waitFor(), said, Files.readString(errors));
    }

    @Test
    void aFileThatDoesNotFitInMemoryEndsInAnotherStatusThanTwo() throws Exception {
        End end = small(100 << 20);
        assertEquals(2, end.status(), end.err());
        assertTrue(end.err().startsWith("memory: "), end.err());
        assertTrue(end.err().contains("\n  next: java -Xmx2g -jar jurat-verify.jar "), end.err());
        End data = small(100 << 20, "--json");
        assertEquals(2, data.status(), data.err());
        assertTrue(data.out().startsWith("{\"error\":{\"code\":\"memory\""), data.out());
    }

    @Test
    void aFileOverTheLimitIsReadBeforeItIsRefused() throws Exception {
        End end = small(300L << 20);
        assertEquals(2, end.status(), end.err());
        assertTrue(end.err().startsWith("unreadable: ") && end.err().contains("larger than"), end.err());
        assertTrue(end.err().contains("next: ") && end.err().contains("jurat bundle export --session"), end.err());
    }

    @Test
    void anAnswerThatCannotBeWrittenLooksGiven() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "SKIPPED: there is no /dev/full here");
        Path errors = folder.resolve("errors");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.jurat.proof.verify.VerifyMain",
                        "--trust",
                        trust,
                        bundle)
                .redirectOutput(Path.of("/dev/full").toFile())
                .redirectError(errors.toFile())
                .start();
        assertEquals(2, process.waitFor());
        assertTrue(Files.readString(errors).startsWith("output-lost: "), Files.readString(errors));
    }

    private String file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes).toString();
    }

    private int run(String... args) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        int code = VerifyMain.run(
                "jurat verify",
                args,
                new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                new PrintStream(errBytes, true, StandardCharsets.UTF_8));
        out = outBytes.toString(StandardCharsets.UTF_8);
        err = errBytes.toString(StandardCharsets.UTF_8);
        return code;
    }
}
