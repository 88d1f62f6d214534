using System.CommandLine;
using ModelBuild.Cli.Caching;
using ModelBuild.Compression.Caching.Remote;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Commands;

/// <summary>Provides the options of <c>compress</c> for a remote cache.</summary>
internal sealed class RemoteCacheOptions
{
    private readonly Option<string?> _address = SharedOptions.RemoteCache(
        "--remote-cache",
        "Use the results that this server has, and the cache folder. Default: the environment variable " + RemoteCacheVariables.Address + "."
    );

    private readonly Option<bool> _push = new("--remote-cache-push")
    {
        Description =
            $"Write the result to the server, with the secret in {RemoteCacheVariables.Token}, or in "
            + $"{RemoteCacheVariables.User} and {RemoteCacheVariables.Password}.",
    };

    private readonly Option<bool> _verify = new("--remote-cache-verify") { Description = "Verify a result of the server again before it is used." };

    /// <summary>Gets all options for a remote cache.</summary>
    public IEnumerable<Option> All => [_address, _push, _verify];

    /// <summary>Returns the settings of the remote cache; null if there is none.</summary>
    /// <exception cref="CompressionException">MB1005: the address is wrong, or it is missing although another option needs it.</exception>
    public RemoteCacheSettings? Read(ParseResult parseResult)
    {
        var (push, verify) = (parseResult.GetValue(_push), parseResult.GetValue(_verify));
        var address = parseResult.GetValue(_address) ?? Environment.GetEnvironmentVariable(RemoteCacheVariables.Address);
        var settings = RemoteSettings.Of(address, push, verify);
        return settings is null && (push || verify)
            ? throw new CompressionException(
                Codes.UnknownOption,
                $"{(push ? _push : _verify).Name} needs a server. Name it with {_address.Name}, or in the environment variable {RemoteCacheVariables.Address}."
            )
            : settings;
    }
}
