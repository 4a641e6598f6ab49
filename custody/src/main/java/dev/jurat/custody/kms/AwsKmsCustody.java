package dev.jurat.custody.kms;

import dev.jurat.custody.CheckedKey;
import dev.jurat.custody.Custody;
import dev.jurat.custody.CustodyClass;
import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeptKey;
import dev.jurat.custody.KeyEvidence;
import dev.jurat.custody.KeyName;
import dev.jurat.custody.P256Form;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.ForeignJson;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * P-256 keys in AWS KMS, each under an alias {@code jurat/NAME}. Thread-safe.
 *
 * <p>Security property: a key that was opened stays the one that it was, by its ARN, wherever the alias points later; and what is signed is verified
 * under its public half. That the service keeps the key to itself is its own word.
 */
public final class AwsKmsCustody implements Custody {
    private static final String PREFIX = "alias/jurat/";
    private static final int RAW_BYTES_MAX = 4096;
    private static final int DELETION_DAYS = 7;
    private static final int PAGES_MAX = 1000;

    private final KmsClient client;
    private volatile boolean closed;

    private AwsKmsCustody(KmsClient client) {
        this.client = client;
    }

    /** Asks nobody yet. */
    public static AwsKmsCustody of(AwsKmsConfig config, Map<String, String> environment) {
        return of(config, () -> AwsCredentials.of(environment));
    }

    static AwsKmsCustody of(AwsKmsConfig config, Supplier<AwsCredentials> credentials) {
        return new AwsKmsCustody(new KmsClient(config, credentials));
    }

    @Override
    public CustodyClass kind() {
        return CustodyClass.SERVICE;
    }

    @Override
    public Set<Suite> suites() {
        return Set.of(Suite.P256_2026);
    }

    @Override
    public KeptKey make(String name, Suite suite) {
        String alias = alias(name);
        if (!suites().contains(suite)) {
            throw CustodyException.of(CustodyCode.SUITE, "no key of the suite " + suite.text() + " is made here");
        }
        if (exists(alias)) {
            throw CustodyException.of(CustodyCode.KEY_EXISTS, "the key service has a key " + name + " already");
        }
        ForeignJson.Obj made = metadata(ask(
                "CreateKey",
                JsonBuilder.object().put("KeySpec", "ECC_NIST_P256").put("KeyUsage", "SIGN_VERIFY")));
        String id = id(made);
        try {
            // A crash before this leaves a key without an alias, which nobody uses and which costs a little.
            tell("CreateAlias", JsonBuilder.object().put("AliasName", alias).put("TargetKeyId", id));
        } catch (CustodyException e) {
            delete(id);
            throw e;
        }
        // By its id: the alias may lead to another's key by now.
        return kept(name, id);
    }

