package dev.jurat.custody.pkcs11;

import dev.jurat.custody.CustodyCode;
import dev.jurat.custody.CustodyException;
import dev.jurat.custody.KeyName;
import dev.jurat.proof.crypto.VerifyKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A pair of one label in a token, with the private key's handle in one generation of sessions. */
record TokenKey(String name, VerifyKey key, Curve curve, long handle, long generation) {

    /** Makes a pair; where another process made one of the name meanwhile, this one is destroyed again. */
    static TokenKey make(Session session, String name, byte[] id, Curve curve) {
        List<Long> pair =
                session.generate(curve.generation(), publicTemplate(name, id, curve), privateTemplate(name, id));
        if (privateKeys(session, name).size() != 1) {
            pair.forEach(session::destroy);
            throw taken(name);
        }
        return find(session, name);
    }

    private static List<Attribute> publicTemplate(String name, byte[] id, Curve curve) {
        return List.of(
                Attribute.of(Attribute.TOKEN, true),
                Attribute.of(Attribute.PRIVATE, false),
                Attribute.of(Attribute.LABEL, name),
                new Attribute(Attribute.ID, id),
                Attribute.of(Attribute.VERIFY, true),
                new Attribute(Attribute.EC_PARAMS, curve.parameters()));
    }

    private static List<Attribute> privateTemplate(String name, byte[] id) {
        return List.of(
                Attribute.of(Attribute.TOKEN, true),
                Attribute.of(Attribute.PRIVATE, true),
                Attribute.of(Attribute.LABEL, name),
                new Attribute(Attribute.ID, id),
                Attribute.of(Attribute.SIGN, true),
                Attribute.of(Attribute.SENSITIVE, true),
                Attribute.of(Attribute.EXTRACTABLE, false));
    }

    static void refuseTaken(Session session, String name) {
        if (!privateKeys(session, name).isEmpty()) {
            throw taken(name);
        }
    }

    private static CustodyException taken(String name) {
        return CustodyException.of(CustodyCode.KEY_EXISTS, "the token has a key " + name + " already");
    }

    private static List<Long> privateKeys(Session session, String name) {
        return session.find(
                List.of(Attribute.of(Attribute.CLASS, Attribute.PRIVATE_KEY), Attribute.of(Attribute.LABEL, name)));
    }

    private static long privateKey(Session session, String name) {
        List<Long> found = privateKeys(session, name);
        if (found.isEmpty()) {
            throw CustodyException.of(CustodyCode.KEY_UNKNOWN, "the token has no key " + name);
        }
        if (found.size() > 1) {
            throw CustodyException.of(CustodyCode.DAMAGED, "the token has several keys " + name);
        }
        return found.getFirst();
    }

    /** The key of a label; refused where it could leave the token, or is of no suite of ours. */
    static TokenKey find(Session session, String name) {
        long handle = privateKey(session, name);
        if (!flag(session, handle, Attribute.SENSITIVE) || extractable(session, handle)) {
            throw CustodyException.of(
                    CustodyCode.UNSAFE,
                    "the key " + name + " could leave its token: it is not sensitive, or extractable");
        }
        long open = publicKey(session, handle, name);
        long type = ulong(need(session, open, Attribute.KEY_TYPE, name));
        Curve curve = Curve.of(type, need(session, open, Attribute.EC_PARAMS, name))
                .orElseThrow(() ->
                        CustodyException.of(CustodyCode.SUITE, "the key " + name + " is of a kind that no suite has"));
        VerifyKey key = curve.key(need(session, open, Attribute.EC_POINT, name));
        return new TokenKey(name, key, curve, handle, session.generation());
    }

    private static long publicKey(Session session, long privateKey, String name) {
        List<Long> found = session.find(List.of(
                Attribute.of(Attribute.CLASS, Attribute.PUBLIC_KEY),
                new Attribute(Attribute.ID, need(session, privateKey, Attribute.ID, name))));
        if (found.size() != 1) {
            throw CustodyException.of(
                    CustodyCode.DAMAGED,
                    "the token has " + found.size() + " public keys to the private key " + name + ", by their CKA_ID");
        }
        return found.getFirst();
    }

    private static byte[] need(Session session, long object, long type, String name) {
        return session.attribute(object, type)
                .orElseThrow(() -> CustodyException.of(
                        CustodyCode.DAMAGED,
                        "the token does not tell attribute 0x" + Long.toHexString(type) + " of the key " + name));
    }

    private static boolean flag(Session session, long object, long type) {
        return session.attribute(object, type)
                .map(v -> v.length == 1 && v[0] == 1)
                .orElse(false);
    }

    /** What is not said to be false counts as true. */
    private static boolean extractable(Session session, long object) {
        return session.attribute(object, Attribute.EXTRACTABLE)
                .map(v -> v.length != 1 || v[0] != 0)
                .orElse(true);
    }

    private static long ulong(byte[] value) {
        return value.length == Long.BYTES
                ? ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong()
                : -1;
    }

    byte[] sign(Session session, byte[] message) {
        return curve.signature(session.sign(handle, curve.signing(), curve.input(message)));
    }

    /** What the token says of the key and of itself. */
    Map<String, String> facts(Session session, TokenInfo token) {
        Map<String, String> facts = new HashMap<>();
        facts.put("always-sensitive", word(session, Attribute.ALWAYS_SENSITIVE));
        facts.put("extractable", word(session, Attribute.EXTRACTABLE));
        facts.put("local", word(session, Attribute.LOCAL));
        facts.put("never-extractable", word(session, Attribute.NEVER_EXTRACTABLE));
        facts.put("sensitive", word(session, Attribute.SENSITIVE));
        facts.put("token-label", token.label());
        facts.put("token-manufacturer", token.manufacturer());
        facts.put("token-model", token.model());
        facts.put("token-serial", token.serial());
        return facts;
    }

    private String word(Session session, long type) {
        return session.attribute(handle, type)
                .map(v -> v.length == 1 && v[0] == 1 ? "true" : "false")
                .orElse("unknown");
    }

    /** The labels of all private keys that can be names of ours, sorted. */
    static List<String> names(Session session) {
        List<String> names = new ArrayList<>();
        for (long key : session.find(List.of(Attribute.of(Attribute.CLASS, Attribute.PRIVATE_KEY)))) {
            session.attribute(key, Attribute.LABEL)
                    .map(label -> new String(label, StandardCharsets.UTF_8))
                    .filter(KeyName::allowed)
                    .ifPresent(names::add);
        }
        return names.stream().sorted().distinct().toList();
    }

    /** Destroys the pair, the private half first. */
    static boolean destroy(Session session, String name) {
        long handle = privateKey(session, name);
        List<Long> open = session.attribute(handle, Attribute.ID)
                .map(id -> session.find(
                        List.of(Attribute.of(Attribute.CLASS, Attribute.PUBLIC_KEY), new Attribute(Attribute.ID, id))))
                .orElse(List.of());
        session.destroy(handle);
        open.forEach(session::destroy);
        return true;
    }
}
