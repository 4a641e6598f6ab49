package dev.jurat.custody;

/** What kind of place a private key is in. */
public enum CustodyClass {
    /** A file under a passphrase; in the memory of this process while it is open. */
    SOFTWARE("software"),
    /** A PKCS#11 token, which signs by itself. */
    PKCS11("pkcs11"),
    /** A trusted platform module of this machine. */
    TPM("tpm"),
    /** A key service that is reached over a network. */
    SERVICE("service");

    private final String word;

    CustodyClass(String word) {
        this.word = word;
    }

    /** The word in files and answers. */
    public String word() {
        return word;
    }
}