    private boolean exists(String alias) {
        try {
            ask("DescribeKey", JsonBuilder.object().put("KeyId", alias));
            return true;
        } catch (CustodyException e) {
            if (e.code() == CustodyCode.KEY_UNKNOWN) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public KeptKey open(String name) {
        return kept(name, alias(name));
    }

    private KeptKey kept(String name, String which) {
        ForeignJson.Obj found = publicKey(which);
        VerifyKey key = key(name, found);
        return new Kept(id(found), key);
    }

    private ForeignJson.Obj publicKey(String which) {
        return ask("GetPublicKey", JsonBuilder.object().put("KeyId", which));
    }

    /** Which key an answer is of. An alias would be another key's tomorrow. */
    private static String id(ForeignJson.Obj answer) {
        String id = KmsRefusal.text(answer, "KeyId");
        if (id.isEmpty() || id.contains("alias/")) {
            throw CustodyException.of(CustodyCode.DAMAGED, "the key service does not say which key it is");
        }
        return id;
    }

    private static VerifyKey key(String name, ForeignJson.Obj found) {
        try {
            byte[] spki = Base64.getDecoder().decode(KmsRefusal.text(found, "PublicKey"));
            byte[] point = P256Form.compressedOfSpki(spki)
                    .orElseThrow(() -> CustodyException.of(
                            CustodyCode.SUITE, "the key " + name + " is of a kind that no suite has"));
            return VerifyKey.of(Suite.P256_2026, point);
        } catch (IllegalArgumentException | FormatException e) {
            throw CustodyException.of(
                    CustodyCode.DAMAGED, "the key service gives a public key that is none", Optional.of(e));
        }
    }

    @Override
    public List<String> list() {
        List<String> names = new ArrayList<>();
        Optional<String> marker = Optional.empty();
        for (int page = 0; page < PAGES_MAX; page++) {
            ForeignJson.Obj answer = ask("ListAliases", JsonBuilder.object().put("Marker", marker.map(Json::of)));
            if (answer.members().get("Aliases") instanceof ForeignJson.Arr aliases) {
                aliases.items().stream()
                        .map(AwsKmsCustody::name)
                        .filter(KeyName::allowed)
                        .forEach(names::add);
            }
            marker = Optional.of(KmsRefusal.text(answer, "NextMarker")).filter(text -> !text.isEmpty());
            if (marker.isEmpty()) {
                return names.stream().sorted().toList();
            }
        }
        throw CustodyException.of(CustodyCode.DAMAGED, "the key service's list of aliases does not end");
    }

    /** The name of an alias of ours; another's is no name. */
    private static String name(ForeignJson alias) {
        String text = alias instanceof ForeignJson.Obj object ? KmsRefusal.text(object, "AliasName") : "";
        return text.startsWith(PREFIX) ? text.substring(PREFIX.length()).replace('/', '.') : "";
    }

    /** An alias has no dots, and a name no slash. */
    private static String alias(String name) {
        return PREFIX + KeyName.require(name).replace('.', '/');
    }

    @Override
    public void destroy(String name) {
        String alias = alias(name);
        String id = id(describe(alias));
        delete(id);
        tell("DeleteAlias", JsonBuilder.object().put("AliasName", alias));
    }

    /** From now on it signs no more; the service lets it be taken back for as long as it must. */
    private void delete(String id) {
        ask("ScheduleKeyDeletion", JsonBuilder.object().put("KeyId", id).put("PendingWindowInDays", DELETION_DAYS));
    }

    private ForeignJson.Obj describe(String alias) {
        return metadata(ask("DescribeKey", JsonBuilder.object().put("KeyId", alias)));
    }

    private static ForeignJson.Obj metadata(ForeignJson.Obj answer) {
        if (answer.members().get("KeyMetadata") instanceof ForeignJson.Obj metadata) {
            return metadata;
        }
        throw CustodyException.of(CustodyCode.DAMAGED, "the key service's answer has no KeyMetadata");
    }

    @Override
    public KeyEvidence evidence(String name) {
        ForeignJson.Obj about = describe(alias(name));
        Map<String, String> facts = new HashMap<>();
        for (String fact : List.of("Arn", "KeyManager", "KeySpec", "KeyState", "Origin")) {
            facts.put(fact.toLowerCase(java.util.Locale.ROOT), KmsRefusal.text(about, fact));
        }
        // Of a key that came from elsewhere, others may have a copy.
        facts.put("extractable", "AWS_KMS".equals(facts.get("origin")) ? "false" : "unknown");
        return new KeyEvidence(kind(), key(name, publicKey(id(about))), false, facts);
    }

    private ForeignJson.Obj ask(String action, JsonBuilder question) {
        requireOpen();
        return client.ask(action, question.build());
    }

    private void tell(String action, JsonBuilder question) {
        requireOpen();
        client.tell(action, question.build());
    }

    private void requireOpen() {
        if (closed) {
            throw CustodyException.of(CustodyCode.LOCKED, "the custody was closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        client.close();
    }

    /** A key by its ARN. */
    private final class Kept extends CheckedKey {
        private final String arn;

        Kept(String arn, VerifyKey key) {
            super(key);
            this.arn = arn;
        }

        @Override
        protected byte[] signed(byte[] message) {
            // The service hashes what it is given whole, and takes no more than this.
            boolean whole = message.length <= RAW_BYTES_MAX;
            ForeignJson.Obj answer = ask(
                    "Sign",
                    JsonBuilder.object()
                            .put("KeyId", arn)
                            .put("Message", Base64.getEncoder().encodeToString(whole ? message : SigV4.sha256(message)))
                            .put("MessageType", whole ? "RAW" : "DIGEST")
                            .put("SigningAlgorithm", "ECDSA_SHA_256"));
            try {
                byte[] der = Base64.getDecoder().decode(KmsRefusal.text(answer, "Signature"));
                return P256Form.ofDer(der).orElse(der);
            } catch (IllegalArgumentException e) {
                throw CustodyException.of(
                        CustodyCode.DAMAGED, "the key service's signature is not base64", Optional.of(e));
            }
        }

        @Override
        protected void release() {
            // Nothing of the key is here.
        }
    }
}
