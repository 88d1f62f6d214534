using System.CommandLine;
using System.Globalization;
using ModelBuild.Cli.Caching;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Caching.Remote;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild cache</c>: shows, empties, shortens and checks the cache.</summary>
internal static class CacheCommand
{
    private const string Info = "info";
    private const string Clear = "clear";
    private const string Prune = "prune";
    private const string Check = "check";

    public static Command Create()
    {
        var action = new Argument<string>("action")
        {
            Description =
                "'info' shows the folder and its size, 'clear' removes all entries and what builds have left that were killed, 'prune' removes those "
                + "that were not used for the longest time until the folder has the size, and 'check' compares the files of all entries with their hashes.",
        };
        action.AcceptOnlyFromAmong(Info, Clear, Prune, Check);
        var folder = new Option<string?>("--folder") { Description = "The cache folder. Default: that of this user's builds.", HelpName = "FOLDER" };
        var size = new Option<string?>("--size")
        {
            Description = $"The size that the folder is kept below. Default: the environment variable {CacheLimit.Property}, or 10GB.",
            HelpName = "SIZE",
        };
        var remote = SharedOptions.RemoteCache(
            "--remote",
            "With 'check', also try this remote cache: whether it answers, can be read, and takes a file of this user. Without a secret nothing is written."
        );
        var command = new Command("cache", "Shows and maintains the cache of compressed models.") { action, folder, size, remote };
        command.SetGuardedAction(
            parseResult => CacheLocation.Of(parseResult.GetValue(folder)),
            (parseResult, cancellationToken) =>
            {
                if (parseResult.GetValue(remote) is not null && parseResult.GetValue(action) != Check)
                    throw new CompressionException(Codes.UnknownOption, $"--remote is an option of 'cache {Check}' only.");
                var cache = new CacheFolder(CacheLocation.Of(parseResult.GetValue(folder)));
                var limit = parseResult.GetValue(size) is { } text ? CacheLimit.Of(text) : CacheLimit.OfEnvironment();
                return parseResult.GetValue(action) switch
                {
                    Info => Show(cache, limit),
                    Clear => Removed(cache.Clear()),
                    Prune => Removed(cache.Prune(limit)),
                    _ => CheckAll(cache, RemoteSettings.Of(parseResult.GetValue(remote), push: false, verify: false), cancellationToken),
                };
            }
        );
        return command;
    }

    private static int Show(CacheFolder cache, long limit)
    {
        var entries = cache.Entries();
        Screen.WriteLine($"folder   {cache.Path}");
        Screen.WriteLine($"entries  {Numbers.Format(entries.Count)}");
        Screen.WriteLine($"bytes    {Numbers.Format(entries.Sum(entry => entry.Bytes))}");
        Screen.WriteLine($"limit    {Numbers.Format(limit)}");
        return ExitCode.Good;
    }

    private static int Removed((int Entries, long Bytes) removed)
    {
        Screen.WriteLine($"{Entries(removed.Entries)} removed, {Numbers.Format(removed.Bytes)} bytes");
        return ExitCode.Good;
    }

    private static int CheckAll(CacheFolder cache, RemoteCacheSettings? remote, CancellationToken cancellationToken)
    {
        var entries = cache.Entries();
        var damaged = entries
            .Where(entry =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                return entry.TryRead() is null && entry.Exists;
            })
            .ToArray();
        foreach (var entry in damaged)
            Screen.WriteLine($"damaged: {entry.Folder}");
        Screen.WriteLine($"{Entries(entries.Count)} in the folder, {Numbers.Format(damaged.Length)} damaged");
        var isGood = damaged.Length == 0;
        if (remote is not null)
            isGood &= CheckRemote(remote, cancellationToken);
        return isGood ? ExitCode.Good : ExitCode.Failed;
    }

    // Returns whether the remote cache works. Without a secret, it is enough that the server can be read.
    private static bool CheckRemote(RemoteCacheSettings remote, CancellationToken cancellationToken)
    {
        var result = RemoteCheck.RunAsync(remote, cancellationToken).GetAwaiter().GetResult();
        Screen.WriteLine($"the server answers: {Answer(result.Answers)}");
        Screen.WriteLine($"it can be read: {Answer(result.CanRead)}");
        Screen.WriteLine($"it takes a file of this user and returns it: {Answer(result.CanWrite)}");
        if (result.Reason is { } reason)
            Screen.WriteLine($"reason: {reason}");
        return result.CanWrite || (result.CanRead && remote is { Secret: null, SecretFault: null });
    }

    private static string Answer(bool value) => value ? "yes" : "no";

    private static string Entries(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "entry" : "entries")}");
}
