package dev.jurat.app.cli;

import dev.jurat.app.signer.SignerConfig;
import dev.jurat.app.signer.SignerFolder;
import dev.jurat.custody.tpm.TpmCustody;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.tpm.TpmCheck;
import dev.jurat.proof.tpm.TpmEvidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Evidence that a signer's key lives in a TPM: made by who has the signer, checked by who has been given it. */
final class SignerEvidence {
    private static final int CHALLENGE_MIN = 16;

    private SignerEvidence() {}

    private static byte[] challenge(String hex) {
        if (!hex.matches("([0-9a-f]{2}){" + CHALLENGE_MIN + "," + TpmEvidence.CHALLENGE_MAX + "}")) {
            throw Failure.input(
                    "signer-challenge",
                    "a challenge is 16 to 32 bytes, as hexadecimal digits in pairs",
                    "make one: openssl rand -hex 32");
        }
        return HexFormat.of().parseHex(hex);
    }

    @Command(
            name = "attest",
            description = "Has the TPM sign that a key lives in it, for somebody who gave a challenge.",
            footer = {"", "The file has no secret. What it shows, and to whom: docs/operate/custody.md."})
    static final class Attest extends SignerCommands.OnFolder {
        @Parameters(paramLabel = "NAME", description = "The key's name.")
        String name = "";

        @Option(
                names = "--challenge",
                paramLabel = "HEX",
                required = true,
                description = "16 to 32 bytes that whoever asks has made for this.")
        String challenge = "";

        @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where the evidence goes.")
        Path out = Path.of("");

        @Mixin
        SignerUnlock unlock = new SignerUnlock();

        @Override
        Exit run(Screen screen) throws IOException, FormatException {
            SignerFolder folder = made();
            byte[] wanted = challenge(challenge);
            Input.free(out, false);
            if (!(folder.read() instanceof SignerConfig.Tpm config)) {
                throw Failure.input(
                        "signer-choice",
                        "only a TPM signs for where a key is",
                        "jurat signer show " + Next.quoted(name));
            }
            try (TpmCustody custody = config.open(folder.path(), unlock.of(config))) {
                TpmEvidence evidence = custody.attest(name, wanted);
                Files.write(out, evidence.bytes());
                tell(screen, evidence);
            }
            return Exit.DONE;
        }

        private void tell(Screen screen, TpmEvidence evidence) throws FormatException {
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("attestationKey", evidence.attestationKeyName())
                        .put("file", out.toString())
                        .put("name", evidence.name())
                        .build());
                return;
            }
            screen.line("The evidence is in " + out + ".");
            screen.line("  attestation key  " + evidence.attestationKeyName());
            screen.line("  It shows something to whoever knows that this name is of a TPM's attestation key.");
        }
    }

    @Command(
            name = "check",
            description = "Checks evidence that a key lives in the TPM of an attestation key; asks nobody.",
            footer = {"", "Exit status: 0 it does, 1 this does not show it, 2 unusable input."})
    static final class Check extends dev.jurat.app.cli.Command {
        @Parameters(paramLabel = "FILE", description = "What jurat signer attest wrote.")
        Path file = Path.of("");

        @Option(
                names = "--attestation-key",
                paramLabel = "NAME",
                required = true,
                description = "The name of the attestation key that you believe, from where you saw it made.")
        String attestationKey = "";

        @Option(names = "--key", paramLabel = "KEY", required = true, description = "The agent's key, in base64.")
        String key = "";

        @Option(
                names = "--challenge",
                paramLabel = "HEX",
                required = true,
                description = "The challenge that you gave.")
        String challenge = "";

        @Override
        Exit run(Screen screen) throws IOException, FormatException {
            byte[] given = challenge(challenge);
            VerifyKey asked = VerifyKey.parse(Suite.P256_2026, key.replaceFirst("^p256-2026:", ""));
            byte[] bytes = Input.bytes(file, TpmEvidence.BYTES_MAX, "tpm-evidence-size");
            try {
                tell(screen, TpmCheck.check(TpmEvidence.parse(bytes), attestationKey, asked, given));
                return Exit.DONE;
            } catch (FormatException e) {
                throw Failure.no(e.code(), String.valueOf(e.getMessage()), "docs/spec/tpm.md has what each code means");
            }
        }

        private static void tell(Screen screen, TpmCheck.ResidentKey resident) {
            if (screen.json()) {
                screen.value(JsonBuilder.object()
                        .put("key", resident.key().text())
                        .put("name", resident.name())
                        .put("resets", resident.resets())
                        .put("restarts", resident.restarts())
                        .build());
                return;
            }
            screen.line("The key lives in the TPM of that attestation key, and cannot leave it.");
            screen.line("  name    " + resident.name());
            screen.line("  resets  " + resident.resets());
            screen.line("  Whether that TPM is a chip, this does not show.");
        }
    }
}
