using ModelBuild.Testing;
using Mono.Cecil;

namespace ModelBuild.Architecture.Tests;

/// <summary>
/// Finds the folder of a type by the name of its file. Public types of ModelBuild.Runtime have the root's namespace in every folder, so that users need one
/// using directive; their folders still have a direction.
/// </summary>
internal sealed class SourceFolders
{
    private readonly string _project;
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <summary>Reads the names of the source files of a project.</summary>
    public SourceFolders(string project)
    {
        _project = project;
        foreach (var file in SourceFiles.Under($"src/{project}"))
            _folders.TryAdd(Path.GetFileName(file).Split('.')[0], Path.GetDirectoryName(file)!.Replace(Path.DirectorySeparatorChar, '.'));
    }

    /// <summary>The top folder of a type, empty for the project's own folder; null for types without a file of their own, and of other projects.</summary>
    public string? Of(TypeReference type)
    {
        if (!type.Namespace.StartsWith(_project, StringComparison.Ordinal))
            return type.Namespace.StartsWith("ModelBuild.Protocol", StringComparison.Ordinal) ? "Protocol" : null;
        var name = type.Name.Split('`');
        return (name.Length > 1 ? _folders.GetValueOrDefault(name[0] + "OfT") : null) is { } generic ? Top(generic)
            : _folders.TryGetValue(name[0], out var folder) ? Top(folder)
            : Top(type.Namespace[_project.Length..].TrimStart('.'));
    }

    private static string Top(string folder) => folder.Split('.')[0];
}
