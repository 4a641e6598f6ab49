package dev.jurat.custody.tpm;

import dev.jurat.proof.FormatException;
import dev.jurat.proof.crypto.Hash;
import dev.jurat.proof.tpm.TpmPoint;
import dev.jurat.proof.tpm.TpmPublic;
import dev.jurat.proof.tpm.TpmReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The commands of Part 3 that are used, each with what it gives checked for its form. */
final class Commands {
    static final int OWNER = 0x40000001;
    static final int NULL = 0x40000007;
    static final int ENDORSEMENT = 0x4000000b;

    /** What a TPM makes of a private key, at most. */
    static final int SEALED_MAX = 1024;

    private static final int ATTESTATION_MAX = 512;
    private static final int TRANSIENT = 0x80;
    private static final int LOADED_SESSION = 0x02;

    /** A loaded key. */
    record Loaded(int handle, TpmPublic area) {
        Command.Handle named() {
            return new Command.Handle(handle, area.name());
        }
    }

    /** A key as its TPM made it: what only that TPM can open, and the public area. */
    record Made(byte[] sealed, TpmPublic area) {}

    private interface Form<T> {
        T read(Link.Answer answer) throws FormatException;
    }

    private final Link link;

    Commands(Link link) {
        this.link = link;
    }

    private <T> T ask(Form<T> form, Command command, Link.Auth... auths) {
        try {
            return form.read(link.run(command, auths));
        } catch (FormatException e) {
            throw new TpmException(TpmCode.GARBLED, "the answer to " + command.name + " is not in its form", e);
        }
    }

    private static int handle(Link.Answer answer, int kind) throws FormatException {
        if (answer.handle() >>> 24 != kind) {
            throw new FormatException("tpm-structure", "the handle is of another kind");
        }
        return answer.handle();
    }

    /** A key's public area, which is as it was asked for: a TPM that gives another is none to rely on. */
    private static TpmPublic asked(TpmReader in, Templates template) throws FormatException {
        TpmPublic area = TpmPublic.parse(in.sized(TpmPublic.BYTES_MAX));
        if (!template.made(area)) {
            throw new FormatException("tpm-structure", "the key is not as it was asked for");
        }
        return area;
    }

    /** A session whose secret only the TPM of the key {@code to} shares. */
    Session session(Loaded to) {
        byte[] ours = Session.nonce();
        Command.Writer encrypted = new Command.Writer();
        byte[] salt = Session.salt(to.area().point(), encrypted);
        Command.Writer parameters =
                new Command.Writer().sized(ours).sized(encrypted.bytes()).u8(0);
        parameters.u16(TpmPublic.AES).u16(128).u16(TpmPublic.CFB).u16(TpmPublic.SHA256);
        Command command =
                new Command(Command.Name.START_AUTH_SESSION, parameters, to.named(), Command.Handle.permanent(NULL));
        return ask(
                a -> new Session(
                        handle(a, LOADED_SESSION), salt, ours, a.parameters().sized(Hash.BYTES)),
                command);
    }

    Loaded primary(int hierarchy, Templates template) {
        Command command = new Command(
                Command.Name.CREATE_PRIMARY, creation(new byte[0], template), Command.Handle.permanent(hierarchy));
        try {
            return ask(
                    a -> new Loaded(handle(a, TRANSIENT), asked(a.parameters(), template)), command, Link.Auth.EMPTY);
        } catch (TpmException e) {
            throw e.code() == TpmCode.AUTH
                    ? new TpmException(TpmCode.HIERARCHY, "the TPM's hierarchy has a password of its own", e)
                    : e;
        }
    }

    Made create(Loaded parent, byte[] password, Session session) {
        Command command = new Command(Command.Name.CREATE, creation(password, Templates.SIGNING), parent.named());
        Link.Auth auth = new Link.Auth(Optional.of(session), new byte[0], true);
        return ask(
                a -> new Made(a.parameters().sized(SEALED_MAX), asked(a.parameters(), Templates.SIGNING)),
                command,
                auth);
    }

    private static Command.Writer creation(byte[] password, Templates template) {
        byte[] secret = new Command.Writer().sized(password).sized(new byte[0]).bytes();
        return new Command.Writer()
                .sized(secret)
                .sized(template.bytes())
                .sized(new byte[0])
                .u32(0);
    }

    Loaded load(Loaded parent, Made key, Session session) {
        Command.Writer parameters =
                new Command.Writer().sized(key.sealed()).sized(key.area().bytes());
        Command command = new Command(Command.Name.LOAD, parameters, parent.named());
        try {
            return ask(a -> new Loaded(handle(a, TRANSIENT), key.area()), command, Link.Auth.of(session, new byte[0]));
        } catch (TpmException e) {
            throw e.code() == TpmCode.REFUSED && ResponseCode.ofParameter(e.answered())
                    ? new TpmException(TpmCode.KEY_FORM, "the TPM does not take what is in the key's file", e)
                    : e;
        }
    }

