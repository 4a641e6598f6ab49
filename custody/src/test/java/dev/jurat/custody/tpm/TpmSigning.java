package dev.jurat.custody.tpm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A process that signs, certifies and makes keys until it is killed: the socket of swtpm, a key's file, a password. */
final class TpmSigning {
    private TpmSigning() {}

    public static void main(String[] arguments) throws Exception {
        Tpm tpm = Tpm.open(new TpmAddress.Unix(Path.of(arguments[0])), Duration.ofSeconds(10));
        KeyBlob key = KeyBlob.parse("a", Files.readAllBytes(Path.of(arguments[1])));
        byte[] password = arguments[2].getBytes(java.nio.charset.StandardCharsets.UTF_8);
        System.out.println("signing");
        while (true) {
            tpm.sign(key, password, new byte[100]);
            tpm.certify(key, password, new byte[32]);
            tpm.make(password);
        }
    }
}
