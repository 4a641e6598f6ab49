package dev.jurat.proof.state;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.contract.Decimal;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.lifecycle.Flag;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.CustodyFacts;
import dev.jurat.proof.record.Facts;
import dev.jurat.proof.record.Kind;
import dev.jurat.proof.record.LedgerFacts;
import dev.jurat.proof.record.RecordId;
import dev.jurat.proof.record.RegistryFacts;
import dev.jurat.proof.record.SuccessionFacts;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The bytes of standings ({@code docs/spec/state.md} §3). */
final class StandingBytes {
    /** The flags of open kinds in the order of their bits. */
    private static final List<Flag> FLAGS = List.of(
            Flag.SIGNER_SUSPENDED,
            Flag.SIGNER_EXPIRED,
            Flag.ROLE_FORBIDDEN,
            Flag.REFERENCE_UNKNOWN,
            Flag.FOREIGN_POINT,
            Flag.LATE,
            Flag.REPEATED);

    private StandingBytes() {}

    // ---- writing

    static byte[] encode(Standing standing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (standing) {
            case Standing.None() -> {}
            case Standing.Genesis(List<Standing.Named> principals) -> principals.forEach(p -> named(out, p));
            case Standing.Enrolled(Standing.Principal principal, Standing.Credential key, Standing.Head stream) -> {
                principal(out, principal);
                credential(out, key);
                head(out, stream);
            }
            case Standing.Succeeded(Standing.Credential key, Standing.Head stream) -> {
                credential(out, key);
                head(out, stream);
            }
            case Standing.Session(Standing.Head stream, long before) -> {
                head(out, stream);
                Numbers.write(out, before);
            }
            case Standing.Policy p -> flags(out, p.withdrawn(), p.revoked());
            case Standing.Intent(long decision) -> Numbers.write(out, decision);
            case Standing.Decision decision -> decision(out, decision);
            case Standing.Contract contract -> contract(out, contract);
            case Standing.Identity i -> {
                flags(out, i.revoked());
                numbers(out, i.awaited(), i.uses());
            }
            case Standing.Use use -> use(out, use);
            case Standing.Hold(boolean lifted) -> flags(out, lifted);
            case Standing.Flagged(Set<Flag> flags) -> flagged(out, flags);
        }
        return out.toByteArray();
    }

    private static void named(ByteArrayOutputStream out, Standing.Named named) {
        principal(out, named.principal());
        credential(out, named.key());
        named.stream().ifPresent(head -> head(out, head));
    }

    private static void principal(ByteArrayOutputStream out, Standing.Principal principal) {
        flags(out, principal.suspended(), principal.selfEnrolled());
        numbers(out, principal.sessions(), principal.newest());
    }

    private static void credential(ByteArrayOutputStream out, Standing.Credential key) {
        numbers(out, key.next(), key.report(), key.since());
    }

    private static void head(ByteArrayOutputStream out, Standing.Head head) {
        flags(out, head.suspended(), head.ended());
        Numbers.write(out, head.next());
        out.writeBytes(head.previous().hash().bytes());
        Numbers.write(out, head.awaited());
    }

    private static void decision(ByteArrayOutputStream out, Standing.Decision decision) {
        flags(out, decision.superseded(), decision.contracted(), decision.rejected());
        Numbers.write(out, decision.earliest());
        leaves(out, decision.approvals());
    }

    private static void contract(ByteArrayOutputStream out, Standing.Contract contract) {
        flags(out, contract.revoked(), contract.expired());
        numbers(out, contract.notBefore(), contract.spent(), contract.ordinal());
        leaves(out, contract.identities());
        for (Decimal total : contract.totals()) {
            byte[] text = total.text().getBytes(StandardCharsets.US_ASCII);
            Numbers.write(out, text.length);
            out.writeBytes(text);
        }
    }

    private static void use(ByteArrayOutputStream out, Standing.Use use) {
        if (!use.awaits() && !use.incomplete() && !use.unknown()) {
            throw new IllegalArgumentException("a use that has its outcome has no standing");
        }
        flags(out, use.awaits(), use.incomplete(), use.unknown());
        numbers(out, use.deadline(), use.reconciled());
    }

    private static void flagged(ByteArrayOutputStream out, Set<Flag> flags) {
        long bits = 0;
        for (Flag flag : flags) {
            bits |= 1L << FLAGS.indexOf(flag);
        }
        if (flags.isEmpty() || !FLAGS.containsAll(flags)) {
            throw new IllegalArgumentException("no flags that a standing has: " + flags);
        }
        Numbers.write(out, bits);
    }

    private static void leaves(ByteArrayOutputStream out, List<Long> leaves) {
        Numbers.write(out, leaves.size());
        leaves.forEach(leaf -> Numbers.write(out, leaf));
    }

    private static void flags(ByteArrayOutputStream out, boolean... flags) {
        long bits = 0;
        for (int i = 0; i < flags.length; i++) {
            bits |= flags[i] ? 1L << i : 0;
        }
        Numbers.write(out, bits);
    }

    private static void numbers(ByteArrayOutputStream out, long... numbers) {
        for (long number : numbers) {
            Numbers.write(out, number);
        }
    }

    // ---- reading