    /** r ‖ s, low. */
    byte[] sign(Loaded key, byte[] password, Hash digest, Session session) {
        Command.Writer parameters =
                new Command.Writer().sized(digest.bytes()).u16(TpmPublic.ECDSA).u16(TpmPublic.SHA256);
        parameters.u16(0x8024).u32(NULL).sized(new byte[0]);
        Command command = new Command(Command.Name.SIGN, parameters, key.named());
        return ask(a -> signature(a.parameters()), command, Link.Auth.of(session, password));
    }

    /** What {@code signer} says of {@code key}: the bytes signed, and r ‖ s. */
    List<byte[]> certify(Loaded key, byte[] password, Loaded signer, byte[] challenge, Session session) {
        Command command = new Command(
                Command.Name.CERTIFY,
                new Command.Writer().sized(challenge).u16(TpmPublic.NULL),
                key.named(),
                signer.named());
        return ask(
                a -> {
                    byte[] said = a.parameters().sized(ATTESTATION_MAX);
                    return List.of(said, signature(a.parameters()));
                },
                command,
                Link.Auth.of(session, password),
                Link.Auth.EMPTY);
    }

    private static byte[] signature(TpmReader in) throws FormatException {
        if (in.u16() != TpmPublic.ECDSA || in.u16() != TpmPublic.SHA256) {
            throw new FormatException("tpm-structure", "the signature is none by ECDSA with SHA-256");
        }
        byte[] both = TpmPoint.lowS(in.sized(TpmPoint.BYTES), in.sized(TpmPoint.BYTES));
        in.end();
        return both;
    }

    void flush(int handle) {
        ask(a -> handle, new Command(Command.Name.FLUSH_CONTEXT, new Command.Writer().u32(handle)));
    }

    Optional<TpmPublic> readPublic(int handle) {
        Command command =
                new Command(Command.Name.READ_PUBLIC, new Command.Writer(), new Command.Handle(handle, new byte[0]));
        byte[] bytes = ask(a -> a.parameters().sized(Command.BYTES_MAX), command);
        try {
            return Optional.of(TpmPublic.parse(bytes));
        } catch (FormatException e) {
            // Of another kind than ours.
            return Optional.empty();
        }
    }

    /** The handles in use from {@code first} on. */
    List<Integer> handles(int first) {
        return capability(1, first, 64, in -> (int) in.u32());
    }

    boolean hasP256() {
        return capability(8, TpmPublic.P256, 1, TpmReader::u16).contains(TpmPublic.P256);
    }

    int property(int property) {
        List<Integer> pair = capability(6, property, 1, in -> in.u32() == property ? (int) in.u32() : 0);
        if (pair.isEmpty()) {
            throw new TpmException(TpmCode.GARBLED, "the TPM does not say what it is");
        }
        return pair.getFirst();
    }

    private interface Item {
        int read(TpmReader in) throws FormatException;
    }

    private List<Integer> capability(int kind, int first, int most, Item item) {
        Command command = new Command(
                Command.Name.GET_CAPABILITY,
                new Command.Writer().u32(kind).u32(first).u32(most));
        return ask(
                a -> {
                    TpmReader in = a.parameters();
                    in.u8();
                    if (in.u32() != kind) {
                        throw new FormatException("tpm-structure", "the TPM tells of something else");
                    }
                    long count = in.u32();
                    List<Integer> out = new ArrayList<>();
                    for (long i = 0; i < count; i++) {
                        out.add(item.read(in));
                    }
                    in.end();
                    return out;
                },
                command);
    }

    /** What a permanent place holds, if it is there and anybody may read it. */
    Optional<byte[]> read(int index, int max) {
        try {
            Command.Handle place = new Command.Handle(index, new byte[0]);
            int size = ask(Commands::size, new Command(Command.Name.NV_READ_PUBLIC, new Command.Writer(), place));
            if (size == 0 || size > max) {
                return Optional.empty();
            }
            Command.Writer out = new Command.Writer();
            for (int at = 0; at < size; at += 512) {
                Command.Writer part =
                        new Command.Writer().u16(Math.min(512, size - at)).u16(at);
                out.raw(ask(
                        a -> a.parameters().sized(512),
                        new Command(Command.Name.NV_READ, part, place, place),
                        Link.Auth.EMPTY));
            }
            return Optional.of(out.bytes());
        } catch (TpmException e) {
            if (e.answered() != 0) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static int size(Link.Answer answer) throws FormatException {
        TpmReader in = new TpmReader(answer.parameters().sized(128));
        in.take(10);
        in.sized(64);
        int size = in.u16();
        in.end();
        return size;
    }
}
