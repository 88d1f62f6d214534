using Microsoft.Build.Framework;

namespace ModelBuild.Tasks.State;

/// <summary>
/// Represents the file in which the processes of one build share the state of the remote cache, so that a server that does not work gets one request, and not
/// one for each project. MSBuild keeps the object for the build, in each of its processes, and disposes it at the end.
/// </summary>
internal sealed class RemoteCacheFile : IDisposable
{
    private const string Key = "ModelBuild.RemoteCacheFile";

    private static readonly object _lock = new();

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"modelbuild-{Path.GetRandomFileName()}");

    private RemoteCacheFile() { }

    /// <summary>Returns the path of the file with the state, which may not exist; null if the engine cannot keep objects during a build.</summary>
    public static string? Of(IBuildEngine engine)
    {
        if (engine is not IBuildEngine4 objects)
            return null;
        lock (_lock)
        {
            // The path of a registered object is read by ToString, because an object of another version of this assembly has another type.
            if (objects.GetRegisteredTaskObject(Key, RegisteredTaskObjectLifetime.Build) is { } known)
                return known.ToString();
            var made = new RemoteCacheFile();
            objects.RegisterTaskObject(Key, made, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
            return made._path;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _path;

    /// <summary>Deletes the file.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A program that was cancelled may still write the file, so that it cannot be deleted. It then stays in the temporary folder of the operating
            // system.
        }
    }
}
