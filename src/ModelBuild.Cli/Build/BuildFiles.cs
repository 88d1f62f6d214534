using System.Text;

namespace ModelBuild.Cli.Build;

/// <summary>
/// Writes files into the build's intermediate folder. A file is written completely or not at all, and only if its content differs, so that build steps that
/// depend on it do not run needlessly.
/// </summary>
internal static class BuildFiles
{
    public static void Write(string path, byte[] content)
    {
        if (File.Exists(path) && content.AsSpan().SequenceEqual(File.ReadAllBytes(path)))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));

    /// <summary>Writes the list of files that a model's results depend on. The build compares these files to decide whether the results are current.</summary>
    public static void WriteInputs(ModelRequest request, IEnumerable<string> files) =>
        Write(request.Files.Inputs, string.Concat(files.Distinct(StringComparer.Ordinal).Select(file => file + "\n")));

    /// <summary>Returns the files that both build phases read: the model, its external data, the files that describe it, and the labels.</summary>
    public static IEnumerable<string> SharedInputs(ModelRequest request, IReadOnlyList<string> externalFiles, IReadOnlyList<string> descriptions) =>
        [request.Model, .. externalFiles, .. descriptions, .. File.Exists(request.Labels) ? [request.Labels] : Array.Empty<string>()];
}
