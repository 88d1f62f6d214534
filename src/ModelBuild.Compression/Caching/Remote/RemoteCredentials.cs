using System.Net.Http.Headers;
using System.Text;

namespace ModelBuild.Compression.Caching.Remote;

/// <summary>The secret that a remote cache requires. It appears only in the header of requests, and in no message.</summary>
internal sealed class RemoteCredentials
{
    private RemoteCredentials(AuthenticationHeaderValue header) => Header = header;

    /// <summary>Gets the value of the header <c>Authorization</c>.</summary>
    public AuthenticationHeaderValue Header { get; }

    /// <summary>Returns the secret of a token, or else that of a user name and a password.</summary>
    /// <param name="token">The token; null or empty for none.</param>
    /// <param name="user">The user name; null or empty for none.</param>
    /// <param name="password">The password; null for none.</param>
    /// <returns>The secret, and what is wrong with it, as a sentence. Both are null if there is none.</returns>
    public static (RemoteCredentials? Secret, string? Fault) Of(string? token, string? user, string? password)
    {
        if (token is { Length: > 0 })
            // The characters of the token are checked before the header is created, because the header class of .NET throws an exception whose text contains
            // the token.
            return token.Any(letter => letter is <= ' ' or > '~')
                ? (null, $"{RemoteCacheVariables.Token} contains a space, a line break or a letter that a header cannot contain.")
                : (new RemoteCredentials(new AuthenticationHeaderValue("Bearer", token)), null);
        if (user is not { Length: > 0 })
            return (null, password is { Length: > 0 } ? $"{RemoteCacheVariables.Password} is set, and {RemoteCacheVariables.User} is not." : null);
        if (password is null)
            return (null, $"{RemoteCacheVariables.User} is set, and {RemoteCacheVariables.Password} is not.");
        if (user.Contains(':', StringComparison.Ordinal))
            return (null, $"{RemoteCacheVariables.User} contains a colon, which user names cannot contain.");
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        return (new RemoteCredentials(new AuthenticationHeaderValue("Basic", pair)), null);
    }
}
