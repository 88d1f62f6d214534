namespace ModelBuild.Protocol;

/// <summary>Checks the address of a remote cache. Messages do not repeat the address, because it may contain a secret.</summary>
internal static class RemoteCacheUrl
{
    /// <summary>The scheme of addresses whose connections are not encrypted.</summary>
    public const string PlainScheme = "http";

    private const string EncryptedScheme = "https";

    /// <summary>Returns sentences about the fault of an address; null if the address can be used.</summary>
    public static string? Fault(string text)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address) || !(address.Scheme is PlainScheme or EncryptedScheme))
            return "The address of the remote cache must start with https:// or http://, such as https://cache.example.com/modelbuild.";
        if (address.UserInfo.Length > 0)
            return "The address of the remote cache contains a user name or a password, which logs would show. Remove them from the address, and set the "
                + $"environment variables {RemoteCacheVariables.User} and {RemoteCacheVariables.Password}, or {RemoteCacheVariables.Token}.";
        return address.Query.Length > 0 || address.Fragment.Length > 0 ? "The address of the remote cache must not contain '?' or '#'." : null;
    }
}
