using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace ModelBuild.Runtime;

/// <summary>Where a project deploys a model.</summary>
public sealed class ModelLocation
{
    private readonly Assembly? _owner;

    private ModelLocation(string? path, Assembly? assembly, Assembly? owner)
    {
        Path = path;
        Assembly = assembly;
        _owner = owner;
    }

    /// <summary>The project deploys nothing: a path or bytes must be given.</summary>
    public static ModelLocation None { get; } = new(null, null, null);

    /// <summary>The path relative to the application's folder, or the resource's name; null when nothing is deployed.</summary>
    public string? Path { get; }

    /// <summary>The assembly that has the model as a resource; null when it is a file.</summary>
    public Assembly? Assembly { get; }

    /// <summary>
    /// The absolute path of the file: where it is, or where it belongs when it is missing; null for a resource, and when nothing is deployed.
    /// </summary>
    public string? FilePath
    {
        get
        {
            if (Path is not { } path || Assembly is not null)
                return null;
            string[] places = [.. Folders.Select(folder => System.IO.Path.GetFullPath(path, folder))];
            // Of a model in stages only the parts are there.
            return Array.Find(places, System.IO.File.Exists)
                ?? Array.Find(places, place => Directory.Exists(System.IO.Path.GetDirectoryName(place)))
                ?? places[0];
        }
    }

    /// <summary>
    /// The folders that <see cref="Path"/> of a file may start at, in the order of search: that of the assembly with the model's class, which is
    /// not the application's where the assembly is a plug-in, and that of the application.
    /// </summary>
    [UnconditionalSuppressMessage(
        "SingleFile",
        "IL3000",
        Justification = "In a single file the assembly has no folder, and the application's is the only one."
    )]
    internal IReadOnlyList<string> Folders
    {
        get
        {
            var application = AppContext.BaseDirectory;
            return
                _owner is { IsDynamic: false, Location.Length: > 0 } owner
                && System.IO.Path.GetDirectoryName(owner.Location) is { } folder
                && !System.IO.Path.GetFullPath(folder).Equals(System.IO.Path.TrimEndingDirectorySeparator(application), StringComparison.Ordinal)
                ? [folder, application]
                : [application];
        }
    }

    /// <summary>A file beside the application.</summary>
    public static ModelLocation File(string path) => new(path, null, null);

    /// <summary>A file beside the assembly with the model's class, or beside the application.</summary>
    public static ModelLocation File(Assembly owner, string path) => new(path, null, owner);

    /// <summary>A resource of an assembly.</summary>
    public static ModelLocation Resource(Assembly assembly, string name) => new(name, assembly, null);
}
