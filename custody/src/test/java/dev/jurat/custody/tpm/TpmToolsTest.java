package dev.jurat.custody.tpm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.tpm.TpmCheck;
import dev.jurat.proof.tpm.TpmEvidence;
import dev.jurat.proof.tpm.TpmPoint;
import dev.jurat.proof.tpm.TpmPublic;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tpm2-tools and openssl say of our keys, signatures and evidence, on the same swtpm. */
class TpmToolsTest {
    private static final String WORDS = "right";
    private static final byte[] PASSWORD = WORDS.getBytes(StandardCharsets.UTF_8);
    private static final byte[] MESSAGE = "a record".getBytes(StandardCharsets.UTF_8);
    /** What tpm2_certify gives as a challenge. */
    private static final byte[] TOOLS_CHALLENGE = {0, (byte) 0xff, 0x55, (byte) 0xaa};

    private static final String PARENT_ATTRIBUTES =
            "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt";

    private Swtpm swtpm;
    private Tpm tpm;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws Exception {
        Swtpm.require("tpm2_readpublic");
        Swtpm.require("openssl");
        swtpm = new Swtpm(Swtpm.Way.TCP);
        tpm = Tpm.open(swtpm.address(), Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        if (swtpm != null) {
            swtpm.close();
        }
    }

    private String tool(String line) throws Exception {
        return swtpm.tool(folder, line.split(" "));
    }

    private void write(String name, byte[] bytes) throws Exception {
        Files.write(folder.resolve(name), bytes);
    }

    private byte[] read(String name) throws Exception {
        return Files.readAllBytes(folder.resolve(name));
    }

    private static byte[] sized(byte[] bytes) {
        return new Command.Writer().sized(bytes).bytes();
    }

    /** Our parent, as tpm2-tools make it from the same template, and our key under it. */
    private void load(KeyBlob key) throws Exception {
        mark("jurat tpm parent 1");
        tool("tpm2_createprimary -Q -C o -g sha256 -G ecc256:aes128cfb -a " + PARENT_ATTRIBUTES
                + " -L mark -c parent.ctx");
        tool("tpm2_flushcontext -t");
        write("key.pub", sized(key.area().bytes()));
        write("key.priv", sized(key.sealed()));
        tool("tpm2_load -Q -C parent.ctx -u key.pub -r key.priv -c key.ctx");
        tool("tpm2_flushcontext -t");
        tool("tpm2_readpublic -Q -c key.ctx -f pem -o key.pem -n key.name");
        tool("tpm2_flushcontext -t");
    }

    @Test
    void aKeyHasAnotherNameOrPointForOthers() throws Exception {
        KeyBlob key = tpm.make(PASSWORD);
        load(key);
        assertArrayEquals(key.area().name(), read("key.name"));
        tool("openssl ec -pubin -in key.pem -conv_form compressed -outform der -out key.der");
        byte[] der = read("key.der");
        assertArrayEquals(key.key().bytes(), Arrays.copyOfRange(der, der.length - 33, der.length));
    }

    @Test
    void aSignatureOfOursDoesNotVerifyForOthers() throws Exception {
        KeyBlob key = tpm.make(PASSWORD);
        load(key);
        write("message", MESSAGE);
        for (int i = 0; i < 4; i++) {
            write("signature", der(tpm.sign(key, PASSWORD, MESSAGE)));
            String said = tool("openssl dgst -sha256 -verify key.pem -signature signature message");
            assertTrue(said.contains("Verified OK"), said);
            tool("tpm2_verifysignature -Q -c key.ctx -g sha256 -m message -s signature -f ecdsa");
            tool("tpm2_flushcontext -t");
        }
        write("message", new byte[1]);
        assertThrows(
                AssertionError.class, () -> tool("openssl dgst -sha256 -verify key.pem -signature signature message"));
    }

    @Test
    void aKeySignsForOthersWithAnotherPasswordOrAnotherSignature() throws Exception {
        KeyBlob key = tpm.make(PASSWORD);
        load(key);
        write("message", MESSAGE);
        tool("tpm2_sign -Q -c key.ctx -p " + WORDS + " -g sha256 -f plain -o signature message");
        tool("tpm2_flushcontext -t");
        assertTrue(key.key().verifies(MESSAGE, low(read("signature"))));
        assertThrows(AssertionError.class, () -> tool("tpm2_sign -Q -c key.ctx -p wrong -g sha256 -o none message"));
    }

    @Test
    void evidenceIsReadAndVerifiedOtherwiseByOthers() throws Exception {
        KeyBlob key = tpm.make(PASSWORD);
        byte[] challenge = new byte[32];
        Arrays.fill(challenge, (byte) 0xc5);
        TpmEvidence evidence = tpm.certify(key, PASSWORD, challenge);
        write("ak.pub", sized(evidence.attestationKey()));
        write("attestation", evidence.attestation());
        write("signature", der(evidence.signature()));
        tool("tpm2_loadexternal -Q -C n -u ak.pub -c ak.ctx");
        tool("tpm2_flushcontext -t");
        tool("tpm2_readpublic -Q -c ak.ctx -f pem -o ak.pem -n ak.name");
        tool("tpm2_flushcontext -t");
        assertArrayEquals(TpmPublic.parse(evidence.attestationKey()).name(), read("ak.name"));
        String said = tool("openssl dgst -sha256 -verify ak.pem -signature signature attestation");
        assertTrue(said.contains("Verified OK"), said);
        tool("tpm2_verifysignature -Q -c ak.ctx -g sha256 -m attestation -s signature -f ecdsa");
        tool("tpm2_flushcontext -t");
        String printed = printed();
        assertTrue(printed.contains("magic: ff544347") && printed.contains("type: 8017"), printed);
        assertTrue(printed.contains("extraData: " + "c5".repeat(32)), printed);
        assertTrue(printed.contains("resetCount: " + resets(evidence)), printed);
    }

    /** What tpm2_print says; some versions fail at the end, for which they have no words. */
    private String printed() throws Exception {
        try {
            return tool("tpm2_print -t TPMS_ATTEST attestation");
        } catch (AssertionError e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static long resets(TpmEvidence evidence) throws Exception {
        TpmPublic signer = TpmPublic.parse(evidence.attestationKey());
        byte[] challenge = new byte[32];
        Arrays.fill(challenge, (byte) 0xc5);
        return TpmCheck.check(
                        evidence,
                        signer.nameText(),
                        TpmPublic.parse(evidence.key()).point().key(),
                        challenge)
                .resets();
    }

    /** tpm2-tools make evidence of a key of ours with an attestation key of ours: it is what ours is, but for the clock. */
    @Test
    void evidenceThatOthersMakeOfTheSameKeysIsAnother() throws Exception {
        KeyBlob key = tpm.make(PASSWORD);
        TpmEvidence evidence = tpm.certify(key, PASSWORD, TOOLS_CHALLENGE);
        load(key);
        loadAttestationKey();
        tool("tpm2_certify -Q -c key.ctx -C ak.ctx -P " + WORDS + " -g sha256 -f plain -o attestation -s signature");
        tool("tpm2_flushcontext -t");
        TpmEvidence theirs = theirs(evidence, evidence.key());
        String signer = TpmPublic.parse(evidence.attestationKey()).nameText();
        assertEquals(
                key.area().nameText(),
                TpmCheck.check(theirs, signer, key.key(), TOOLS_CHALLENGE).name());
        assertFalse(Arrays.equals(evidence.attestation(), theirs.attestation()));
    }

    /** A key from outside, imported under our parent: our attestation key certifies it truly, and it is not resident. */
    @Test
    void aKeyThatWasImportedIsTakenForResident() throws Exception {
        KeyBlob key = tpm.make(PASSWORD);
        TpmEvidence evidence = tpm.certify(key, PASSWORD, TOOLS_CHALLENGE);
        load(key);
        loadAttestationKey();
        tool("openssl ecparam -name prime256v1 -genkey -noout -out outside.pem");
        tool(
                "tpm2_import -Q -C parent.ctx -G ecc:ecdsa-sha256 -i outside.pem -u in.pub -r in.priv -a userwithauth|sign");
        tool("tpm2_flushcontext -t");
        tool("tpm2_load -Q -C parent.ctx -u in.pub -r in.priv -c in.ctx");
        tool("tpm2_flushcontext -t");
        tool("tpm2_certify -Q -c in.ctx -C ak.ctx -g sha256 -f plain -o attestation -s signature");
        tool("tpm2_flushcontext -t");
        byte[] area = read("in.pub");
        TpmEvidence theirs = theirs(evidence, Arrays.copyOfRange(area, 2, area.length));
        String signer = TpmPublic.parse(evidence.attestationKey()).nameText();
        VerifyKey imported = TpmPublic.parse(theirs.key()).point().key();
        FormatException e =
                assertThrows(FormatException.class, () -> TpmCheck.check(theirs, signer, imported, TOOLS_CHALLENGE));
        assertEquals("tpm-key-moves", e.code(), e.getMessage());
    }

    private void loadAttestationKey() throws Exception {
        mark("jurat tpm attestation 1");
        tool("tpm2_createprimary -Q -C e -g sha256 -G ecc256:ecdsa-sha256:null -L mark -c ak.ctx -a "
                + "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|sign");
        tool("tpm2_flushcontext -t");
    }

    private void mark(String text) throws Exception {
        write("mark", Hash.of(text.getBytes(StandardCharsets.US_ASCII)).bytes());
    }

    /** What tpm2_certify wrote, in our form. */
    private TpmEvidence theirs(TpmEvidence ours, byte[] area) throws Exception {
        return new TpmEvidence(
                ours.attestationKey(),
                area,
                TpmPublic.parse(area).nameText(),
                read("attestation"),
                low(read("signature")),
                "IBM",
                "0".repeat(16),
                Optional.empty());
    }

    @Test
    void theOwnerCannotResetALockout() throws Exception {
        KeyBlob key = tpm.make(PASSWORD);
        TpmCode last = TpmCode.AUTH;
        for (int i = 0; i < 40 && last == TpmCode.AUTH; i++) {
            last = assertThrows(TpmException.class, () -> tpm.sign(key, new byte[] {1}, MESSAGE))
                    .code();
        }
        assertEquals(TpmCode.LOCKED_OUT, last);
        tool("tpm2_dictionarylockout -Q -c");
        assertTrue(key.key().verifies(MESSAGE, tpm.sign(key, PASSWORD, MESSAGE)));
    }

    /** An ECDSA-Sig-Value. */
    private static byte[] der(byte[] signature) {
        byte[] r = new BigInteger(1, Arrays.copyOf(signature, 32)).toByteArray();
        byte[] s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)).toByteArray();
        return new Command.Writer()
                .u8(0x30)
                .u8(4 + r.length + s.length)
                .u8(2)
                .u8(r.length)
                .raw(r)
                .u8(2)
                .u8(s.length)
                .raw(s)
                .bytes();
    }

    /** r ‖ s, low, of an ECDSA-Sig-Value. */
    private static byte[] low(byte[] der) throws Exception {
        int r = der[3];
        byte[] first =
                HexFormat.of().parseHex(String.format("%064x", new BigInteger(1, Arrays.copyOfRange(der, 4, 4 + r))));
        byte[] second = HexFormat.of()
                .parseHex(String.format("%064x", new BigInteger(1, Arrays.copyOfRange(der, 6 + r, der.length))));
        return TpmPoint.lowS(first, second);
    }
}