    static Standing decode(Facts facts, byte[] bytes) throws FormatException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Standing standing = read(facts, in);
        if (in.hasRemaining()) {
            throw invalid("goes on behind its end");
        }
        return standing;
    }

    private static Standing read(Facts facts, ByteBuffer in) throws FormatException {
        return switch (facts) {
            case LedgerFacts.Genesis genesis -> genesis(genesis, in);
            case RegistryFacts.Key key
            when key.action() == RegistryFacts.KeyAction.ENROLL ->
                new Standing.Enrolled(principal(in), credential(in), head(in));
            case SuccessionFacts.Successor s -> new Standing.Succeeded(credential(in), head(in));
            case RegistryFacts.Session s -> new Standing.Session(head(in), Numbers.read(in));
            case RegistryFacts.Policy p
            when p.publication() != RegistryFacts.Publication.WITHDRAWN -> {
                long flags = flags(in, 2);
                yield new Standing.Policy(has(flags, 0), has(flags, 1));
            }
            case AuthorityFacts.Intent i -> new Standing.Intent(Numbers.read(in));
            case AuthorityFacts.Decision d -> decision(in);
            case AuthorityFacts.Contract contract -> contract(contract, in);
            case AuthorityFacts.Identity i ->
                new Standing.Identity(has(flags(in, 1), 0), Numbers.read(in), Numbers.read(in));
            case CustodyFacts.Place p -> new Standing.Hold(has(flags(in, 1), 0));
            default -> optional(facts.kind(), in);
        };
    }

    /** Of kinds that have a standing sometimes, or never. */
    private static Standing optional(Kind kind, ByteBuffer in) throws FormatException {
        if (!in.hasRemaining()) {
            return new Standing.None();
        }
        if (kind == Kind.USE) {
            return use(in);
        }
        if (kind.gate() == Kind.Gate.OPEN) {
            return flagged(in);
        }
        throw invalid("is of a kind that has none");
    }

    private static Standing genesis(LedgerFacts.Genesis genesis, ByteBuffer in) throws FormatException {
        List<Standing.Named> principals = new ArrayList<>();
        for (LedgerFacts.Registered registered : genesis.principals()) {
            principals.add(new Standing.Named(
                    principal(in),
                    credential(in),
                    Beginnings.opensStream(registered) ? Optional.of(head(in)) : Optional.empty()));
        }
        return new Standing.Genesis(principals);
    }

    private static Standing.Principal principal(ByteBuffer in) throws FormatException {
        long flags = flags(in, 2);
        return new Standing.Principal(has(flags, 0), has(flags, 1), Numbers.read(in), Numbers.read(in));
    }

    private static Standing.Credential credential(ByteBuffer in) throws FormatException {
        return new Standing.Credential(Numbers.read(in), Numbers.read(in), Numbers.read(in));
    }

    private static Standing.Head head(ByteBuffer in) throws FormatException {
        long flags = flags(in, 2);
        return new Standing.Head(has(flags, 0), has(flags, 1), Numbers.read(in), id(in), Numbers.read(in));
    }

    private static Standing decision(ByteBuffer in) throws FormatException {
        long flags = flags(in, 3);
        return new Standing.Decision(has(flags, 0), has(flags, 1), has(flags, 2), Numbers.read(in), leaves(in));
    }

    private static Standing contract(AuthorityFacts.Contract facts, ByteBuffer in) throws FormatException {
        long flags = flags(in, 2);
        long notBefore = Numbers.read(in);
        long spent = Numbers.read(in);
        long ordinal = Numbers.read(in);
        List<Long> identities = leaves(in);
        List<Decimal> totals = new ArrayList<>();
        for (int i = 0; i < facts.grant().totals().size(); i++) {
            totals.add(Decimal.read(new String(bytes(in, Numbers.read(in)), StandardCharsets.US_ASCII)));
        }
        return new Standing.Contract(has(flags, 0), has(flags, 1), notBefore, spent, ordinal, identities, totals);
    }

    private static Standing use(ByteBuffer in) throws FormatException {
        long flags = flags(in, 3);
        if (flags == 0) {
            throw invalid("is of a use that has its outcome");
        }
        return new Standing.Use(has(flags, 0), has(flags, 1), has(flags, 2), Numbers.read(in), Numbers.read(in));
    }

    private static Standing flagged(ByteBuffer in) throws FormatException {
        long bits = flags(in, FLAGS.size());
        if (bits == 0) {
            throw invalid("is of a record without flags");
        }
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        for (int i = 0; i < FLAGS.size(); i++) {
            if (has(bits, i)) {
                flags.add(FLAGS.get(i));
            }
        }
        return new Standing.Flagged(flags);
    }

    private static List<Long> leaves(ByteBuffer in) throws FormatException {
        long count = Numbers.read(in);
        if (count > in.remaining()) {
            throw invalid("names fewer leaves than it says");
        }
        List<Long> leaves = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            leaves.add(Numbers.read(in));
        }
        return leaves;
    }

    private static RecordId id(ByteBuffer in) throws FormatException {
        return new RecordId(Hash.ofBytes(bytes(in, Hash.BYTES)));
    }

    private static byte[] bytes(ByteBuffer in, long length) throws FormatException {
        if (length > in.remaining()) {
            throw invalid("is cut off");
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private static long flags(ByteBuffer in, int known) throws FormatException {
        long flags = Numbers.read(in);
        if (flags >= 1L << known) {
            throw invalid("has a flag that is not known");
        }
        return flags;
    }

    private static boolean has(long flags, int bit) {
        return (flags >>> bit & 1) == 1;
    }

    private static FormatException invalid(String what) {
        return new FormatException("state-standing", "a standing " + what);
    }
}
