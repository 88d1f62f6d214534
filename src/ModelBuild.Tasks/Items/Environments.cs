namespace ModelBuild.Tasks.Items;

/// <summary>Detects folders of Python environments, which may have any name, inside the project.</summary>
/// <param name="projectFolder">The absolute folder of the project.</param>
internal sealed class Environments(string projectFolder)
{
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>Returns whether a file is in a Python environment below the project's folder.</summary>
    public bool Contain(string path)
    {
        var folder = Path.GetDirectoryName(path);
        if (folder is null || !Paths.IsInside(projectFolder, folder))
            return false;
        if (!_known.TryGetValue(folder, out var contained))
        {
            contained = File.Exists(Path.Combine(folder, "pyvenv.cfg")) || Directory.Exists(Path.Combine(folder, "conda-meta")) || Contain(folder);
            _known.Add(folder, contained);
        }

        return contained;
    }
}
