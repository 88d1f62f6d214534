using System.Globalization;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ModelBuild.Runtime;

namespace ModelBuild.Hosting;

/// <summary>Loads a model's file anew when it has changed and is written to the end.</summary>
/// <param name="find">The model.</param>
/// <param name="path">The file that the settings name; null for the one that the project deploys.</param>
/// <param name="logger">Hears of every change.</param>
internal sealed partial class ModelReloader(Func<IModel> find, string? path, ILogger<ModelReloader> logger) : BackgroundService
{
    // A file that is being copied changes many times.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var model = find();
        if (FileOf(model) is not { } file || Path.GetDirectoryName(file) is not { } folder || !Directory.Exists(folder))
        {
            LogNoFile(logger, model.Signature.Name);
            return;
        }

        var watched = Watched(file, model.Signature.Stages.Count);
        using var files = new PhysicalFileProvider(folder);
        var (change, last) = (files.Watch(Path.GetFileName(watched)), default((long, DateTimeOffset)?));
        while (!stoppingToken.IsCancellationRequested)
        {
            await ChangeAsync(change, stoppingToken).ConfigureAwait(false);
            // Before the file is looked at, so that a change under way is not missed.
            change = files.Watch(Path.GetFileName(watched));
            var now = await SettleAsync(files, watched, stoppingToken).ConfigureAwait(false);
            if (now is not null && now != last)
                Reload(model, file);
            last = now;
        }
    }

    private string? FileOf(IModel model) => path is not null ? Path.GetFullPath(path) : model.Signature.Location.FilePath;

    // Of a model in stages the last one is written last.
    private static string Watched(string file, int stages) =>
        stages == 0 || File.Exists(file) ? file : Path.ChangeExtension(file, string.Create(CultureInfo.InvariantCulture, $"{stages}{Path.GetExtension(file)}"));

    private void Reload(IModel model, string file)
    {
        try
        {
            model.Reload(file);
            LogReloaded(logger, model.Signature.Name, file);
        }
#pragma warning disable CA1031 // The old model goes on, and the watch too.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception, model.Signature.Name, file);
        }
    }

    /// <summary>Waits until the file has stayed the same for a while; null when it is gone.</summary>
    private static async Task<(long Length, DateTimeOffset Modified)?> SettleAsync(PhysicalFileProvider files, string file, CancellationToken stop)
    {
        var before = default((long, DateTimeOffset));
        while (true)
        {
            var info = files.GetFileInfo(Path.GetFileName(file));
            if (!info.Exists)
                return null;
            var now = (info.Length, info.LastModified);
            if (now == before)
                return now;
            before = now;
            await Task.Delay(Settling, stop).ConfigureAwait(false);
        }
    }

    private static async Task ChangeAsync(IChangeToken token, CancellationToken stop)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (token.RegisterChangeCallback(static state => ((TaskCompletionSource)state!).TrySetResult(), changed))
            await changed.Task.WaitAsync(stop).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The model {Model} was loaded anew from {File}.")]
    private static partial void LogReloaded(ILogger logger, string model, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The model {Model} goes on as it is: the changed file {File} cannot be loaded.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string model, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model {Model} has no file to watch: it is embedded, or not deployed, or its folder is not there.")]
    private static partial void LogNoFile(ILogger logger, string model);
}
