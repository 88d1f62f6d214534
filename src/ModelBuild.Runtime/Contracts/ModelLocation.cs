using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace ModelBuild.Runtime;

/// <summary>Represents the place where a project deploys a model.</summary>
public sealed class ModelLocation
{
    private readonly Assembly? _owner;

    private ModelLocation(string? path, Assembly? assembly, Assembly? owner)
    {
        Path = path;
        Assembly = assembly;
        _owner = owner;
    }

    /// <summary>Gets the location of a model that the project does not deploy. The caller must pass a path or bytes.</summary>
    public static ModelLocation None { get; } = new(null, null, null);

    /// <summary>Gets the path relative to the application's folder, or the name of the resource; null when the model is not deployed.</summary>
    public string? Path { get; }

    /// <summary>Gets the assembly that contains the model as a resource; null for a file.</summary>
    public Assembly? Assembly { get; }

    /// <summary>
    /// Gets the absolute path of the file: its path if it exists, otherwise the path where it is expected; null for a resource and when the model is not
    /// deployed.
    /// </summary>
    public string? FilePath
    {
        get
        {
            if (Path is not { } path || Assembly is not null)
                return null;
            string[] places = [.. Folders.Select(folder => System.IO.Path.GetFullPath(path, folder))];
            // A model that is cut into stages has only the files of its stages, so the existence of the folder is tested.
            return Array.Find(places, System.IO.File.Exists)
                ?? Array.Find(places, place => Directory.Exists(System.IO.Path.GetDirectoryName(place)))
                ?? places[0];
        }
    }

    /// <summary>
    /// Gets the folders to which the path of a file may be relative, in the order of the search: the folder of the assembly that contains the generated class,
    /// when it differs from the application's folder (as for a plug-in), and the application's folder.
    /// </summary>
    [UnconditionalSuppressMessage(
        "SingleFile",
        "IL3000",
        Justification = "In a single-file application the assembly has no folder, and only the application's folder is searched."
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

    /// <summary>Opens a file or resource that is deployed beside the model and whose path differs from the model's path in the extension only.</summary>
    /// <param name="extension">The extension with its period, such as <c>.tokenizer</c>.</param>
    /// <returns>The content.</returns>
    /// <exception cref="FileNotFoundException">The file or resource does not exist, or the model is not deployed.</exception>
    public Stream OpenBeside(string extension)
    {
        if (Path is not { } model)
            throw new FileNotFoundException("The project does not deploy the model (Deploy=\"none\"), so that there are no files beside it.");
        var path = System.IO.Path.ChangeExtension(model, extension);
        if (Assembly is { } assembly)
            return assembly.GetManifestResourceStream(path)
                ?? throw new FileNotFoundException(
                    $"The assembly {assembly.GetName().Name} has no resource '{path}'. Rebuild the project that contains it.",
                    path
                );
        string[] places = [.. Folders.Select(folder => System.IO.Path.GetFullPath(path, folder))];
        return Array.Find(places, System.IO.File.Exists) is { } full
            ? System.IO.File.OpenRead(full)
            : throw new FileNotFoundException(
                $"There is no file '{string.Join("' or '", places)}', where the build puts it. Build or publish the application again, or copy the folder "
                    + $"'{System.IO.Path.GetDirectoryName(path)}' along with it.",
                places[0]
            );
    }

    /// <summary>Creates the location of a file in the application's folder.</summary>
    /// <param name="path">The path relative to that folder.</param>
    /// <returns>The location.</returns>
    public static ModelLocation File(string path) => new(path, null, null);

    /// <summary>Creates the location of a file in the folder of an assembly or in the application's folder.</summary>
    /// <param name="owner">The assembly that contains the generated class.</param>
    /// <param name="path">The path relative to the folder.</param>
    /// <returns>The location.</returns>
    public static ModelLocation File(Assembly owner, string path) => new(path, null, owner);

    /// <summary>Creates the location of a resource.</summary>
    /// <param name="assembly">The assembly that contains the resource.</param>
    /// <param name="name">The name of the resource.</param>
    /// <returns>The location.</returns>
    public static ModelLocation Resource(Assembly assembly, string name) => new(name, assembly, null);
}
