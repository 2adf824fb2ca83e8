public import Canonical

extension Account {
    public var json: JSON {
        var members: [String: JSON] = [
            "account": .string(id.lowercase), "clinic": .string(clinic), "staff": .string(staff), "password": .bool(hasPassword),
            "totp": .bool(usesCodes), "created_at": .string(createdAt.description),
        ]
        if let disabledAt { members["disabled_at"] = .string(disabledAt.description) }
        return .object(members)
    }
}

extension AccountSession {
    public var json: JSON {
        var members: [String: JSON] = [
            "session": .string(id.lowercase), "clinic": .string(clinic), "staff": .string(staff), "method": .string(method),
            "created_at": .string(createdAt.description), "last_used_at": .string(lastUsedAt.description),
            "expires_at": .string(expiresAt.description),
        ]
        if let address { members["address"] = .string(address) }
        if let agent { members["agent"] = .string(agent) }
        return .object(members)
    }
}

extension BearerToken {
    public var json: JSON {
        var members: [String: JSON] = [
            "token": .string(id.lowercase), "clinic": .string(clinic), "staff": .string(staff), "name": .string(name),
            "roles": .array(roles.map { .string($0) }), "created_at": .string(createdAt.description),
            "expires_at": .string(expiresAt.description),
        ]
        if let lastUsedAt { members["last_used_at"] = .string(lastUsedAt.description) }
        if let revokedAt { members["revoked_at"] = .string(revokedAt.description) }
        return .object(members)
    }
}
