package dev.jurat.app.cli;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.body.PrincipalDetails;
import dev.jurat.proof.crypto.VerifyKey;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.PrincipalFacts;
import dev.jurat.proof.record.PrincipalFacts.KeptIn;
import dev.jurat.proof.record.References;
import dev.jurat.proof.tpm.TpmCheck;
import dev.jurat.proof.tpm.TpmEvidence;
import dev.jurat.sdk.JuratClient;
import dev.jurat.sdk.NodeException;
import dev.jurat.sdk.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "custody",
        description = {
            "Puts on the ledger where the newest key of a principal is kept, on an administrator's word.",
            "Of a TPM there is more than that: with --evidence the ledger, and every reader, checks what the TPM signed.",
            "Without --in it says what is on the ledger, and the challenge to give to: jurat signer attest"
        },
        footer = {"", "What the evidence shows, and what not: docs/operate/custody.md."})
final class KeyCustody extends NodeCommand {
    @Parameters(
            paramLabel = "NAME",
            description = "An agent's or a person's name, a principal id, or: point (this folder's).")
    String name = "";

    @Option(names = "--in", paramLabel = "CUSTODY", description = "One of: software, pkcs11, tpm, kms.")
    Optional<String> in = Optional.empty();

    @Option(names = "--evidence", paramLabel = "FILE", description = "What jurat signer attest wrote.")
    Optional<Path> evidence = Optional.empty();

    @Option(
            names = "--attestation-key",
            paramLabel = "NAME",
            description = "The name of the attestation key that you believe, from where you saw it made.")
    Optional<String> attestationKey = Optional.empty();

    @Option(names = "--reason", paramLabel = "TEXT", description = "How you know; it can be erased.")
    String reason = "";

    @Option(
            names = "--as",
            paramLabel = "NAME",
            description = "Which administrator signs (default: the only one here).")
    Optional<String> as = Optional.empty();

    @Override
    Exit run(Screen screen, JuratClient node) throws IOException, NodeException, FormatException {
        Json found = Principals.find(this, node, name);
        if (in.isEmpty()) {
            tell(screen, found);
            return Exit.DONE;
        }
        KeptIn keptIn = keptIn(in.get());
        if (evidence.isPresent() != attestationKey.isPresent() || (evidence.isPresent() && keptIn != KeptIn.TPM)) {
            throw Failure.input(
                    "custody-evidence",
                    "evidence is a TPM's, and says something with the attestation key that you believe: --in tpm --evidence FILE"
                            + " --attestation-key NAME",
                    "jurat key custody " + Next.quoted(name));
        }
        Optional<byte[]> shown = Optional.empty();
        if (evidence.isPresent()) {
            shown = Optional.of(checked(found, evidence.get(), attestationKey.orElseThrow()));
        }
        PrincipalFacts.Custody facts = new PrincipalFacts.Custody(
                View.text(found, "principal"), View.text(found, "key"), keptIn, attestationKey);
        Person person = Person.unlock(this, node, as);
        Receipt.Result result = Submission.one(
                node,
                person.sign(node, facts, References.NONE, new PrincipalDetails.Custody(reason, shown)),
                "jurat key list " + Next.quoted(name));
        if (screen.json()) {
            screen.value(facts.toJson().with("record", Json.of(result.id().hex())));
        } else {
            screen.line("The key of " + name + " is in " + keptIn.wire()
                    + (shown.isPresent() ? ", which a TPM certified" : ", on your word") + " (record "
                    + View.brief(result.id().hex()) + ")");
            screen.next("jurat key list " + Next.quoted(name));
        }
        return Exit.DONE;
    }

    private static KeptIn keptIn(String word) {
        for (KeptIn one : KeptIn.values()) {
            if (one.wire().equals(word)) {
                return one;
            }
        }
        throw Failure.input("custody-unknown", "a key is in software, pkcs11, tpm or kms", "jurat key custody --help");
    }

    private static byte[] challenge(Json principal) {
        return PrincipalDetails.Custody.challenge(View.text(principal, "principal"), View.text(principal, "key"));
    }

    /** Evidence as the ledger will check it, so that who made a mistake learns which. */
    private static byte[] checked(Json principal, Path file, String believed) throws IOException, FormatException {
        byte[] bytes = Input.bytes(file, TpmEvidence.BYTES_MAX, "tpm-evidence-size");
        try {
            TpmCheck.check(
                    TpmEvidence.parse(bytes),
                    believed,
                    VerifyKey.parse(View.text(principal, "key")),
                    challenge(principal));
            return bytes;
        } catch (FormatException e) {
            throw Failure.no(e.code(), String.valueOf(e.getMessage()), "docs/spec/tpm.md has what each code means");
        }
    }

    private void tell(Screen screen, Json principal) {
        String challenge = HexFormat.of().formatHex(challenge(principal));
        Json.Arr custodies = new Json.Arr(View.list(principal, "custodies"));
        if (screen.json()) {
            screen.value(JsonBuilder.object()
                    .put("challenge", challenge)
                    .put("custodies", custodies)
                    .put("key", View.text(principal, "key"))
                    .put("principal", View.text(principal, "principal"))
                    .build());
            return;
        }
        if (custodies.items().isEmpty()) {
            screen.line("Nobody has said where the key of " + name + " is.");
        }
        custodies
                .items()
                .forEach(one -> screen.line(View.text(one, "key") + " is in " + View.text(one, "custody")
                        + (View.text(one, "attestationKey").isEmpty()
                                ? ", on an administrator's word"
                                : ", certified by attestation key " + View.text(one, "attestationKey"))));
        screen.line("The challenge for a TPM:  " + challenge);
    }
}
