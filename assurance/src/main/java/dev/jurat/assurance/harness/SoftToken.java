package dev.jurat.assurance.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A PKCS#11 token of SoftHSM in a folder.
 *
 * @param environment what a process needs to see it
 */
public record SoftToken(Path module, String label, String pin, Map<String, String> environment) {
    private static final List<String> MODULES = List.of(
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib64/softhsm/libsofthsm2.so",
            "/usr/lib64/pkcs11/libsofthsm2.so",
            "/usr/local/lib/softhsm/libsofthsm2.so",
            "/opt/homebrew/lib/softhsm/libsofthsm2.so");

    /** Makes one; empty where there is no SoftHSM, unless {@code JURAT_SOFTHSM_REQUIRED} is set. */
    public static Optional<SoftToken> in(Path folder) throws IOException {
        Optional<Path> module =
                MODULES.stream().map(Path::of).filter(Files::isRegularFile).findFirst();
        if (module.isEmpty()) {
            if (System.getenv("JURAT_SOFTHSM_REQUIRED") != null) {
                throw new IOException("SoftHSM is required here (JURAT_SOFTHSM_REQUIRED)");
            }
            return Optional.empty();
        }
        Path tokens = Files.createDirectories(folder.resolve("tokens"));
        Path configuration = Files.writeString(
                folder.resolve("softhsm2.conf"),
                "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        SoftToken token = new SoftToken(
                module.get(), "agents", "4711-of-the-token", Map.of("SOFTHSM2_CONF", configuration.toString()));
        token.initialise(folder);
        return Optional.of(token);
    }

    private void initialise(Path folder) throws IOException {
        List<String> command = List.of(
                "softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", "0815-officer");
        try (ManagedProcess process = ManagedProcess.start(command, folder, environment)) {
            if (process.exit(Site.READY) != 0) {
                throw new IOException(process.output() + process.errors());
            }
        }
    }
}
