using System.Globalization;
using ModelBuild.Compression.Caching.Remote;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Caching;

/// <summary>
/// Joins the settings of a build or a command with the secret of the environment. A project file may name any server, so the secret is sent only to the origin
/// (scheme, host and port) that the environment names.
/// </summary>
internal static class RemoteSettings
{
    private const double MaxSeconds = 3600;

    /// <summary>Returns the settings of the remote cache; null without an address.</summary>
    /// <param name="address">The address; null or empty for none.</param>
    /// <param name="push">Whether results are written.</param>
    /// <param name="verify">Whether results from the server are verified.</param>
    /// <exception cref="CompressionException">MB1005: the address or the time limit is wrong.</exception>
    public static RemoteCacheSettings? Of(string? address, bool push, bool verify)
    {
        if (string.IsNullOrWhiteSpace(address))
            return null;
        if (RemoteCacheUrl.Fault(address) is { } fault)
            throw new CompressionException(Codes.UnknownOption, fault);
        var uri = new Uri(address.Trim());
        var (secret, secretFault) = SecretFor(uri);
        return new RemoteCacheSettings(uri)
        {
            Push = push,
            Verify = verify,
            Secret = secret,
            SecretFault = secretFault,
            Patience = Patience(Variable(RemoteCacheVariables.Timeout)),
        };
    }

    private static (RemoteCredentials? Secret, string? Fault) SecretFor(Uri address)
    {
        var (secret, fault) = RemoteCredentials.Of(
            Variable(RemoteCacheVariables.Token),
            Variable(RemoteCacheVariables.User),
            Variable(RemoteCacheVariables.Password)
        );
        return secret is null || IsTrusted(address)
            ? (secret, fault)
            : (null, $"The secret is not sent to this server, because {RemoteCacheVariables.Address} does not name its scheme, host and port.");
    }

    private static bool IsTrusted(Uri address) =>
        Uri.TryCreate(Variable(RemoteCacheVariables.Address)?.Trim(), UriKind.Absolute, out var trusted)
        && trusted.GetLeftPart(UriPartial.Authority) == address.GetLeftPart(UriPartial.Authority);

    private static TimeSpan Patience(string? text) =>
        text is not { Length: > 0 } ? RemoteCacheSettings.DefaultPatience
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= MaxSeconds
            ? TimeSpan.FromSeconds(seconds)
        : throw new CompressionException(
            Codes.UnknownOption,
            $"{RemoteCacheVariables.Timeout}='{text}' must be a number of seconds, not more than {MaxSeconds}."
        );

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);
}
