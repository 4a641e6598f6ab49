package dev.jurat.assurance.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jurat.assurance.harness.GoModule;
import dev.jurat.assurance.harness.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our vectors of a TPM's evidence, judged by a reader on google/go-tpm and crypto/ecdsa. */
@Order(3)
final class TpmEvidenceTest {
    private static final Path VECTORS =
            Path.of(System.getProperty("jurat.root", ".")).toAbsolutePath().resolve("vectors/tpm/v1");

    @TempDir
    Path folder;

    @Test
    void anotherReaderJudgesEvidenceOtherwise() throws Exception {
        GoModule go = GoModule.find();
        assumeTrue(go.here(), go.why());
        Site.Said said = go.run("tpm", VECTORS.toString());
        assertEquals(0, said.exit(), said.out() + said.err());
    }

    @Test
    void anotherReaderAgreesToWhatIsWrong() throws Exception {
        GoModule go = GoModule.find();
        assumeTrue(go.here(), go.why());
        String sound = Files.readString(VECTORS.resolve("accept.json"));
        Files.writeString(folder.resolve("wrong.json"), sound.replace("\"challenge\":\"74", "\"challenge\":\"75"));
        Site.Said said = go.run("tpm", folder.toString());
        assertEquals(1, said.exit(), said.out());
        assertTrue(said.err().contains("tpm-challenge, and not accept"), said.err());
    }
}
