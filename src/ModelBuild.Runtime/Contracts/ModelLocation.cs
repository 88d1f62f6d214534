using System.Reflection;

namespace ModelBuild.Runtime;

/// <summary>Where a project deploys a model.</summary>
public sealed class ModelLocation
{
    private ModelLocation(string? path, Assembly? assembly)
    {
        Path = path;
        Assembly = assembly;
    }

    /// <summary>The project deploys nothing: a path or bytes must be given.</summary>
    public static ModelLocation None { get; } = new(null, null);

    /// <summary>The path relative to the application's folder, or the resource's name; null when nothing is deployed.</summary>
    public string? Path { get; }

    /// <summary>The assembly that has the model as a resource; null when it is a file.</summary>
    public Assembly? Assembly { get; }

    /// <summary>A file beside the application.</summary>
    public static ModelLocation File(string path) => new(path, null);

    /// <summary>A resource of an assembly.</summary>
    public static ModelLocation Resource(Assembly assembly, string name) => new(name, assembly);
}
