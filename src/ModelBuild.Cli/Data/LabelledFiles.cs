namespace ModelBuild.Cli.Data;

/// <summary>The class of a file is the name of its folder, if all files are in folders that have the names of classes.</summary>
internal static class LabelledFiles
{
    /// <summary>Returns each file with the index of its class.</summary>
    /// <param name="files">The files.</param>
    /// <param name="labels">The names of the classes; empty if there are none.</param>
    /// <returns>The files. The class is -1 for all of them if a folder does not have the name of a class.</returns>
    public static IReadOnlyList<(string File, int Class)> Of(IReadOnlyList<string> files, IReadOnlyList<string> labels)
    {
        var classes = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < labels.Count; i++)
            classes.TryAdd(labels[i], i);
        var found = files.Select(file => (File: file, Class: classes.GetValueOrDefault(Path.GetFileName(Path.GetDirectoryName(file)) ?? "", -1))).ToList();
        return found.TrueForAll(file => file.Class >= 0) ? found : [.. found.Select(file => (file.File, -1))];
    }
}
