package dev.jurat.app.cli;

import dev.jurat.app.keys.Operators;
import dev.jurat.app.keys.PersonKeys;
import dev.jurat.app.keys.PrivateFiles;
import dev.jurat.app.keys.SealedKey;
import dev.jurat.app.node.Administrator;
import dev.jurat.app.node.StartException;
import dev.jurat.app.node.Successor;
import dev.jurat.ledger.LedgerPorts;
import dev.jurat.ledger.storage.StorageException;
import dev.jurat.ledger.store.FolderLog;
import dev.jurat.ledger.witness.WitnessConfig;
import dev.jurat.proof.FormatException;
import dev.jurat.proof.audit.OldLog;
import dev.jurat.proof.crypto.RandomSource;
import dev.jurat.proof.log.SignedNote;
import dev.jurat.proof.predecessor.Citation;
import dev.jurat.proof.predecessor.Reason;
import dev.jurat.proof.record.LedgerFacts.Registered;
import dev.jurat.proof.verify.TrustPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "succeed",
        description = {
            "Makes a new log in place of one whose own key is lost or in other hands. The old log's administrators sign it, two where there are",
            "two; its first record cites the newest checkpoint of the old log that witnesses cosigned."
        },
        footer = {
            "",
            "The old log's node must be down; nothing in its folder is changed. What came after the cited checkpoint is not covered, and is",
            "counted: jurat log audit NEW --predecessor OLD. Agents are enrolled anew, with the keys that they have."
        })
