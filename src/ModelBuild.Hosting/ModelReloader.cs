using System.Globalization;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using ModelBuild.Runtime;

namespace ModelBuild.Hosting;

/// <summary>Reloads a model when its file has changed and has been written completely.</summary>
/// <param name="find">Returns the model.</param>
/// <param name="path">The path of the file from the settings; null for the file that the project deploys.</param>
/// <param name="logger">Logs every reload.</param>
internal sealed partial class ModelReloader(Func<IModel> find, string? path, ILogger<ModelReloader> logger) : BackgroundService
{
    // The time for which a file must stay unchanged before it is loaded, because a file changes many times while it is copied.
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
            // The watch starts before the file is read, so that a change during the reading is detected.
            change = files.Watch(Path.GetFileName(watched));
            var now = await SettleAsync(files, watched, stoppingToken).ConfigureAwait(false);
            if (now is not null && now != last)
                Reload(model, file);
            last = now;
        }
    }

    private string? FileOf(IModel model) => path is not null ? Path.GetFullPath(path) : model.Signature.Location.FilePath;

    // Returns the file to watch. A model that is cut into stages has several files, and the file of the last stage is watched because the build writes it last.
    private static string Watched(string file, int stages) =>
        stages == 0 || File.Exists(file) ? file : Path.ChangeExtension(file, string.Create(CultureInfo.InvariantCulture, $"{stages}{Path.GetExtension(file)}"));

    private void Reload(IModel model, string file)
    {
        try
        {
            model.Reload(file);
            LogReloaded(logger, model.Signature.Name, file);
        }
#pragma warning disable CA1031 // After any exception, the previous model stays in use, and the file is still watched.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception, model.Signature.Name, file);
        }
    }

    /// <summary>Waits until the file has not changed for a while, and returns its length and time of modification; null when the file does not exist.</summary>
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

    [LoggerMessage(Level = LogLevel.Information, Message = "The model {Model} was reloaded from {File}.")]
    private static partial void LogReloaded(ILogger logger, string model, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "The model {Model} is unchanged, because the changed file {File} cannot be loaded.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string model, string file);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The model {Model} has no file to watch, because it is embedded or not deployed, or its folder does not exist."
    )]
    private static partial void LogNoFile(ILogger logger, string model);
}
