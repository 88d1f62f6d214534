namespace ModelBuild.Protocol;

/// <summary>The files by which the program reports its work on models while a terminal shows them.</summary>
internal static class ProgressLines
{
    /// <summary>What the last line starts with. The summary of the result follows, and nothing where the model failed.</summary>
    public const char End = '=';

    /// <summary>The file of one model.</summary>
    /// <param name="folder">The folder of all progress files.</param>
    /// <param name="id">The model's class name.</param>
    public static string Path(string folder, string id) => System.IO.Path.Combine(folder, id + ".progress");
}