final class LogSucceedCommand extends dev.jurat.app.cli.Command {
    @Option(
            names = "--from",
            paramLabel = "DIR",
            required = true,
            description = "The old log's data folder, or a copy of it with or without its keys.")
    Path from = Path.of("");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            required = true,
            description = "The new log's data folder, which is empty or not there.")
    Path data = Path.of("");

    @Option(
            names = "--as",
            paramLabel = "NAME",
            required = true,
            description = "An administrator of the old log, as in: jurat operator list.")
    String as = "";

    @Option(names = "--with", paramLabel = "NAME", description = "A second one; needed where the old log had two.")
    Optional<String> with = Optional.empty();

    @Option(names = "--reason", paramLabel = "WORD", required = true, description = "key-lost, key-stolen or planned.")
    String reason = "";

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description =
                    "The old log's trust policy (jurat log trust): whose log it has to be, and which witnesses count"
                            + " (default: those that its folder says its node asked).")
    Optional<Path> trust = Optional.empty();

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description =
                    "A checkpoint of the old log with its cosignatures, which the folder covers (default: the newest in the folder).")
    Optional<Path> checkpoint = Optional.empty();

    @Option(
            names = "--unwitnessed",
            description =
                    "Cite the newest checkpoint that the old log itself signed, though no witness has: readers are told.")
    boolean unwitnessed;

    @Override
    Exit run(Screen screen) throws IOException, FormatException {
        Reason why = reason();
        unpack();
        try {
            Successor.requireFree(data);
            FolderLog folder = opened();
            OptionalLong size = size(folder);
            SignedNote cited = cited(folder);
            screen.progress("reading the old log…");
            OldLog old = read(screen, folder, cited);
            screen.progress("");
            Citation citation = cite(old, why);
            List<Administrator> signers = signers(old);
            try {
                return told(screen, old, size.orElse(old.size()), Successor.make(data, signers, citation));
            } finally {
                signers.forEach(signer -> PersonKeys.wipe(signer.key()));
            }
        } catch (StartException e) {
            throw new Failure(Exit.INPUT, e.code(), String.valueOf(e.getMessage()), "operator", e.next());
        }
    }

    private Reason reason() {
        try {
            return Reason.parse(reason);
        } catch (FormatException e) {
            throw Failure.input(
                    "reason-unknown", "--reason is key-lost, key-stolen or planned", "jurat log succeed --help");
        }
    }

    private FolderLog opened() throws IOException {
        if (!Files.isDirectory(from.resolve("log"))) {
            throw Failure.input("not-a-ledger", "there is no log in " + from, "name the old data folder with --from");
        }
        try {
            return FolderLog.open(from.resolve("log"));
        } catch (StorageException e) {
            throw new Failure(
                    Exit.INPUT,
                    e.code(),
                    "the old log's node runs: " + e.getMessage(),
                    "operator",
                    "stop it first, for good, then again: " + Next.SAME);
        }
    }

    /** How many leaves the old log signed for; nobody knows where its head is damaged, which does not keep it from being cited. */
    private static OptionalLong size(FolderLog folder) throws IOException {
        try {
            return OptionalLong.of(OldLog.sizeNow(folder));
        } catch (FormatException e) {
            return OptionalLong.empty();
        }
    }

    private SignedNote cited(FolderLog folder) throws IOException, FormatException {
        if (checkpoint.isPresent()) {
            return SignedNote.parse(Input.bytes(checkpoint.get(), SignedNote.BYTES_MAX));
        }
        return (unwitnessed ? folder : folder.preferWitnessed()).checkpoint(Optional.empty());
    }

    private OldLog read(Screen screen, FolderLog folder, SignedNote cited) throws IOException, FormatException {
        Optional<TrustPolicy> trusted = trusted(folder);
        if (!unwitnessed && trusted.flatMap(TrustPolicy::witnesses).isEmpty()) {
            throw notWitnessed("nothing says which witnesses count for the old log");
        }
        Pace pace = new Pace(screen);
        try {
            return OldLog.read(
                    folder,
                    cited,
                    trusted,
                    LedgerPorts.standard().signatures().checker(),
                    RandomSource.secure(),
                    pace::at);
        } catch (FormatException e) {
            if (e.code().equals("witness-quorum")) {
                throw notWitnessed("the checkpoint that would be cited has not been cosigned by enough of them");
            }
            if (e.code().equals("entries-missing")) {
                throw Failure.input(
                        "predecessor-short",
                        "the folder does not hold all that the checkpoint covers: " + e.getMessage(),
                        "give a fuller copy with --from, or an older checkpoint with --checkpoint");
            }
            throw e;
        }
    }

    private Citation cite(OldLog old, Reason why) throws IOException {
        try {
            return old.cite(why);
        } catch (FormatException e) {
            String next = switch (e.code()) {
                case "predecessor-large" ->
                    "cite an older checkpoint, below which there is less of that: " + Next.SAME + " --checkpoint FILE";
                case "predecessor-missing" -> "give a copy with --from that has its artefacts";
                default -> "audit it first: jurat log audit " + Next.quoted(from.toString());
            };
            throw Failure.input(e.code(), String.valueOf(e.getMessage()), next);
        }
    }

    private static Failure notWitnessed(String why) {
        return Failure.input(
                "not-witnessed",
                why,
                "give its trust policy with --trust or a cosigned checkpoint with --checkpoint; if it never had witnesses: "
                        + Next.SAME + " --unwitnessed");
    }

    /** Whose log it is, by the file that was given, or by the folder: then it is the one that its own leaf 0 names. */
    private Optional<TrustPolicy> trusted(FolderLog folder) throws IOException, FormatException {
        if (trust.isPresent()) {
            TrustPolicy given = TrustPolicy.read(Input.bytes(trust.get(), TrustPolicy.BYTES_MAX));
            return Optional.of(unwitnessed ? given.withoutWitnesses() : given);
        }
        Path kept = from.resolve("witnesses.json");
        if (unwitnessed || !Files.exists(kept)) {
            return Optional.empty();
        }
        WitnessConfig config = WitnessConfig.read(PrivateFiles.read(kept, WitnessConfig.BYTES_MAX));
        return Optional.of(new TrustPolicy(
                folder.logKey(), Optional.empty(), Optional.of(new TrustPolicy.Witnesses.ByPolicy(config.policy()))));
    }

    // ---- who signs

    private List<Administrator> signers(OldLog old) throws IOException, FormatException {
        List<Registered> standing = old.administrators();
        if (standing.isEmpty()) {
            throw Failure.no(
                    "successor-foreign",
                    "the old log has no administrator who could sign: nobody can show that a new log is of the same people",
                    "begin a new log without it: jurat up --help");
        }
        if (with.isEmpty() && old.administratorsEver() > 1) {
            throw Failure.input(
                    "successor-four-eyes",
                    "the old log had " + old.administratorsEver() + " administrators: two sign, both in good standing",
                    Next.SAME + " --with NAME");
        }
        List<SealedKey> chosen = new ArrayList<>(List.of(sealed(as, standing)));
        if (with.isPresent()) {
            chosen.add(sealed(with.get(), standing));
        }
        if (chosen.stream().map(SealedKey::principal).distinct().count() < chosen.size()) {
            throw Failure.input("four-eyes", "two different people sign this", "name another one with --with");
        }
        List<Administrator> signers = new ArrayList<>();
        for (SealedKey key : chosen) {
            signers.add(new Administrator(
                    registered(key, standing), Person.unlock(key).key()));
        }
        return signers;
    }

    private SealedKey sealed(String name, List<Registered> standing) throws IOException, FormatException {
        SealedKey key = new Operators(home())
                .find(name)
                .orElseThrow(
                        () -> Failure.input("no-such-operator", "there is no key of " + name, "jurat operator list"));
        registered(key, standing);
        return key;
    }

    private static Registered registered(SealedKey key, List<Registered> standing) {
        return standing.stream()
                .filter(p -> p.principal().equals(key.principal()) && p.key().equals(key.publicKey()))
                .findFirst()
                .orElseThrow(() -> Failure.no(
                        "successor-foreign",
                        key.name() + " was no administrator of the old log in good standing, or has another key now",
                        "name one who was: jurat operator list"));
    }

    // ---- what came of it

    private Exit told(Screen screen, OldLog old, long size, Successor.Made made) throws IOException, FormatException {
        new Succeeded(data, made, old.size(), size, CarriedAgents.of(home(), old)).tell(screen, unwitnessed);
        return Exit.DONE;
    }
}
