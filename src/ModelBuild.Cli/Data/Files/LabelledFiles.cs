namespace ModelBuild.Cli.Data.Files;

/// <summary>Finds the class of each file by the name of its folder, if all files are in folders that have the names of classes.</summary>
internal static class LabelledFiles
{
    /// <summary>Returns each file with the index of its class.</summary>
    /// <param name="files">The files.</param>
    /// <param name="classes">The classes.</param>
    /// <returns>The files. The class is -1 for all of them if a folder does not have the name of a class.</returns>
    public static IReadOnlyList<LabelledFile> Of(IReadOnlyList<string> files, ClassNames classes)
    {
        var found = files.Select(file => new LabelledFile(file, classes.Find(Path.GetFileName(Path.GetDirectoryName(file)) ?? ""))).ToList();
        return found.TrueForAll(file => file.Class >= 0) ? found : [.. found.Select(file => file with { Class = -1 })];
    }
}
