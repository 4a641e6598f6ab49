package dev.jurat.ledger;

import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.crypto.SigningKey;
import dev.jurat.proof.crypto.Suite;
import dev.jurat.proof.predecessor.Citation;
import dev.jurat.proof.record.Header;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.References;
import dev.jurat.proof.record.Role;
import dev.jurat.proof.record.SignedRecord;
import dev.jurat.proof.record.SignerType;
import dev.jurat.proof.record.Statement;
import dev.jurat.proof.record.Stream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Composes leaf 0: signed by the ledger's record key, then by each administrator in the order of the principals. */
final class Genesis {
    private Genesis() {}

    static SignedRecord sign(GenesisPlan plan, LedgerKeys keys, List<Hash> artefacts) {
        List<Registered> principals = principals(plan, keys);
        LedgerFacts.Genesis facts = new LedgerFacts.Genesis(
                LedgerFacts.Genesis.SPEC,
                1,
                plan.origin(),
                List.of(Suite.ED25519_2026.text(), Suite.P256_2026.text()),
                keys.checkpoint().verifyKey().text(),
                principals,
                artefacts.stream().distinct().sorted().toList(),
                List.of(),
                plan.predecessor().map(Citation::digest));
        Header header = new Header(
                Kind.GENESIS,
                Stream.LEDGER,
                SignerType.SERVICE,
                0,
                RecordId.NONE,
                RecordId.NONE,
                References.NONE,
                Suite.ED25519_2026);
        return SignedRecord.sign(
                new Statement(header, facts, Hash.ZERO),
                signers(plan, keys, principals).toArray(SigningKey[]::new));
    }

    private static List<Registered> principals(GenesisPlan plan, LedgerKeys keys) {
        List<Registered> all = new ArrayList<>(plan.principals());
        all.add(new Registered(
                Stream.LEDGER.principal(),
                SignerType.SERVICE,
                List.of(Role.LEDGER),
                keys.record().verifyKey().text()));
        all.sort(Comparator.comparing(Registered::principal));
        return List.copyOf(all);
    }

    private static List<SigningKey> signers(GenesisPlan plan, LedgerKeys keys, List<Registered> principals) {
        List<SigningKey> signers = new ArrayList<>(List.of(keys.record()));
        for (Registered principal : principals) {
            if (principal.roles().contains(Role.ADMINISTRATOR)) {
                signers.add(keyOf(principal, plan.administrators()));
            }
        }
        return signers;
    }

    private static SigningKey keyOf(Registered principal, List<SigningKey> administrators) {
        return administrators.stream()
                .filter(key -> key.verifyKey().text().equals(principal.key()))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("no key signs for administrator " + principal.principal()));
    }
}
